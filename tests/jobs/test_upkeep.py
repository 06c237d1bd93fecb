"""Upkeep: nothing abandoned stays abandoned, nothing due stays asleep, nothing old stays for ever."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed
from pixelstudio.jobs.queue import NewJob, enqueue_many
from pixelstudio.jobs.retry import LOST
from pixelstudio.jobs.runner import Pace
from pixelstudio.jobs.upkeep import DAY_S, Keeping, purge, rescue
from tests.jobs.floor import (
    LANE,
    Chore,
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
    from pixelstudio.db.engine import Database


async def test_the_job_of_a_dead_worker_is_ready_again_and_the_loss_remembered(db: Database):
    job_id = await put(db)
    await take(db, worker="dead")
    await expire_leases(db)

    found = await rescue(db, {})

    assert found.rescued == 1
    assert found.lanes == {LANE}
    assert await state_of(db, job_id) == JobState.READY
    assert await select(db, "SELECT attempt, worker, outcome, error_sentence FROM q_attempt") == [(1, "dead", "lost", LOST)]


async def test_a_living_worker_keeps_its_job(db: Database):
    job_id = await put(db)
    await take(db)

    found = await rescue(db, {})

    assert (found.rescued, found.abandoned) == (0, ())
    assert found.due_in_s is not None
    assert 8 < found.due_in_s <= 10
    assert await state_of(db, job_id) == JobState.RUNNING


async def test_a_job_that_kills_its_worker_each_time_is_given_up_and_settled_once(db: Database):
    chore, job_id = Chore(), await put(db, max_attempts=2)
    for _ in range(2):
        await take(db)
        await expire_leases(db)
        await rescue(db, {"chore": chore})
    await rescue(db, {"chore": chore})

    assert await state_of(db, job_id) == JobState.FAILED
    assert chore.settled == [(job_id, Failed("worker_lost", LOST))]
    assert await settled_rows(db) == 1
    assert await select(db, "SELECT attempt, outcome FROM q_attempt ORDER BY attempt") == [(1, "lost"), (2, "lost")]


async def test_a_job_called_off_before_its_worker_died_is_cancelled(db: Database):
    chore, job_id = Chore(), await put(db)
    await take(db)
    await change(db, "UPDATE q_job SET cancel_req=TRUE")
    await expire_leases(db)

    await rescue(db, {"chore": chore})

    assert chore.settled == [(job_id, Cancelled())]
    assert await state_of(db, job_id) == JobState.CANCELLED


async def test_a_worker_that_was_only_late_may_still_end_its_job(db: Database):
    chore = Chore()
    await put(db)
    [job] = await take(db)
    await expire_leases(db)

    await end_held(db, job, {"chore": chore}, Done(None))
    await rescue(db, {"chore": chore})

    assert chore.settled == [(job.id, Done(None))]


async def test_when_giving_up_cannot_be_settled_it_is_tried_again_a_lease_later(db: Database):
    chore, job_id = Chore(), await put(db, max_attempts=1)
    chore.refuse_end = 1
    await take(db)
    await expire_leases(db)

    first = await rescue(db, {"chore": chore})
    assert len(first.abandoned) == 1
    assert (await rescue(db, {"chore": chore})).abandoned == ()
    assert await state_of(db, job_id) == JobState.RUNNING
    assert await settled_rows(db) == 0

    await expire_leases(db)
    await rescue(db, {"chore": chore})
    assert await state_of(db, job_id) == JobState.FAILED


async def test_several_rescuers_at_once_rescue_each_job_once(db: Database):
    chore = Chore()
    async with db.transaction() as tx:
        await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, max_attempts=1 + n % 2) for n in range(20)])
    await take(db, wanted=20)
    await expire_leases(db)

    found = await asyncio.gather(*[rescue(db, {"chore": chore}) for _ in range(4)])

    assert sum(look.rescued for look in found) == 10
    assert len(chore.settled) == 10
    assert await settled_rows(db) == 10


async def test_a_delayed_job_starts_when_it_is_due_not_at_the_next_poll(db: Database):
    chore = Chore()
    async with running(a_runner(db, chore, pace=Pace())):
        await asyncio.sleep(0.1)
        begun = time.perf_counter()
        await put(db, delay_s=0.3)
        await eventually(lambda: chore.settled)
        took = time.perf_counter() - begun

    assert 0.28 < took < Pace().poll_min_s


async def test_an_abandoned_job_runs_again_as_soon_as_its_lease_is_over(db: Database):
    chore = Chore()
    job_id = await put(db)
    await take(db, worker="dead", lease_s=0.8)
    begun = time.perf_counter()
    async with running(a_runner(db, chore, pace=Pace())):
        await eventually(lambda: chore.settled)
    took = time.perf_counter() - begun

    assert 0.7 < took < Pace().poll_min_s
    assert chore.settled == [(job_id, Done(None))]


async def test_purging_takes_what_is_old_and_over_with_all_that_hangs_on_it(db: Database):
    old, young, waiting = [await put(db) for _ in range(3)]
    chore = Chore()
    for job in await take(db, wanted=2):
        await end_held(db, job, {"chore": chore}, Failed("x", "x"))
    await change(db, "UPDATE q_job SET finished=finished-:age, created=created-:age WHERE id=:id", age=31 * DAY_S, id=old)
    await change(db, "UPDATE outbox SET created=created-:age WHERE id=(SELECT min(id) FROM outbox)", age=2 * DAY_S)

    assert await purge(db, Keeping()) == 1

    assert await select(db, "SELECT id FROM q_job ORDER BY id") == [(young,), (waiting,)]
    assert await select(db, "SELECT job_id FROM q_payload ORDER BY job_id") == [(young,), (waiting,)]
    assert await select(db, "SELECT job_id FROM q_attempt") == [(young,)]
    assert await settled_rows(db) == 1


async def test_many_old_jobs_go_in_small_commits(db: Database):
    async with db.transaction() as tx:
        await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(1_100)])
    await change(db, "UPDATE q_job SET state=5, finished=created-:age", age=40 * DAY_S)

    assert await purge(db, Keeping()) == 1_100
    assert await purge(db, Keeping()) == 0


async def test_of_each_person_only_the_newest_jobs_are_remembered_and_failures_apart(db: Database):
    async with db.transaction() as tx:
        people = ["ines"] * 8 + ["omar"] * 2 + [None] * 3
        ids = await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, user_id=who) for who in people])
    await change(db, "UPDATE q_job SET state=5, finished=created")
    await change(db, "UPDATE q_job SET state=6 WHERE id IN (:a, :b)", a=ids[0], b=ids[1])
    await change(db, "UPDATE q_job SET state=7 WHERE id=:c", c=ids[2])
    waits = await put(db, user_id="ines")

    assert await purge(db, Keeping(done_jobs=3, failed_jobs=2)) == 3

    left = [row[0] for row in await select(db, "SELECT id FROM q_job ORDER BY id")]
    assert left == [*ids[1:3], *ids[5:], waits]  # the older failure and the two oldest that came out well are gone
    assert await purge(db, Keeping(done_jobs=3, failed_jobs=2)) == 0
