"""The runner: starts at once, keeps leases, stops when told, ends every job once and only its own."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from pixelstudio.core.log import get_logger, set_up_logging
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed, JobContext
from pixelstudio.jobs.queue import NewJob, cancel, enqueue_many
from pixelstudio.jobs.runner import Pace
from tests.jobs.floor import (
    LANE,
    PATIENT,
    QUICK,
    Chore,
    a_runner,
    change,
    eventually,
    forever,
    nothing,
    put,
    running,
    select,
    settled_rows,
    state_of,
)

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database

UNHURRIED = Pace()


class PlainChore:
    """Nothing hangs on it."""

    name = "plain"
    timeout_s = 5.0
    max_attempts = 3

    async def run(self, _context: JobContext) -> object:
        return None


async def test_a_job_starts_within_milliseconds_of_its_commit(db: Database):
    begun: dict[int, float] = {}

    async def work(context: JobContext) -> None:
        begun[context.job.id] = time.perf_counter()

    waits = []
    async with running(a_runner(db, Chore(work), pace=UNHURRIED)):
        for _ in range(15):
            job_id = await put(db)
            committed = time.perf_counter()
            await eventually(lambda job_id=job_id: job_id in begun)
            waits.append(begun[job_id] - committed)

    assert sorted(waits)[7] < 0.05


async def test_a_finished_job_is_settled_with_its_result_in_one_commit(db: Database):
    async def work(context: JobContext) -> object:
        return context.job.params["word"]

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        job_id = await put(db, params={"word": "picture"})
        await eventually(lambda: chore.settled)

    assert chore.settled == [(job_id, Done("picture"))]
    assert await select(db, "SELECT state, attempt, lease_until, finished>=created FROM q_job") == [(JobState.DONE, 1, None, 1)]
    assert await settled_rows(db) == 1


async def test_when_the_end_cannot_be_written_it_is_rolled_back_whole_and_tried_again(db: Database):
    chore = Chore()
    chore.refuse_end = 1
    async with running(a_runner(db, chore, pace=PATIENT)):
        job_id = await put(db)
        await eventually(lambda: chore.settled)

    assert chore.started[job_id] == 2
    assert await settled_rows(db) == 1


async def test_a_failing_job_is_tried_again_and_its_errors_kept_per_attempt(db: Database):
    async def work(context: JobContext) -> None:
        if context.job.attempt == 1:
            raise RetryLater("Busy.", "throttled", after_s=0.01)
        if context.job.attempt == 2:
            raise ValueError("a bug")

    chore = Chore(work)
    async with running(a_runner(db, chore, pace=PATIENT)):
        await put(db)
        await eventually(lambda: chore.settled)

    told = await select(db, "SELECT attempt, outcome, error_code, error_sentence FROM q_attempt ORDER BY attempt")
    assert told == [(1, "retried", "throttled", "Busy."), (2, "retried", "unexpected", "Something went wrong on our side.")]
    assert [type(outcome) for _, outcome in chore.settled] == [Done]


async def test_every_line_a_job_logs_names_the_job_its_lane_and_the_attempt(db: Database, capsys: pytest.CaptureFixture[str]):
    async def moody(context: JobContext) -> None:
        get_logger().info("chore.tried")
        if context.job.attempt == 1:
            raise RetryLater("Not now.", code="busy")
        raise GiveUp("No.", code="refused")

    set_up_logging("info", as_json=True)
    chore = Chore(moody)
    async with running(a_runner(db, chore, pace=PATIENT)):
        job_id = await put(db)
        await eventually(lambda: chore.settled, within_s=15.0)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = [(line["event"], line["job_id"], line["job_kind"], line["lane"], line["attempt"]) for line in lines if "job_id" in line]
    assert told == [
        ("chore.tried", job_id, "chore", LANE, 1),
        ("job.retried", job_id, "chore", LANE, 1),
        ("chore.tried", job_id, "chore", LANE, 2),
        ("job.failed", job_id, "chore", LANE, 2),
    ]


async def test_after_the_last_attempt_the_job_fails_once(db: Database):
    async def work(_context: JobContext) -> None:
        raise ValueError

    chore = Chore(work)
    async with running(a_runner(db, chore, pace=PATIENT)):
        job_id = await put(db, max_attempts=2)
        await eventually(lambda: chore.settled)

    assert chore.started[job_id] == 2
    assert chore.settled == [(job_id, Failed("unexpected", "Something went wrong on our side."))]
    assert await state_of(db, job_id) == JobState.FAILED


async def test_a_refused_job_is_not_tried_again(db: Database):
    async def work(_context: JobContext) -> None:
        raise GiveUp("Not this prompt.", "refused")

    chore = Chore(work)
    async with running(a_runner(db, chore, pace=PATIENT)):
        job_id = await put(db)
        await eventually(lambda: chore.settled)

    assert chore.settled == [(job_id, Failed("refused", "Not this prompt."))]
    assert chore.started[job_id] == 1


async def test_a_job_that_takes_too_long_is_stopped_and_in_the_end_fails(db: Database):
    chore = Chore(forever, timeout_s=0.05)
    async with running(a_runner(db, chore, pace=PATIENT)):
        job_id = await put(db, max_attempts=2)
        await eventually(lambda: chore.settled)

    assert chore.started[job_id] == 2
    [(_, outcome)] = chore.settled
    assert isinstance(outcome, Failed)
    assert outcome.code == "timed_out"
    assert [row[0] for row in await select(db, "SELECT outcome FROM q_attempt")] == ["timed_out", "timed_out"]


async def test_a_timeout_of_the_work_s_own_is_an_ordinary_error(db: Database):
    async def work(_context: JobContext) -> None:
        raise TimeoutError

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        await put(db, max_attempts=1)
        await eventually(lambda: chore.settled)

    assert chore.settled[0][1] == Failed("unexpected", "Something went wrong on our side.")


async def test_a_cancelled_wait_inside_the_work_is_an_ordinary_error(db: Database):
    async def work(_context: JobContext) -> None:
        wait = asyncio.get_running_loop().create_future()
        wait.cancel()
        await wait

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        await put(db, max_attempts=1)
        await eventually(lambda: chore.settled)

    assert chore.settled[0][1] == Failed("unexpected", "Something went wrong on our side.")


async def test_a_running_job_stops_when_it_is_called_off_not_at_the_next_look(db: Database):
    chore = Chore(forever)
    async with running(a_runner(db, chore, pace=UNHURRIED)):
        job_id = await put(db)
        await eventually(lambda: chore.started)
        asked = time.perf_counter()
        async with db.transaction() as tx:
            await cancel(tx, [job_id], {"chore": chore})
        await eventually(lambda: chore.settled)
        took = time.perf_counter() - asked

    assert chore.settled == [(job_id, Cancelled())]
    assert took < UNHURRIED.poll_min_s
    assert await state_of(db, job_id) == JobState.CANCELLED


async def test_a_cancellation_by_another_process_arrives_with_the_beat(db: Database):
    chore = Chore(forever)
    async with running(a_runner(db, chore)):
        job_id = await put(db)
        await eventually(lambda: chore.started)
        await change(db, "UPDATE q_job SET cancel_req=TRUE WHERE id=:id", id=job_id)
        await eventually(lambda: chore.settled, within_s=2)

    assert chore.settled == [(job_id, Cancelled())]


async def test_a_job_called_off_while_failing_is_not_tried_again(db: Database):
    async def work(context: JobContext) -> None:
        await change(db, "UPDATE q_job SET cancel_req=TRUE WHERE id=:id", id=context.job.id)
        raise ValueError

    chore = Chore(work)
    async with running(a_runner(db, chore, pace=UNHURRIED)):
        job_id = await put(db)
        await eventually(lambda: chore.settled)

    assert chore.settled == [(job_id, Cancelled())]
    assert chore.started[job_id] == 1


async def test_a_worker_that_lost_its_lease_stops_and_writes_nothing(db: Database):
    stopped = asyncio.Event()

    async def work(context: JobContext) -> None:
        if context.job.attempt > 1:
            return
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        job_id = await put(db)
        await eventually(lambda: chore.started)
        await change(db, "UPDATE q_job SET fence=fence+1, worker='another' WHERE id=:id", id=job_id)
        await asyncio.wait_for(stopped.wait(), 2)

    assert chore.settled == []
    assert await settled_rows(db) == 0
    assert (await select(db, "SELECT worker, state FROM q_job")) == [("another", JobState.RUNNING)]


async def test_beats_keep_a_long_job(db: Database):
    async def work(_context: JobContext) -> None:
        await asyncio.sleep(QUICK.lease_s * 2)

    chore = Chore(work)
    async with running(a_runner(db, chore), a_runner(db, chore)):
        job_id = await put(db)
        await eventually(lambda: chore.settled)

    assert chore.started[job_id] == 1


async def test_a_stopping_worker_gives_back_what_it_holds(db: Database):
    chore = Chore(forever)
    runner = a_runner(db, chore, pace=UNHURRIED)
    async with running(runner):
        ids = [await put(db) for _ in range(3)]
        await eventually(lambda: runner.running == 3)
        begun = time.perf_counter()
    took = time.perf_counter() - begun

    assert took < UNHURRIED.poll_min_s
    assert await select(db, "SELECT id, state, attempt, lease_until FROM q_job ORDER BY id") == [(i, JobState.READY, 0, None) for i in ids]
    assert await select(db, "SELECT count(*) FROM q_attempt") == [(0,)]
    assert chore.settled == []


async def test_two_workers_never_hold_one_job(db: Database):
    holding: set[int] = set()

    async def work(context: JobContext) -> None:
        assert context.job.id not in holding
        holding.add(context.job.id)
        await asyncio.sleep(0.002)
        holding.remove(context.job.id)

    chore = Chore(work)
    async with running(*[a_runner(db, chore, pace=PATIENT) for _ in range(3)]):
        async with db.transaction() as tx:
            await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(150)])
        await eventually(lambda: len(chore.settled) == 150, within_s=20)

    assert set(chore.started.values()) == {1}
    assert all(isinstance(outcome, Done) for _, outcome in chore.settled)


async def test_plain_jobs_are_written_in_bulk(db: Database):
    async with running(a_runner(db, PlainChore(), concurrency=10, pace=PATIENT)):
        async with db.transaction() as tx:
            await enqueue_many(tx, [NewJob(kind="plain", lane=LANE) for _ in range(100)])

        async def all_done() -> bool:
            return await select(db, "SELECT count(*) FROM q_job WHERE state=5 AND lease_until IS NULL AND finished IS NOT NULL") == [(100,)]

        await eventually(all_done)


async def test_a_job_of_a_kind_this_release_does_not_know_fails_with_a_sentence(db: Database):
    async with running(a_runner(db, Chore(nothing))):
        job_id = await put(db, kind="from.the.future")

        async def failed() -> bool:
            return await state_of(db, job_id) == JobState.FAILED

        await eventually(failed)

    assert (await select(db, "SELECT error_code FROM q_attempt")) == [("kind_unknown",)]


async def test_a_busy_lane_does_not_hold_up_another(db: Database):
    chore = Chore(forever)
    quick = Chore(nothing, name="quick")
    runner = a_runner(db, chore, quick, lane=Lane(LANE, 2))
    runner._lanes["other"] = Lane("other", 2)
    async with running(runner):
        for _ in range(6):
            await put(db)
        await eventually(lambda: runner.running == 2)
        await put(db, kind="quick", lane="other")
        await eventually(lambda: quick.settled)


async def test_slow_jobs_of_one_lane_leave_a_place_to_every_other(db: Database):
    """With `free` alone in `Handful.room_of` four slow ones take all four places, and the quick one waits for ever."""
    chore = Chore(forever)
    quick = Chore(nothing, name="quick")
    runner = a_runner(db, chore, quick, concurrency=4, lane=Lane(LANE, 10))
    runner._lanes |= {name: Lane(name, 2) for name in ("other", "third")}
    async with running(runner):
        for _ in range(8):
            await put(db)
        await eventually(lambda: runner.running == 2)
        for lane in ("other", "third", "other"):
            await put(db, kind="quick", lane=lane)
        await eventually(lambda: len(quick.settled) == 3)
        await eventually(lambda: runner.running == 2)


async def test_fewer_places_than_lanes_are_taken_in_turns(db: Database):
    done: list[str] = []

    async def work(context: JobContext) -> None:
        done.append(context.job.lane)

    runner = a_runner(db, Chore(work), concurrency=1, lane=Lane(LANE, 10))
    runner._lanes |= {name: Lane(name, 2) for name in ("other", "third")}
    for lane in ("other", "third", LANE):
        await put(db, lane=lane)
    async with running(runner):
        await eventually(lambda: len(done) == 3)


async def test_an_idle_worker_asks_for_less_than_one_transaction_a_second(db: Database):
    async with running(a_runner(db, Chore(), pace=UNHURRIED)):
        await asyncio.sleep(0.5)
        asked = _count_scripts(db)
        await asyncio.sleep(6)

    assert 1 <= len(asked) <= 5


def _count_scripts(db: Database) -> list[float]:
    asked: list[float] = []
    run = db._scripts.run

    async def counted(script):
        asked.append(time.monotonic())
        return await run(script)

    db._scripts.run = counted
    return asked


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_worker_survives_the_loss_of_its_connections(db: Database):
    chore = Chore()
    async with running(a_runner(db, chore)):
        await put(db)
        await eventually(lambda: len(chore.settled) == 1)
        async with db.transaction() as tx:
            await tx.exec(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid<>pg_backend_pid() AND datname IS NOT NULL")
            )
        await put(db)
        await eventually(lambda: len(chore.settled) == 2, within_s=10)
