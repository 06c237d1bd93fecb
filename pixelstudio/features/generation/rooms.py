"""Room for the bytes of pictures: few drawings at a time have theirs in memory, however many come to their end at once."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

DRAWINGS_AT_ONCE: Final = 6
"""What one of them brings takes some twenty megabytes until it is stored; the others' wait in the network. Our children take in two at a time."""


class Place:
    """As `providers.contract.Room`, for one drawing."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._is_taken = False

    async def take(self) -> None:
        """Wait for it; at once when it is taken already."""
        if not self._is_taken:
            await self._free.acquire()
            self._is_taken = True

    def leave(self) -> None:
        """Give it to whoever waits. Safe to repeat."""
        if self._is_taken:
            self._is_taken = False
            self._free.release()


class Rooms:
    """All there is in this process. Belongs to one event loop."""

    def __init__(self, places: int = DRAWINGS_AT_ONCE) -> None:
        self._free = asyncio.Semaphore(places)

    @contextmanager
    def one(self) -> Generator[Place]:
        """A place that is not taken yet, left at the end of the block at the latest."""
        place = Place(self._free)
        try:
            yield place
        finally:
            place.leave()
