"""The census counts what waits, runs and is stuck, lane by lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.jobs.census import census, waiting
from tests.jobs.floor import LANE, change, put, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def counted(db: Database):
    async with db.reader() as reader:
        return {lane.lane: lane for lane in await census(reader)}


async def test_each_lane_is_counted_by_itself(db: Database):
    await put(db)
    await put(db)
    await take(db, wanted=1)

    lane = (await counted(db))[LANE]

    assert (lane.ready, lane.later, lane.running, lane.silent, lane.unknown) == (1, 0, 1, 0, 0)
    assert 0 <= lane.oldest_ready_s < 60


async def test_a_job_whose_worker_is_silent_shows(db: Database):
    await put(db)
    await take(db, wanted=1)
    await change(db, "UPDATE q_job SET lease_until = lease_until - 1000")

    assert (await counted(db))[LANE].silent == 1


async def test_the_first_in_line_says_how_long_it_waits(db: Database):
    await put(db)
    await take(db, wanted=0)
    await change(db, "UPDATE q_job SET run_at = run_at - 500")

    assert 490 < (await counted(db))[LANE].oldest_ready_s < 600


async def test_all_that_waits_is_counted_and_no_further_than_is_asked_for(db: Database):
    for delay_s in (0.0, 0.0, 60.0):
        await put(db, delay_s=delay_s)
    await take(db, wanted=1)

    async with db.reader() as reader:
        assert await waiting(reader, 10) == 2
        assert await waiting(reader, 1) == 1
