"""Films of pictures being drawn: cut beside the work, once the picture itself hangs, from the previews its drawing showed.

A film is a pleasure, not a record. What is waiting lives in the memory of the process that drew; if that ends first, or somebody draws
faster than films are cut, a picture simply has none.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.log import get_logger
from pixelstudio.features.images.pictures import StoredFile, add_film, rendition_to_cut
from pixelstudio.imaging.film import SIDE_PX, film_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.studio import Studio

WAITING_MAX: Final = 48
"""Of about 100 KB each; the oldest gives way."""
PREVIEWS_KEPT: Final = 32
"""Of one drawing; what comes after them is seen on the page alone."""
PAUSE_S: Final = 0.4
"""How long the film of a picture just hung waits: the picture is on its way to a screen, and nothing may come before it."""


class FilmCutter:
    """Takes in what was seen of each drawing; `run` makes one film at a time."""

    def __init__(self, studio: Studio, *, pause_s: float = PAUSE_S) -> None:
        self._studio = studio
        self._pause_s = pause_s
        self._waiting: deque[tuple[str, tuple[bytes, ...]]] = deque(maxlen=WAITING_MAX)
        self._some = asyncio.Event()

    def take(self, image_id: str, previews: Sequence[bytes]) -> None:
        """Have the film of this picture made some time soon. Call when the picture's rows are committed."""
        if previews:
            self._waiting.append((image_id, tuple(previews)))
            self._some.set()

    async def run(self) -> None:
        """Make films until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(self._pause_s)
            await self.make_all()

    async def make_all(self) -> None:
        """Make every film that is waiting now."""
        self._some.clear()
        while self._waiting:
            image_id, previews = self._waiting.popleft()
            try:
                await self._make(image_id, previews)
            except (PixelStudioError, SQLAlchemyError, OSError) as error:  # a film is not worth a worker: the picture is safe
                get_logger().warning("film.not_made", code=getattr(error, "code", None), error=type(error).__name__)

    async def _make(self, image_id: str, previews: Sequence[bytes]) -> None:
        async with self._studio.db.reader() as reader:
            digest = await rendition_to_cut(reader, image_id, str(SIDE_PX))
        if digest is None:
            return
        film = await film_of(self._studio.children, previews, await self._studio.storage.get(digest))
        if film is None:
            return
        stored = await self._studio.storage.put(film.data)
        async with self._studio.db.transaction() as tx:
            await add_film(tx, image_id, StoredFile(stored, film.media_type, film.width, film.height, len(film.data)))
        get_logger().info("film.made", image_id=image_id, size_bytes=len(film.data))
