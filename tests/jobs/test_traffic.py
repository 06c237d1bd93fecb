"""How lanes move, looked at often: counted as far as anybody is told, with what holds them up while it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs.queue import NewJob, enqueue_many
from pixelstudio.jobs.traffic import Traffic, traffic_in
from tests.jobs.floor import LANE, Lane, change, put, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def moving(db: Database, *lanes: str) -> dict[str, Traffic]:
    async with db.reader() as reader:
        return await traffic_in(reader, lanes or [LANE])


async def test_each_lane_is_counted_and_one_nobody_declared_has_no_places(db: Database):
    for _ in range(3):
        await put(db)
    await put(db, lane="other")
    await take(db, wanted=2, lane=Lane(LANE, 2))

    assert await moving(db, LANE, "other") == {LANE: Traffic(LANE, 2, waiting=1, running=2), "other": Traffic("other")}
    assert not (await moving(db))[LANE].has_room


async def test_an_endless_line_is_not_counted_to_its_end(db: Database):
    await take(db, wanted=0)
    async with db.transaction() as tx:
        await enqueue_many(tx, [NewJob(kind="chore", lane=LANE)] * 1_200)

    assert (await moving(db))[LANE].waiting == 1_001


@pytest.mark.parametrize(("ahead_s", "held_by"), [(60.0, "throttled"), (-1.0, None)])
async def test_a_pause_holds_a_lane_until_it_is_over(db: Database, ahead_s: float, held_by: str | None):
    await take(db, wanted=0)
    until = db.clock.epoch() + ahead_s
    await change(db, "UPDATE q_lane SET paused_until=:until, pause_reason='throttled', rate=0.5, declared_rate=1", until=until)

    lane = (await moving(db))[LANE]

    assert (lane.held_by, lane.rate, lane.is_slowed) == (held_by, 0.5, True)
    assert max(0.0, ahead_s - 5) <= lane.held_for_s <= max(0.0, ahead_s)
