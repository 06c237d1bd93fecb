"""Free hands: a job that nobody stands before is begun in the commit that puts it in, within the lane's limits and never lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pixelstudio.jobs import runner as runners
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Done
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import NewJob, enqueue, enqueue_many
from pixelstudio.jobs.runner import Pace, Runner
from tests.jobs.floor import LANE, PATIENT, QUICK, Chore, change, eventually, forever, put, running, select

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import JobContext


def a_runner(db: Database, chore: Chore, hands: Hands, *, lane: Lane | None = None, concurrency: int = 4, pace: Pace = PATIENT) -> Runner:
    return Runner(db, {chore.name: chore}, [lane or Lane(LANE, 10)], ProgressBoard(db.bus), concurrency=concurrency, pace=pace, hands=hands)


async def hand_in(db: Database, hands: Hands, jobs: int = 1, **fields: Any) -> list[int]:
    async with db.transaction() as tx:
        return list(await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, **fields) for _ in range(jobs)], hands))


async def idle(runner: Runner) -> None:
    """The lane has been looked through and nobody waits."""
    await eventually(lambda: runner._pump.is_at_rest(LANE) and not runner.running)


async def begun_at_once(db: Database) -> set[int]:
    """Those that were begun in the commit that put them in."""
    return {row[0] for row in await select(db, "SELECT id FROM q_job WHERE run_at=started")}


async def states(db: Database) -> list[int]:
    return [row[0] for row in await select(db, "SELECT state FROM q_job ORDER BY id")]


async def test_in_an_idle_lane_a_job_runs_from_its_own_commit_on(db: Database):
    """Without the grip it is ready first, and somebody has to be woken to claim it."""
    hands, chore = Hands(), Chore(forever)
    runner = a_runner(db, chore, hands)
    async with running(runner):
        await idle(runner)
        with db.bus.subscribe("jobs") as bell:
            [job_id] = await hand_in(db, hands, params={"n": 1}, user_id="ines", batch_id="b")
            assert not bell._ready.is_set()  # nobody is rung for
        assert runner.running == 1
        row = await select(db, "SELECT state, attempt, fence, worker, lease_until>started, run_at<=started FROM q_job")
        await eventually(lambda: chore.started[job_id] == 1)

    assert row == [(JobState.RUNNING, 1, 1, runner.worker_id, True, True)]


async def test_the_job_that_is_begun_is_the_job_in_the_row(db: Database):
    seen: list[Any] = []

    async def work(context: JobContext) -> None:
        seen.append(context.job)

    hands, chore = Hands(), Chore(work)
    runner = a_runner(db, chore, hands)
    async with running(runner):
        await idle(runner)
        asked: dict[str, Any] = {"params": {"n": [1, "é"]}, "user_id": "ines", "batch_id": "b", "timeout_s": 9.0, "max_attempts": 2}
        [job_id] = await hand_in(db, hands, **asked)
        await eventually(lambda: chore.settled)
        await change(db, "UPDATE q_job SET state=2, fence=0, attempt=0")
        await eventually(lambda: len(seen) == 2, within_s=10)

    at_once, claimed = seen
    assert chore.settled[0] == (job_id, Done(None))
    assert at_once._replace(created=0, run_at=0) == claimed._replace(created=0, run_at=0)
    assert abs(at_once.created - claimed.created) < 5


async def test_of_more_than_fit_the_rest_stands_in_line(db: Database):
    hands, chore = Hands(), Chore(forever)
    runner = a_runner(db, chore, hands, lane=Lane(LANE, 2))
    async with running(runner):
        await idle(runner)
        await hand_in(db, hands, 5, user_id="ines")
        begun = await states(db)
        await asyncio.sleep(0.2)
        assert runner.running == 2

    assert begun == [3, 3, 2, 2, 2]
    assert [vft for (vft,) in await select(db, "SELECT vft FROM q_job ORDER BY id")] == [0, 0, 1, 2, 3]


@pytest.mark.parametrize(
    "change_",
    [
        "UPDATE q_lane SET paused_until=:later",
        "UPDATE q_lane SET rate=0.001, declared_rate=0.001, refilled=:later, tokens=0.5",
        "UPDATE q_lane SET breaker='open'",
        "UPDATE q_lane SET max_inflight=0",
    ],
    ids=["paused", "no token", "breaker open", "no place"],
)
async def test_the_gate_is_asked_and_what_it_refuses_stands_in_line(db: Database, change_: str):
    hands, chore = Hands(), Chore(forever)
    runner = a_runner(db, chore, hands)
    async with running(runner):
        await idle(runner)
        later = {"later": db.clock.epoch() + 3} if ":later" in change_ else {}
        await change(db, change_, **later)
        await hand_in(db, hands)
        assert (await begun_at_once(db), runner._handful.kept) == (set(), 0)


async def test_nobody_is_overtaken(db: Database):
    hands, chore = Hands(), Chore()
    runner = a_runner(db, chore, hands, pace=Pace(lease_s=600, poll_min_s=600, poll_max_s=600))
    async with running(runner):
        await put(db)
        await eventually(lambda: chore.settled)
        await idle(runner)
        await change(db, "UPDATE q_job SET state=2")  # by another process: this one has not heard of it
        [job_id] = await hand_in(db, hands)

        assert await begun_at_once(db) == set()
        await eventually(lambda: chore.started[job_id])


async def test_a_token_is_paid_for_it(db: Database):
    hands, chore = Hands(), Chore()
    runner = a_runner(db, chore, hands, lane=Lane(LANE, 9, rate=0.01, burst=2.0))
    async with running(runner):
        await idle(runner)
        await hand_in(db, hands, 3)
        await eventually(lambda: len(chore.settled) == 2)

    assert await states(db) == [5, 5, 2]


async def test_a_rollback_gives_the_place_back(db: Database):
    hands, chore = Hands(), Chore()
    runner = a_runner(db, chore, hands, concurrency=1)

    async def change_one_s_mind() -> None:
        async with db.transaction() as tx:
            await enqueue(tx, kind="chore", lane=LANE, hands=hands)
            assert runner._handful.kept == 1
            raise RuntimeError

    async with running(runner):
        await idle(runner)
        with pytest.raises(RuntimeError):
            await change_one_s_mind()
        assert runner._handful.kept == 0
        await hand_in(db, hands)
        await eventually(lambda: chore.settled)

    assert await states(db) == [5]


async def test_a_crash_between_commit_and_start_is_rescued_by_the_lease(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runners, "DEAF_S", 0.1)  # here nobody died, and on stopping it waits for what never began
    hands, chore = Hands(), Chore()
    runner = a_runner(db, chore, hands, pace=QUICK)
    async with running(runner):
        await idle(runner)
        begin, never_begun = runner.begin, list[Any]()
        monkeypatch.setattr(runner, "begin", never_begun.extend)  # the process dies right after its commit, as far as the job can tell
        [job_id] = await hand_in(db, hands)
        monkeypatch.setattr(runner, "begin", begin)
        assert [job.id for job in never_begun] == [job_id]
        await eventually(lambda: chore.settled, within_s=10)

    assert await select(db, "SELECT attempt, outcome FROM q_attempt") == [(1, "lost")]
    assert chore.started[job_id] == 1


async def test_a_worker_that_stops_meanwhile_gives_the_job_back(db: Database):
    hands, chore = Hands(), Chore(forever)
    runner = a_runner(db, chore, hands)
    async with running(runner):
        await idle(runner)
        async with db.transaction() as tx:
            await enqueue(tx, kind="chore", lane=LANE, hands=hands)
            runner.stop()
            await asyncio.sleep(0.05)

    assert await select(db, "SELECT state, attempt, lease_until FROM q_job") == [(JobState.READY, 0, None)]


async def test_without_a_worker_in_this_process_it_stands_in_line(db: Database):
    await hand_in(db, Hands())

    assert await states(db) == [JobState.READY]


async def test_many_at_once_keep_to_the_places_and_each_runs_once(db: Database):
    inside = most = 0

    async def work(_context: JobContext) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1

    hands, chore = Hands(), Chore(work)
    async with running(a_runner(db, chore, hands, lane=Lane(LANE, 3), concurrency=8)):
        await asyncio.gather(*[hand_in(db, hands, 2, user_id=f"u{n % 5}") for n in range(30)])
        await eventually(lambda: len(chore.settled) == 60, within_s=30)

    assert most <= 3
    assert set(chore.started.values()) == {1}
    assert await select(db, "SELECT count(*) FROM q_job WHERE state<>5 OR attempt<>1") == [(0,)]
