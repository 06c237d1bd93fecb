"""Hearing others: what other processes on the same database did comes to this one's bus, and what is cached follows it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from pixelstudio.bootstrap.tasks import beside
from pixelstudio.db.relay import OutboxRelay

if TYPE_CHECKING:
    from pixelstudio.caching.cache import Cache
    from pixelstudio.studio import Studio


@contextlib.asynccontextmanager
async def hearing_others(studio: Studio) -> AsyncGenerator[None]:
    """Bring the facts and rings of other processes to this one's bus while the block runs; what is cached follows them."""
    async with beside(studio.db.doorbell.listen()), beside(OutboxRelay(studio.db).run()), _following(studio.cache):
        yield


@contextlib.asynccontextmanager
async def _following(cache: Cache | None) -> AsyncGenerator[None]:
    async with beside(cache.follow()) if cache else contextlib.nullcontext():
        yield
