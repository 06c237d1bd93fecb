"""The gate of a lane: places, rate, pause and breaker, by themselves and held against the times at which jobs were really taken."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.jobs import lanes
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.errors import Away, SlowDown
from pixelstudio.jobs.gate import COOL_DOWN_S, SLOWEST, Gate
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Failed
from pixelstudio.jobs.lanes import SPARED_FOR_S, LaneStanding, standing
from pixelstudio.jobs.queue import NewJob, enqueue_many
from tests.jobs.floor import LANE, PATIENT, Chore, a_runner, change, eventually, put, running, select, state_of, take

if TYPE_CHECKING:
    from pixelstudio.jobs.kind import JobContext

QUICK_LANE = Lane(LANE, 4, rate=40.0, burst=5.0)
BREAKING = Lane(LANE, 10, breaker_after=3)


async def stand(db: Database) -> LaneStanding:
    async with db.reader() as reader:
        return {found.id: found for found in await standing(reader)}.get(LANE, LaneStanding(LANE, 0))


async def put_many(db: Database, jobs: int) -> list[int]:
    async with db.transaction() as tx:
        return list(await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(jobs)]))


# by itself


def test_a_bucket_gives_no_more_than_its_burst_and_its_rate():
    gate = Gate(100, declared_rate=2.0, rate=2.0, burst=3.0, refilled=1_000.0)

    assert gate.room(0, 1_000.0) == 0
    assert gate.opens_in_s(1_000.0) == 0.5
    assert gate.room(0, 1_000.5) == 1
    assert gate.room(0, 2_000.0) == 3
    after = gate.passed([1, 2, 3], 2_000.0)
    assert (after.room(3, 2_000.0), after.room(3, 2_001.0)) == (0, 2)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_said_to_it_no_window_begins_more_than_rate_times_t_plus_burst(seed: int):
    dice = random.Random(seed)
    gate = Gate(1_000, declared_rate=5.0, rate=5.0, burst=4.0, tokens=4.0)
    now, begun = 0.0, list[float]()
    for n in range(400):
        now += dice.expovariate(4)
        match dice.randrange(12):
            case 0:
                gate = gate.throttled(now - dice.random() * 3, dice.random() * 2, now)
            case 1:
                gate = gate.relieved(dice.randrange(4))
            case 2:
                gate = gate.paused(now + dice.random(), "maintainer", now).resumed()
            case _:
                at = gate.moment(now - dice.random() * 0.2)
                jobs = gate.room(0, at)
                gate, begun = gate.passed(range(n, n + jobs), at), begun + [at] * jobs
        assert gate.rate is not None
        assert 5.0 * SLOWEST <= gate.rate <= 5.0
    assert len(begun) > 20
    assert_within(begun, rate=5.0, burst=4.0)


def assert_within(begun: list[float], *, rate: float, burst: float) -> None:
    times = sorted(begun)
    for first, begin in enumerate(times):
        for count, end in enumerate(times[first:], 1):
            assert count <= rate * (end - begin) + burst + 1e-6


def test_ten_who_are_told_too_fast_at_once_halve_the_rate_once():
    gate = Gate(10, declared_rate=8.0, rate=8.0, burst=8.0, tokens=8.0)
    for _ in range(10):
        gate = gate.throttled(began=99.0, pause_s=5.0, at=100.0)

    assert (gate.rate, gate.pause_reason, gate.paused_until) == (4.0, "throttled", 105.0)
    assert gate.room(0, 105.0) == 1
    assert gate.throttled(began=106.0, pause_s=1.0, at=107.0).rate == 2.0


def test_a_rate_creeps_back_and_no_further():
    gate = Gate(10, declared_rate=8.0, rate=4.0)

    assert gate.relieved(1).rate == pytest.approx(4.4)
    assert gate.relieved(1_000).rate == 8.0
    assert not gate.relieved(1_000).is_troubled


def test_the_longer_of_two_pauses_holds():
    gate = Gate(10).paused(200.0, "maintainer", 100.0)

    assert gate.paused(150.0, "throttled", 100.0) == gate
    assert gate.paused(300.0, "throttled", 100.0).pause_reason == "throttled"
    assert gate.room(0, 199.0) == 0
    assert gate.room(0, 200.0) == 10


def test_a_breaker_opens_tries_one_job_waits_longer_and_closes():
    gate = Gate(10, breaker_after=2)
    assert gate.failed(1, 100.0).breaker == "closed"
    gate = gate.failed(1, 100.0).failed(2, 100.0)
    assert (gate.breaker, gate.breaker_since, gate.pause_reason, gate.room(0, 101.0)) == ("open", 100.0, "breaker", 0)
    assert gate.failed(3, 101.0) == gate  # it had begun before

    probing = gate.passed([7], 110.0)
    assert gate.room(5, 100.0 + COOL_DOWN_S) == 1
    assert (probing.breaker, probing.probe, probing.room(1, 110.0, probing=True), probing.room(0, 110.0)) == ("half_open", 7, 0, 1)
    assert probing.failed(3, 111.0) == probing

    again = probing.failed(7, 111.0)
    assert (again.breaker, again.breaker_since, again.paused_until) == ("open", 100.0, 111.0 + 2 * COOL_DOWN_S)
    closed = again.passed([8], 140.0).relieved(1)
    assert (closed.breaker, closed.failures, closed.breaker_since, closed.room(0, 140.0)) == ("closed", 0, None, 10)


def test_one_that_ends_well_in_between_begins_the_count_anew():
    gate = Gate(10, breaker_after=2).failed(1, 1.0).relieved(1).failed(2, 2.0)

    assert (gate.breaker, gate.failures) == ("closed", 1)


def test_a_lane_without_a_breaker_has_none():
    assert Gate(10).failed(1, 1.0) == Gate(10)


# in the database, with three workers


@contextlib.asynccontextmanager
async def three_offices(url: str):
    async with contextlib.AsyncExitStack() as stack:
        offices = [await Database.open(url, SystemClock(), Bus()) for _ in range(3)]
        for office in offices:
            stack.push_async_callback(office.close)
        yield offices


async def test_three_workers_keep_to_the_rate_and_to_the_places_in_every_window(database_url: str):
    """Without the lane's lock around the bucket each worker spends the same tokens; without `opens_in_s` this takes minutes."""
    dice = random.Random(7)
    at_work: set[int] = set()
    most = 0

    async def work(context: JobContext) -> None:
        nonlocal most
        at_work.add(context.job.id)
        most = max(most, len(at_work))
        await asyncio.sleep(dice.random() * 0.2)
        at_work.remove(context.job.id)

    async with three_offices(database_url) as offices:
        await put_many(offices[0], 60)
        chore = Chore(work)
        async with running(*[a_runner(office, chore, lane=QUICK_LANE, pace=PATIENT) for office in offices]):
            await eventually(lambda: len(chore.settled) == 60, within_s=60)
        spans = await select(offices[0], "SELECT started, finished FROM q_job")

    assert_within([began for began, _ in spans], rate=QUICK_LANE.rate or 0, burst=QUICK_LANE.burst)
    assert 1 < most <= QUICK_LANE.max_inflight
    assert max(sum(begin <= at < end for begin, end in spans) for at, _ in spans) <= QUICK_LANE.max_inflight


async def test_a_provider_that_asks_for_a_pause_is_given_it_by_every_worker(database_url: str):
    async def work(context: JobContext) -> None:
        if context.job.attempt == 1 and context.job.id == 1:
            raise SlowDown("Busy.", "throttled", after_s=1.5)

    async with three_offices(database_url) as offices:
        lane = Lane(LANE, 1, rate=100.0, burst=1.0)
        await put_many(offices[0], 6)
        chore = Chore(work)
        async with running(*[a_runner(office, chore, lane=lane, pace=PATIENT) for office in offices]):
            await eventually(lambda: _throttled(offices[0]), within_s=20)
            told = await stand(offices[0])
            await eventually(lambda: len(chore.settled) == 6, within_s=30)
        later = await stand(offices[0])
        [[paused_at]] = await select(offices[0], "SELECT throttled_at FROM q_lane")
        begun = sorted(row[0] for row in await select(offices[0], "SELECT started FROM q_job"))

    assert (told.pause_reason, told.rate, told.declared_rate) == ("throttled", 50.0, 100.0)
    assert told.paused_until == pytest.approx(paused_at + 1.5, abs=0.2)
    assert all(at >= paused_at + 1.4 for at in begun)
    assert later.rate is not None
    assert 50.0 < later.rate <= 100.0


async def _throttled(db: Database) -> bool:
    return (await stand(db)).pause_reason == "throttled"


# the breaker


async def test_a_breaker_keeps_the_jobs_and_their_attempts_until_the_provider_is_back(db: Database):
    """Without `spared` every job is given up after its three attempts while nobody is there."""
    is_there = asyncio.Event()
    chore = Chore(lambda context: _ask(is_there, context))
    ids = await put_many(db, 4)
    async with running(a_runner(db, chore, lane=BREAKING, pace=PATIENT)):
        await eventually(lambda: _is_open(db), within_s=20)
        tried = sum(chore.started.values())
        late = await put(db)
        for _ in range(6):
            await _time_passes(db)
            await asyncio.sleep(0.15)
        assert sum(chore.started.values()) - tried <= 6  # one at a time
        assert chore.settled == []
        is_there.set()
        await eventually(lambda: _after_a_while(db, chore, 5), within_s=30)

    assert await states_are(db, [*ids, late], JobState.DONE)
    assert (await stand(db)).breaker == "closed"


async def _ask(is_there: asyncio.Event, _context: JobContext) -> None:
    if not is_there.is_set():
        raise Away("Nobody answers.", "provider_unavailable")


async def _is_open(db: Database) -> bool:
    return (await stand(db)).breaker == "open"


async def _time_passes(db: Database) -> None:
    """The pause of the lane and those of its jobs are over."""
    await change(db, "UPDATE q_lane SET paused_until=0")
    await change(db, "UPDATE q_job SET run_at=0 WHERE state=1")


async def _after_a_while(db: Database, chore: Chore, jobs: int) -> bool:
    await _time_passes(db)
    return len(chore.settled) == jobs


async def states_are(db: Database, ids: list[int], state: JobState) -> bool:
    return {await state_of(db, job_id) for job_id in ids} == {state}


async def test_a_job_that_breaks_its_provider_by_itself_ends_and_lets_the_others_through(db: Database):
    """Without the probe's double wait it is the next probe, again and again, and nobody else comes through."""
    poison, *others = await put_many(db, 6)

    async def work(context: JobContext) -> None:
        if context.job.id == poison:
            raise Away("It broke.", "provider_unavailable")

    chore = Chore(work)
    async with running(a_runner(db, chore, lane=Lane(LANE, 1, breaker_after=1), pace=PATIENT)):
        await eventually(lambda: _is_open(db), within_s=20)
        await change(db, "UPDATE q_lane SET paused_until=0")
        await eventually(lambda: len(chore.settled) == 5, within_s=20)
        assert (await stand(db)).breaker == "closed"
        await change(db, "UPDATE q_job SET created=created-:hour WHERE id=:id", hour=SPARED_FOR_S + 1, id=poison)
        await eventually(lambda: _after_a_while(db, chore, 6), within_s=20)

    assert await states_are(db, others, JobState.DONE)
    assert chore.settled[-1] == (poison, Failed("provider_unavailable", "It broke."))


async def test_a_probe_whose_worker_died_makes_room_for_the_next(db: Database):
    await put_many(db, 2)
    [probe] = await take(db, wanted=1)
    await change(db, "UPDATE q_lane SET breaker='half_open', breaker_since=1, probe=:id, failures=3", id=probe.id)
    assert await take(db) == []

    await change(db, "UPDATE q_job SET state=2 WHERE id=:id", id=probe.id)

    assert len(await take(db)) == 1


# people


async def test_a_maintainer_closes_a_lane_and_opens_it_again(db: Database):
    await put_many(db, 2)
    await take(db, wanted=0)
    async with db.transaction() as tx:
        await lanes.pause(tx, LANE, db.clock.epoch() + 600)
    assert await take(db) == []
    assert (await stand(db)).pause_reason == "maintainer"

    async with db.transaction() as tx:
        await lanes.resume(tx, LANE)

    assert len(await take(db)) == 2
    assert (await stand(db)).paused_until is None


async def test_a_lane_that_does_not_exist_is_not_found(db: Database):
    async with db.transaction() as tx:
        with pytest.raises(NotFound):
            await lanes.pause(tx, "nowhere", 1.0)
        with pytest.raises(NotFound):
            await lanes.resume(tx, "nowhere")


# what is declared


async def test_a_lower_declared_rate_counts_at_once_and_the_same_one_keeps_what_was_learnt(db: Database):
    lane = Lane(LANE, 5, rate=8.0, burst=2.0)
    await take(db, wanted=0, lane=lane)
    await change(db, "UPDATE q_lane SET rate=1.5")

    await take(db, wanted=0, lane=lane)
    assert await select(db, "SELECT rate, declared_rate, burst FROM q_lane") == [(1.5, 8.0, 2.0)]
    await take(db, wanted=0, lane=replace(lane, rate=1.0))
    assert await select(db, "SELECT rate, declared_rate FROM q_lane") == [(1.0, 1.0)]


async def test_a_clock_that_was_set_back_hides_nothing_that_is_held(db: Database):
    await put_many(db, 3)
    narrow = Lane(LANE, 1)
    await take(db, wanted=1, lane=narrow)
    ahead = db.clock.epoch() + 3_600
    await change(db, "UPDATE q_lane SET held_since=:ahead", ahead=ahead)

    assert await take(db, lane=narrow) == []
