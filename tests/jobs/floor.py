"""The shop floor of the queue's tests: a kind that does as told, runners, and looks at the rows."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from pixelstudio.core.events import Event, event_kind
from pixelstudio.db.engine import Database
from pixelstudio.db.transaction import Transaction
from pixelstudio.jobs import claim
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import Job
from pixelstudio.jobs.kind import JobContext, Outcome
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import enqueue
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.jobs.statements import STATEMENTS

LANE = "bench"
QUICK = Pace(lease_s=1.0, beat_s=0.2, poll_min_s=0.3, poll_max_s=0.5, backoff=Backoff(base_s=0.02, cap_s=0.1))

PATIENT = replace(QUICK, lease_s=10.0)
"""For tests that count attempts and are not about leases: a machine under load must not cost one."""


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Event):
    """What `ended` wrote: an outbox row is the domain row of these tests."""

    name = "test.settled"
    job_id: int
    outcome: str


async def nothing(_context: JobContext) -> object:
    return None


async def forever(_context: JobContext) -> object:
    await asyncio.Event().wait()
    return None


class Chore:
    """A kind that does what the test says and keeps count of what happened."""

    def __init__(self, work: Callable[[JobContext], Awaitable[object]] = nothing, *, name: str = "chore", timeout_s: float = 30.0) -> None:
        self.name = name
        self.timeout_s = timeout_s
        self.max_attempts = 3
        self.started: Counter[int] = Counter()
        self.settled: list[tuple[int, Outcome]] = []
        self.refuse_end = 0
        self._work = work

    async def run(self, context: JobContext) -> object:
        self.started[context.job.id] += 1
        return await self._work(context)

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        await tx.publish(Settled(job_id=job.id, outcome=type(outcome).__name__))
        if self.refuse_end > 0:
            self.refuse_end -= 1
            raise RuntimeError("the end was refused")
        tx.after_commit(lambda: self.settled.append((job.id, outcome)))


def a_runner(db: Database, *kinds: Any, pace: Pace = QUICK, concurrency: int = 4, lane: Lane | None = None) -> Runner:
    return Runner(
        db, {kind.name: kind for kind in kinds}, [lane or Lane(LANE, 10)], ProgressBoard(db.bus), concurrency=concurrency, pace=pace
    )


@contextlib.asynccontextmanager
async def running(*runners: Runner) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(runner.run()) for runner in runners]
    try:
        yield
    finally:
        for runner in runners:
            runner.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def eventually(claim_holds: Callable[[], Any], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not ((await held) if asyncio.iscoroutine(held := claim_holds()) else held):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # rows are looked at: nothing sets an event for them


async def put(db: Database, kind: str = "chore", *, lane: str = LANE, **fields: Any) -> int:
    async with db.transaction() as tx:
        return await enqueue(tx, kind=kind, lane=lane, **fields)


async def take(db: Database, *, worker: str = "w1", wanted: int = 10, lease_s: float = 10.0, lane: Lane | None = None) -> list[Job]:
    """Claim by hand, as a worker would."""
    sql, line = STATEMENTS[db.dialect], lane or Lane(LANE, 1_000)
    await db.script(claim.declare(sql, [line]))
    hand = claim.Hand(worker, wanted, lease_s, db.clock)
    return (await db.script(claim.pump(sql, lane=line.id, ended=[], hand=hand))).jobs


async def select(db: Database, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    async with db.reader() as reader:
        return [tuple(row) for row in await reader.exec(text(sql), parameters)]


async def change(db: Database, sql: str, **parameters: Any) -> None:
    async with db.transaction() as tx:
        await tx.exec(text(sql), parameters)


async def state_of(db: Database, job_id: int) -> int:
    return (await select(db, "SELECT state FROM q_job WHERE id=:id", id=job_id))[0][0]


async def states(db: Database, ids: Iterable[int]) -> list[int]:
    return [await state_of(db, job_id) for job_id in ids]


async def settled_rows(db: Database) -> int:
    return (await select(db, "SELECT count(*) FROM outbox WHERE name='test.settled'"))[0][0]


async def expire_leases(db: Database) -> None:
    await change(db, "UPDATE q_job SET lease_until=lease_until-1000 WHERE lease_until IS NOT NULL")
