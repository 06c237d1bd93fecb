"""Periodic work: APScheduler keeps the time, a row in `q_turn` decides which of several processes does it.

The process that moves a task's `due` on leads that turn; the others see that it is not due. No lock is held while the work runs and
no process leads for longer than a turn, so a frozen or killed one delays a task by one period at most. Work given here only enqueues,
or calls what may safely run twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]  # it ships none

from pixelstudio.core.log import get_logger
from pixelstudio.jobs.claim import Script
from pixelstudio.jobs.statements import STATEMENTS, Statements

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database

EARLY = 0.9
"""A turn is over after this share of its period: timers of several processes drift, and a turn missed by a hair is a turn lost."""


class Schedule:
    """The periodic tasks of one process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._scheduler: Any = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` once every `seconds` over all processes, spread by a tenth. A failed turn waits for the next."""

        async def turn() -> None:
            await self.turn(name, seconds, work)

        self._scheduler.add_job(turn, "interval", seconds=seconds, jitter=seconds / 10, id=name, max_instances=1, coalesce=True)

    async def turn(self, name: str, period_s: float, work: Callable[[], Awaitable[object]]) -> bool:
        """Do `work` if it is this process's turn; whether it was."""
        script = _take_turn(STATEMENTS[self._db.dialect], name, period_s * EARLY, self._db.clock.epoch())
        if not await self._db.script(script, first=False):
            return False
        await work()
        get_logger().debug("schedule.done", task=name)
        return True

    def start(self) -> None:
        """Begin keeping the time; needs a running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no further turn."""
        self._scheduler.shutdown(wait=False)


def _take_turn(sql: Statements, name: str, period_s: float, now: float) -> Script[bool]:
    return bool((yield sql.take_turn, {"name": name, "period_s": period_s, "now": now}))
