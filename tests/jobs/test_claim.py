"""Taking jobs: each once, in order, never above the lane's limit; a stale fence writes nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from pixelstudio.core.clock import FrozenClock, SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.db.script import Script, Settled
from pixelstudio.jobs import claim
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.errors import LeaseLost
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Done
from pixelstudio.jobs.queue import NewJob, enqueue_many
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.upkeep import look, rescue
from tests.jobs.floor import (
    LANE,
    PATIENT,
    Chore,
    a_call,
    a_runner,
    change,
    eventually,
    expire_leases,
    put,
    running,
    select,
    settled_rows,
    state_of,
    take,
)

if TYPE_CHECKING:
    from pixelstudio.jobs.kind import JobContext

T = TypeVar("T")
MANY, FEW = 3_000, 10
_READ = "SELECT seq_tup_read+idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname='q_job'"


async def test_priority_goes_first_then_the_order_of_arrival(db: Database):
    late = [await put(db, prio=2) for _ in range(2)]
    early = [await put(db, prio=1) for _ in range(3)]

    assert [job.id for job in await take(db, wanted=4)] == early + late[:1]


async def test_a_lane_takes_no_more_than_its_limit_and_no_other_lane_s_jobs(db: Database):
    for _ in range(5):
        await put(db)
        await put(db, lane="other")

    narrow = Lane(LANE, 2)
    taken = await take(db, lane=narrow)
    assert len(taken) == 2
    assert {job.lane for job in taken} == {LANE}
    assert await take(db, lane=narrow) == []


async def test_an_ended_job_frees_its_slot_in_the_commit_that_ends_it(db: Database):
    for _ in range(2):
        await put(db)
    [job] = await take(db, lane=Lane(LANE, 1))

    await end_held(db, job, {}, Done(None))

    assert len(await take(db, lane=Lane(LANE, 1))) == 1


async def test_a_parked_job_keeps_its_slot(db: Database):
    for _ in range(2):
        await put(db)
    await take(db, lane=Lane(LANE, 1))
    async with db.transaction() as tx:
        from sqlalchemy import text

        await tx.exec(text("UPDATE q_job SET state=4, lease_until=NULL WHERE state=3"))

    assert await take(db, lane=Lane(LANE, 1)) == []


async def test_an_attempt_counts_before_it_runs(db: Database):
    job_id = await put(db)

    [job] = await take(db)

    assert (job.id, job.attempt, job.fence, job.state) == (job_id, 1, 1, JobState.RUNNING)
    assert await select(db, "SELECT attempt, fence FROM q_job") == [(1, 1)]


async def test_four_workers_never_exceed_the_limit_and_run_every_job_once(database_url: str):
    async with contextlib.AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(_office(database_url)) for _ in range(4)]
        async with offices[0].transaction() as tx:
            ids = await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(120)])
        doors = _Doors()
        chore = Chore(doors.work)

        async with running(*[a_runner(office, chore, concurrency=3, lane=Lane(LANE, 5), pace=PATIENT) for office in offices]):
            await eventually(lambda: doors.inside == 5, within_s=20)
            await asyncio.sleep(0.3)
            assert doors.inside == 5
            doors.open.set()
            await eventually(lambda: len(chore.settled) == 120, within_s=60)

        assert doors.most == 5
        assert chore.started == Counter(ids)
        assert await select(offices[0], "SELECT count(*) FROM q_job WHERE fence<>1 OR attempt<>1 OR state<>5") == [(0,)]
        assert await settled_rows(offices[0]) == 120


class _Doors:
    """Work that stays inside until the doors open, and then a moment, counted."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = self.most = 0

    async def work(self, _context: JobContext) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.open.wait()
        await asyncio.sleep(0.005)
        self.inside -= 1


@contextlib.asynccontextmanager
async def _office(url: str):
    database = await Database.open(url, SystemClock(), Bus())
    yield database
    await database.close()


async def test_a_late_writer_is_fenced_with_all_it_wanted_to_write(db: Database):
    chore = Chore()
    await put(db)
    [late] = await take(db, worker="frozen")
    await expire_leases(db)
    await rescue(db, {"chore": chore})
    [again] = await take(db, worker="standby")

    with pytest.raises(LeaseLost):
        await end_held(db, late, {"chore": chore}, Done("twice"))
    assert await settled_rows(db) == 0

    await end_held(db, again, {"chore": chore}, Done("once"))
    assert chore.settled == [(late.id, Done("once"))]
    assert await settled_rows(db) == 1


async def test_every_door_of_a_held_job_is_fenced(db: Database):
    sql, now = STATEMENTS[db.dialect], db.clock.epoch()
    await put(db)
    [late] = await take(db, worker="frozen")
    await expire_leases(db)
    await rescue(db, {})
    [again] = await take(db, worker="standby")

    assert await db.script(claim.retry(sql, job=late, again=TryAgain(0, "retried", "x", "x"), now=now)) == "lost"
    assert await db.script(claim.give_back(sql, job=late, now=now)) == "lost"
    assert await db.script(claim.mark_sent(sql, job=late, call=a_call(), now=now)) == "lost"
    assert await db.script(claim.mark_sent(sql, job=again, call=a_call(), now=now)) == "moved"
    beat = await db.script(claim.beat(sql, ids=[late.id], worker="frozen", lease_s=10, now=now))
    assert beat.fences == {}
    await db.script(claim.pump(sql, lane=LANE, ended=[late], hand=claim.Hand("frozen", 0, 10, db.clock)))
    assert await state_of(db, late.id) == JobState.RUNNING


async def test_bytes_may_not_leave_once_the_lease_is_over(db: Database):
    sql = STATEMENTS[db.dialect]
    await put(db)
    [job] = await take(db)
    await expire_leases(db)

    assert await db.script(claim.mark_sent(sql, job=job, call=a_call(), now=db.clock.epoch())) == "lost"


async def test_the_limit_declared_last_counts(db: Database):
    sql = STATEMENTS[db.dialect]
    for limit in (3, 3, 7):
        await db.script(claim.declare(sql, [Lane("a", limit), Lane("b", 1)]))

    assert await select(db, "SELECT id, max_inflight FROM q_lane ORDER BY id") == [("a", 7), ("b", 1)]


@pytest.mark.parametrize("late_s", [0.05, 5.0])
async def test_who_was_frozen_with_the_time_in_hand_is_counted_all_the_same(db: Database, late_s: float):
    """On SQLite the moment is the worker's own, taken before it has the lane. Were the count begun at another's later claim, this one is overlooked."""
    lane, sql, now = Lane(LANE, 2), STATEMENTS[db.dialect], db.clock.now()
    for _ in range(3):
        await put(db)
    await db.script(claim.declare(sql, [lane]))

    async def taken(later_s: float) -> int:
        hand = claim.Hand("w1", 1, 60.0, FrozenClock(now + timedelta(seconds=later_s)))
        return len((await db.script(claim.pump(sql, lane=lane.id, ended=[], hand=hand))).jobs)

    assert [await taken(0.0), await taken(-late_s), await taken(1.0)] == [1, 1, 0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_taking_a_few_reads_a_few_whatever_the_planner_believes_of_the_table(db: Database):
    """Where a table was analyzed before it grew, Postgres read and sorted all 100,000 that waited: 110 ms, and 70 more for each look."""
    await put(db)
    [job] = await take(db)
    await end_held(db, job, {"chore": Chore()}, Done(None))
    await change(db, "ANALYZE q_job")  # nobody waits
    async with db.transaction() as tx:
        await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(MANY)])
    sql = STATEMENTS[db.dialect]
    await db.script(claim.declare(sql, [Lane(f"lane{n}", 1) for n in range(200)]))
    thorough = claim.Hand("w1", FEW, 10.0, db.clock, thorough=True)

    claimed, read = await db.script(_reading(claim.pump(sql, lane=LANE, ended=[], hand=thorough)))
    found, looked = await db.script(_reading(look(sql, now=0.0)))

    assert len(claimed.jobs) == FEW
    assert found.lanes == {LANE}
    assert read < 10 * FEW
    assert looked < 10 * FEW


def _reading(script: Script[T]) -> Script[tuple[T, int]]:
    """What the script comes to, and how many jobs Postgres read for it.

    The count goes on from transaction to transaction of a connection until it is reported, about once a second: so it is asked for first.
    """
    before = yield _READ, {}
    rows: Any = None
    while True:
        try:
            step = script.send(rows)
        except StopIteration as end:
            read = yield _READ, {}
            return end.value, read[0][0] - before[0][0]
        rows = () if isinstance(step, Settled) else (yield step)
