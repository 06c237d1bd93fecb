"""The one write lane of this process: SQLite takes one writer at a time, so writers stand in line here, not in busy loops.

Two classes: the queue's pump, beats and marks go first, everybody else then. On Postgres the lane lets everybody pass.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class WriteLane:
    """A lock with two lines of waiters; the first line is served before the other."""

    def __init__(self, *, open_to_all: bool) -> None:
        self._open_to_all = open_to_all
        self._held = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._then: deque[asyncio.Future[None]] = deque()

    @contextlib.asynccontextmanager
    async def turn(self, *, first: bool = False) -> AsyncGenerator[None]:
        """Hold the lane for the block."""
        if self._open_to_all:
            yield
            return
        await self._acquire(self._first if first else self._then)
        try:
            yield
        finally:
            self._release()

    async def _acquire(self, line: deque[asyncio.Future[None]]) -> None:
        if not self._held:
            self._held = True
            return
        waiter = asyncio.get_running_loop().create_future()
        line.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._release()  # the turn was handed over in the moment of cancelling: pass it on
            else:
                with contextlib.suppress(ValueError):
                    line.remove(waiter)
            raise

    def _release(self) -> None:
        for line in (self._first, self._then):
            while line:
                waiter = line.popleft()
                if not waiter.done():
                    waiter.set_result(None)
                    return
        self._held = False
