"""What is in hand: places and who waits for one, never for long, and never lost."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import pytest

from pixelstudio.jobs import handful as handful_module
from pixelstudio.jobs.attempt import Attempt, Desk, Interruption
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.handful import Handful
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled, JobContext
from pixelstudio.jobs.meter import Meter
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.retry import Backoff
from tests.jobs.floor import LANE, Chore, eventually, put, select, states, take

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind


OTHER = "other"
_LEFT: Final = ContextVar[int]("left")


class Bench:
    """A handful, of one place unless told otherwise, and a chore that goes on until it is let go."""

    def __init__(self, db: Database, places: int = 1, kind: AnyKind | None = None) -> None:
        self.let_go = asyncio.Event()
        self.chore = Chore(self._work)
        self.over: list[Attempt] = []
        desk = Desk(db, {self.chore.name: kind or self.chore}, ProgressBoard(db.bus), Backoff(), lambda _: None)
        lanes = {lane: Lane(lane, 10) for lane in ((LANE,) if places == 1 else (LANE, OTHER))}
        self.handful = Handful(lanes, places, desk, Meter(), self.over.append)

    async def _work(self, _context: JobContext) -> object:
        await self.let_go.wait()
        return None

    async def end(self) -> None:
        self.let_go.set()
        await eventually(lambda: not self.handful.held)


async def some_taken(db: Database, jobs: int) -> list[Job]:
    for _ in range(jobs):
        await put(db)
    return await take(db)


async def two_taken(db: Database) -> list[Job]:
    return await some_taken(db, 2)


async def test_who_waits_in_hand_begins_when_a_place_is_free(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "WAITS_IN_HAND_S", 60.0)
    bench = Bench(db)
    first, second = await two_taken(db)

    bench.handful.take(LANE, [first, second])
    await eventually(lambda: bench.chore.started)
    assert bench.chore.started == {first.id: 1}
    assert (len(bench.handful), len(bench.handful.held), bench.handful.room_of(LANE)) == (1, 2, 0)
    assert (bench.handful.wants(LANE, ahead=False), bench.handful.wants(LANE, ahead=True)) == (-1, bench.handful.most - 2)

    bench.let_go.set()
    await eventually(lambda: len(bench.chore.settled) == 2)
    assert await states(db, [first.id, second.id]) == [JobState.DONE, JobState.DONE]
    await bench.end()


async def test_who_waits_too_long_is_given_back_as_it_was(db: Database):
    bench = Bench(db)
    first, second = await two_taken(db)

    bench.handful.take(LANE, [first, second])
    await eventually(lambda: len(bench.over) == 1)

    assert bench.over[0].ended_as == "given_back"
    assert await select(db, "SELECT id, state, attempt FROM q_job ORDER BY id") == [
        (first.id, JobState.RUNNING, 1),
        (second.id, JobState.READY, 0),
    ]
    await bench.end()


async def test_who_is_not_wanted_any_more_ends_without_a_place(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "WAITS_IN_HAND_S", 60.0)
    bench = Bench(db)
    first, second = await two_taken(db)

    bench.handful.take(LANE, [first, second])
    await eventually(lambda: bench.chore.started)
    bench.handful.interrupt_jobs([second.id], Interruption.UNWANTED)
    await eventually(lambda: bench.chore.settled)

    assert bench.chore.settled == [(second.id, Cancelled())]
    assert bench.chore.started == {first.id: 1}
    await bench.end()


async def test_a_kept_place_that_is_not_needed_is_for_who_waits(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "WAITS_IN_HAND_S", 60.0)
    bench = Bench(db)
    first, _ = await two_taken(db)
    assert bench.handful.keep(LANE, 1) == 1

    bench.handful.take(LANE, [first])
    assert len(bench.handful) == 0
    bench.handful.release(LANE)
    await eventually(lambda: bench.chore.started == {first.id: 1})
    await bench.end()


async def test_no_more_begin_in_one_turn_of_the_loop_than_the_database_can_wait_for(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "AT_A_TURN", dict.fromkeys(handful_module.AT_A_TURN, 2))
    bench = Bench(db, places=6)
    jobs = await some_taken(db, 5)

    bench.handful.take(LANE, jobs)
    begun = [len(bench.handful)]
    for _ in range(4):
        await asyncio.sleep(0)
        begun.append(len(bench.handful))

    assert begun == [0, 2, 4, 5, 5]
    await bench.end()


async def test_who_was_taken_for_a_place_keeps_it_until_they_begin(db: Database):
    bench = Bench(db, places=4)
    jobs = await some_taken(db, 2)

    bench.handful.take(LANE, jobs)

    assert 1 <= bench.handful.room_of(OTHER) <= 2
    assert bench.handful.wants(LANE, ahead=False) == 1  # one place is the other lane's
    assert bench.handful.keep(LANE, 4) == 1
    await bench.end()


async def test_a_lane_that_has_nothing_in_hand_has_a_place_however_many_wait_of_another(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "WAITS_IN_HAND_S", 60.0)
    bench = Bench(db, places=3)
    jobs = await some_taken(db, 5)

    bench.handful.take(LANE, jobs)
    await eventually(lambda: len(bench.chore.started) == 2)

    assert len(bench.handful.held) == 5
    assert bench.handful.room_of(OTHER) == 1
    await bench.end()


async def test_ahead_a_whole_hand_is_wanted_or_nothing(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "WAITS_IN_HAND_S", 60.0)
    bench = Bench(db)

    wanted = [bench.handful.wants(LANE, ahead=True)]
    for job in await some_taken(db, 4):
        bench.handful.take(LANE, [job])
        wanted.append(bench.handful.wants(LANE, ahead=True))

    assert wanted == [2, 2, 2, 1, 0]
    await bench.end()


class Plain:
    """Jobs of this kind do what they are told and are over: no commit of their own is waited for."""

    name = "chore"
    timeout_s = 30.0
    max_attempts = 3

    def __init__(self, work: Callable[[int], Awaitable[None]]) -> None:
        self._work = work
        self.begun: list[int] = []
        self.tasks: list[asyncio.Task[object] | None] = []

    async def run(self, context: JobContext) -> object:
        self.begun.append(context.job.id)
        self.tasks.append(asyncio.current_task())
        await self._work(context.job.id)
        return None


async def test_jobs_that_are_over_at_once_share_a_task_and_who_stands_behind_one_that_waits_does_not_wait(db: Database):
    jobs = await some_taken(db, 5)
    let_go = asyncio.Event()

    async def work(job_id: int) -> None:
        if job_id == jobs[2].id:
            await let_go.wait()

    plain = Plain(work)
    bench = Bench(db, places=6, kind=plain)
    bench.handful.take(LANE, jobs)
    await eventually(lambda: len(bench.over) == 4)

    assert plain.begun == [job.id for job in jobs]
    assert len(set(plain.tasks[:3])) == 1
    assert len(set(plain.tasks)) == 3
    assert bench.handful.held.keys() == {(jobs[2].id, jobs[2].fence)}
    let_go.set()
    await eventually(lambda: len(bench.over) == 5)


async def test_who_waited_because_the_process_stood_still_begins_and_is_not_given_back(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "AT_A_TURN", dict.fromkeys(handful_module.AT_A_TURN, 2))
    jobs = await some_taken(db, 9)

    async def work(job_id: int) -> None:
        if job_id == jobs[0].id:
            time.sleep(2 * handful_module.WAITS_IN_HAND_S)  # noqa: ASYNC251  # as where others have the processor

    bench = Bench(db, places=12, kind=Plain(work))
    bench.handful.take(LANE, jobs)
    await eventually(lambda: len(bench.over) == 9)

    assert [attempt.ended_as for attempt in bench.over] == ["done"] * 9


async def test_what_one_job_puts_into_its_context_is_nothing_to_the_next_ones(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful_module, "AT_A_TURN", dict.fromkeys(handful_module.AT_A_TURN, 2))
    jobs = await some_taken(db, 5)
    seen: list[int] = []

    async def work(job_id: int) -> None:
        seen.append(_LEFT.get(0))
        _LEFT.set(job_id)

    bench = Bench(db, places=6, kind=Plain(work))
    bench.handful.take(LANE, jobs)
    await eventually(lambda: len(bench.over) == 5)

    assert seen == [0, 0, 0, 0, 0]


async def test_a_job_that_calls_itself_off_and_is_over_calls_nobody_else_off(db: Database):
    jobs = await some_taken(db, 3)

    async def work(job_id: int) -> None:
        task = asyncio.current_task()
        assert task is not None
        if job_id == jobs[0].id:
            task.cancel()
        else:
            await asyncio.sleep(0)

    bench = Bench(db, places=6, kind=Plain(work))
    bench.handful.take(LANE, jobs)
    await eventually(lambda: len(bench.over) == 3)

    assert [attempt.ended_as for attempt in bench.over] == ["done", "done", "done"]
