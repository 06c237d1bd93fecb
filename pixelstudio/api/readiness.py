"""Whether this server can do its work: a migrated database that answers, a place that takes pictures, and nobody who told it to stop.

Anybody may ask, and looking costs a write to the disk: one look serves everybody who asks within two seconds.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Final

from pixelstudio.core.errors import PixelStudioError, Unavailable
from pixelstudio.core.lag import LoopLag
from pixelstudio.db.revision import head_revision, revision_of

if TYPE_CHECKING:
    from pixelstudio.studio import Studio

FRESH_S: Final = 2.0
_PATIENCE_S: Final = 3.0
_PROBE_BYTES: Final = 4_096


@dataclass(slots=True)
class Readiness:
    """What was last found, and when. One for a server; `draining` is set by whoever tells it to stop, `lag` run by whoever opens it."""

    draining: Event = field(default_factory=Event)
    lag: LoopLag = field(default_factory=LoopLag)
    _looked_at: float = -FRESH_S
    _fault: PixelStudioError | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ensure(self, studio: Studio) -> None:
        """Return when all is well; raise `Unavailable` with the code of what is not."""
        if self.draining.is_set():
            raise Unavailable("This server is about to stop.", code="draining")
        async with self._looking:
            if studio.clock.monotonic() - self._looked_at >= FRESH_S:
                self._fault = await _fault_of(studio)
                self._looked_at = studio.clock.monotonic()
        if self._fault is not None:
            raise self._fault


async def _fault_of(studio: Studio) -> PixelStudioError | None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await _database_is_current(studio)
            await _storage_takes_pictures(studio)
    except PixelStudioError as error:
        return error
    except TimeoutError:
        return Unavailable("The database or the picture folder does not answer in time.", code="not_ready")
    return None


async def _database_is_current(studio: Studio) -> None:
    async with studio.db.reader() as reader:
        if await revision_of(reader) != head_revision():
            raise Unavailable("The database is not at the revision of this release.", code="not_migrated")


async def _storage_takes_pictures(studio: Studio) -> None:
    digest = await studio.storage.put(secrets.token_bytes(_PROBE_BYTES))
    await studio.storage.delete(digest)
