"""How every lane stands: counted one by one, with what holds it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs.lanes import LaneStanding, standing
from tests.jobs.floor import LANE, change, put, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def stand(db: Database, lane: str = LANE) -> LaneStanding:
    async with db.reader() as reader:
        return {found.id: found for found in await standing(reader)}[lane]


async def test_each_lane_is_counted_by_itself(db: Database):
    await put(db)
    await put(db)
    await put(db, delay_s=60)
    await put(db, lane="other")
    await take(db, wanted=1)

    lane = await stand(db)

    assert (lane.ready, lane.later, lane.running, lane.silent, lane.unknown) == (1, 1, 1, 0, 0)
    assert 0 <= lane.oldest_ready_s < 60


async def test_a_job_whose_worker_is_silent_shows(db: Database):
    await put(db)
    await take(db, wanted=1)
    await change(db, "UPDATE q_job SET lease_until = lease_until - 1000")

    assert (await stand(db)).silent == 1


async def test_the_first_in_line_says_how_long_it_waits(db: Database):
    await put(db)
    await take(db, wanted=0)
    await change(db, "UPDATE q_job SET run_at = run_at - 500")

    assert 490 < (await stand(db)).oldest_ready_s < 600


async def test_an_undisturbed_lane_says_that_nothing_holds_it_up(db: Database):
    await take(db, wanted=0)

    assert await stand(db) == LaneStanding(LANE, 1_000)


@pytest.mark.parametrize(("moved", "shown"), [(60, "throttled"), (-60, None)], ids=["under way", "over"])
async def test_a_pause_shows_while_it_lasts_and_not_after(db: Database, moved: float, shown: str | None):
    await take(db, wanted=0)
    until = db.clock.epoch() + moved
    await change(db, "UPDATE q_lane SET paused_until=:until, pause_reason='throttled', rate=0.5, declared_rate=2", until=until)

    lane = await stand(db)

    assert (lane.pause_reason, lane.paused_until is not None) == (shown, shown is not None)
    assert lane.is_slowed
