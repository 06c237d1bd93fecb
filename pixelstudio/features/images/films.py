"""Films of pictures being drawn: cut beside the work, once the picture itself hangs, from the previews its drawing showed.

A film is a pleasure, not a record. What is to be cut waits in a folder, so that it outlives the process that drew; if somebody draws faster
than films are cut, the picture that has waited longest simply has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.log import get_logger
from pixelstudio.features.images.pictures import image_in_slot
from pixelstudio.features.images.renditions import StoredFile, add_film, rendition_to_cut
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
UNHUNG_S: Final = 600.0
"""A drawing whose picture does not hang by then never will."""
_LENGTH: Final = struct.Struct(">I")


class FilmCutter:
    """Keeps what was seen of each drawing in `folder`; `run` makes one film at a time."""

    def __init__(self, studio: Studio, folder: Path, *, pause_s: float = PAUSE_S) -> None:
        self._studio = studio
        self._folder = folder
        self._pause_s = pause_s
        self._some = asyncio.Event()

    async def keep(self, generation_id: str, slot: int, previews: Sequence[bytes]) -> None:
        """Keep the previews of the drawing for this slot, before its picture has a row. Never fails: the picture is worth more."""
        try:
            if previews:
                await asyncio.to_thread(_write, self._folder, f"{generation_id}-{slot}", previews)
        except OSError as error:
            get_logger().warning("film.not_kept", error=type(error).__name__)

    def wake(self) -> None:
        """Have films made some time soon. Call when a picture's rows are committed."""
        self._some.set()

    async def run(self) -> None:
        """Make films until cancelled, first those that an earlier process left."""
        while True:
            await self.make_all()
            await self._some.wait()
            await asyncio.sleep(self._pause_s)

    async def make_all(self) -> None:
        """Make every film that is waiting now and whose picture hangs."""
        self._some.clear()
        for path in await asyncio.to_thread(_waiting, self._folder):
            try:
                is_over = await self._make(path)
            except (PixelStudioError, SQLAlchemyError, OSError) as error:  # a film is not worth a worker: the picture is safe
                get_logger().warning("film.not_made", code=getattr(error, "code", None), error=type(error).__name__)
                is_over = True
            if is_over:
                await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _make(self, path: Path) -> bool:
        """Make one film; False when its picture does not hang yet."""
        generation_id, _, slot = path.stem.partition("-")
        async with self._studio.db.reader() as reader:
            image_id = await image_in_slot(reader, generation_id, int(slot))
            digest = await rendition_to_cut(reader, image_id, str(SIDE_PX)) if image_id else None
        if image_id is None:
            return self._studio.clock.epoch() - (await asyncio.to_thread(path.stat)).st_mtime > UNHUNG_S
        if digest is not None:
            await self._cut(image_id, await asyncio.to_thread(_read, path), await self._studio.storage.get(digest))
        return True

    async def _cut(self, image_id: str, previews: Sequence[bytes], picture: bytes) -> None:
        film = await film_of(self._studio.children, previews, picture)
        if film is None:
            return
        stored = await self._studio.storage.put(film.data)
        async with self._studio.db.transaction() as tx:
            await add_film(tx, image_id, StoredFile.of(film, stored))
        get_logger().info("film.made", image_id=image_id, size_bytes=len(film.data))


def _waiting(folder: Path) -> list[Path]:
    """The drawings that wait, the one that has waited longest first."""
    dated: list[tuple[float, Path]] = []
    for path in folder.glob("*.previews"):
        with contextlib.suppress(FileNotFoundError):  # another worker has made this one, or it gave way just now
            dated.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(dated)]


def _write(folder: Path, name: str, previews: Sequence[bytes]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(b"".join(_LENGTH.pack(len(preview)) + preview for preview in previews))
    unfinished.replace(unfinished.with_suffix(".previews"))
    for path in _waiting(folder)[:-WAITING_MAX]:
        path.unlink(missing_ok=True)


def _read(path: Path) -> list[bytes]:
    content, at, previews = path.read_bytes(), 0, list[bytes]()
    while at < len(content):
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size + length
        previews.append(content[at - length : at])
    return previews
