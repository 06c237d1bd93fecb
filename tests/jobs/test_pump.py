"""The pump: jobs that are over at once are taken ahead, and nobody waits for long where that was a mistake."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs import handful
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.meter import Meter
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import NewJob, enqueue_many
from pixelstudio.jobs.runner import Runner
from tests.jobs.floor import LANE, PATIENT, eventually, running, select

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import JobContext

PLACES = 4


class Plain:
    """Over at once, unless it is asked to last. Counts how many are at work at a time."""

    name = "plain"
    timeout_s = 60.0
    max_attempts = 3

    def __init__(self) -> None:
        self.at_work = 0
        self.most = 0
        self.let_go = asyncio.Event()

    async def run(self, context: JobContext) -> object:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        if context.job.params["lasts"]:
            await self.let_go.wait()
        self.at_work -= 1
        return None


async def put_plain(db: Database, at_once: int, lasting: int) -> None:
    jobs = [NewJob(kind=Plain.name, lane=LANE, params={"lasts": n >= at_once}) for n in range(at_once + lasting)]
    async with db.transaction() as tx:
        await enqueue_many(tx, jobs)


def a_worker(db: Database, kind: Plain, meter: Meter, lane: Lane) -> Runner:
    return Runner(db, {kind.name: kind}, [lane], ProgressBoard(db.bus), concurrency=PLACES, pace=PATIENT, meter=meter)


async def rows(db: Database) -> dict[tuple[int, int], int]:
    """How many jobs there are by state and attempt."""
    found = await select(db, "SELECT state, attempt, count(*) FROM q_job GROUP BY state, attempt")
    return {(state, attempt): count for state, attempt, count in found}


async def test_what_was_taken_ahead_of_jobs_that_last_goes_back_to_whoever_has_a_place(db: Database):
    kind, meter = Plain(), Meter()
    await put_plain(db, at_once=2 * PLACES, lasting=5 * PLACES)
    expected = {(JobState.DONE, 1): 2 * PLACES, (JobState.RUNNING, 1): PLACES, (JobState.READY, 0): 4 * PLACES}

    async def has_given_back() -> bool:
        return await rows(db) == expected

    async with running(a_worker(db, kind, meter, Lane(LANE, 100))):
        await eventually(has_given_back)
        assert PLACES <= meter.lanes[LANE].ended["given_back"] <= (2 * handful.HAND - 1) * PLACES
        kind.let_go.set()
        await eventually(lambda: meter.lanes[LANE].ended["done"] == 7 * PLACES)

    assert kind.most == PLACES
    assert await rows(db) == {(JobState.DONE, 1): 7 * PLACES}


async def test_a_worker_that_stops_gives_back_what_it_took_ahead(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handful, "WAITS_IN_HAND_S", 60.0)
    kind, meter = Plain(), Meter()
    most = 2 * handful.HAND * PLACES
    await put_plain(db, at_once=PLACES, lasting=most + PLACES)
    held = {(JobState.DONE, 1): PLACES, (JobState.RUNNING, 1): most, (JobState.READY, 0): PLACES}

    async def is_ahead() -> bool:
        return await rows(db) == held

    async with running(a_worker(db, kind, meter, Lane(LANE, 100))):
        await eventually(is_ahead)

    assert kind.most == PLACES
    assert await rows(db) == {(JobState.DONE, 1): PLACES, (JobState.READY, 0): most + PLACES}


@pytest.mark.parametrize("bound", ["places", "rate"])
async def test_nothing_is_taken_ahead_where_the_lane_itself_is_the_bound(db: Database, bound: str):
    narrow, steady = Lane(LANE, 2 * handful.HAND * PLACES - 1), Lane(LANE, 100, rate=1_000.0, burst=100.0)
    lane = narrow if bound == "places" else steady
    kind, meter = Plain(), Meter()
    await put_plain(db, at_once=2 * PLACES, lasting=PLACES + 1)

    async with running(a_worker(db, kind, meter, lane)):
        await eventually(lambda: kind.at_work == PLACES)
        await asyncio.sleep(4 * handful.WAITS_IN_HAND_S)
        assert (await rows(db))[JobState.READY, 0] == 1
        assert not meter.lanes[LANE].ended["given_back"]
