"""Our queue in the contest: `python -m tests.benchmarks.queue.ours <verb> <url>`."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import sys
import time
from typing import TYPE_CHECKING

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.collection import collect_seldom
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import new_id
from pixelstudio.core.log import set_up_logging
from pixelstudio.db.engine import Database
from pixelstudio.features.credits.ledger import grant
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.gathering import Gathering
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import NewJob, enqueue, enqueue_many
from pixelstudio.jobs.runner import Runner
from tests.benchmarks.queue.station import CALLERS, CONCURRENCY, main
from tests.benchmarks.queue.trace import Trace
from tests.factories import a_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixelstudio.core.ids import UserId
    from pixelstudio.jobs.kind import JobContext

LANE = Lane("bench", 10_000)


class Note:
    """A plain kind: notes that it starts, and after how long."""

    name = "note"
    timeout_s = 60.0
    max_attempts = 3

    def __init__(self, started: Callable[[float], None]) -> None:
        self._started = started

    async def run(self, context: JobContext) -> object:
        self._started(context.job.params["moment"])
        return None


class Ours:
    """By the door for callers who have nothing else to commit."""

    async def open(self, url: str) -> None:
        self._db = await Database.open(url, SystemClock(), Bus())
        self._door = Gathering(self._db)
        self._people = itertools.cycle(f"person{n}" for n in range(4 * CALLERS))

    async def put(self, moment: float) -> None:
        await self._door.put([self._job(moment)])

    async def fill(self, jobs: int) -> None:
        for first in range(0, jobs, 1_000):
            async with self._db.transaction() as tx:
                await enqueue_many(tx, [self._job(0.0) for _ in range(first, min(first + 1_000, jobs))])

    async def work(self, started: Callable[[float], None]) -> None:
        await self._run(Note(started))

    async def _run(self, kind: Note) -> None:
        runner = Runner(self._db, {kind.name: kind}, [LANE], ProgressBoard(self._db.bus), concurrency=CONCURRENCY)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._db.doorbell.listen())
            working = group.create_task(runner.run())
            try:
                await asyncio.shield(working)
            finally:
                runner.stop()
                await working
                listening.cancel()

    def _job(self, moment: float) -> NewJob:
        return NewJob(kind=Note.name, lane=LANE.id, user_id=next(self._people), params={"moment": moment})


class OursWithRow(Ours):
    """As a studio uses it: the job beside a domain row, in its commit."""

    async def open(self, url: str) -> None:
        await super().open(url)
        self._somebody: UserId = (await a_user(self._db, f"u{new_id()[:10]}")).id

    async def put(self, moment: float) -> None:
        async with self._db.transaction() as tx:
            await grant(tx, self._somebody, 1, key=new_id())
            await enqueue(tx, kind=Note.name, lane=LANE.id, user_id=self._somebody, params={"moment": moment})


class OursTraced(Ours):
    """Notes what a job's wait for its start goes into."""

    async def open(self, url: str) -> None:
        await super().open(url)
        self._trace = Trace(url)
        atexit.register(self._trace.write)

    async def put(self, moment: float) -> None:
        await super().put(moment)
        self._trace.note("put", moment, time.time())

    async def work(self, started: Callable[[float], None]) -> None:
        def begun(moment: float) -> None:
            started(moment)
            self._trace.note("began", moment, time.time())

        self._trace.attend(self._db)
        try:
            await self._run(Note(begun))
        finally:
            self._trace.write()  # whoever has heard a worker's answer does not wait for the end of its process


class OursHolding(Ours):
    """Jobs that take a minute."""

    async def work(self, started: Callable[[float], None]) -> None:
        async def hold(context: JobContext) -> object:
            started(context.job.params["moment"])
            await asyncio.sleep(60)
            return None

        kind = Note(started)
        kind.run = hold
        await self._run(kind)


if __name__ == "__main__":
    set_up_logging("error")
    collect_seldom()  # as our commands do
    queues = {"ours": Ours, "ours-with-row": OursWithRow, "ours-traced": OursTraced, "ours-holding": OursHolding}
    main(queues[sys.argv[1]](), *sys.argv[2:])
