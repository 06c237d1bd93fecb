"""A lane held and let go by hand, by a maintainer alone; and how true its forecasts were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core.errors import NotFound
from pixelstudio.features.generation.forecasts import HitRate
from pixelstudio.features.generation.tables import ForecastRow
from pixelstudio.features.operations.lanes import hold_lane, lanes_of, let_go
from pixelstudio.jobs.rings import JobsWaiting
from tests.factories import a_user
from tests.jobs.floor import Lane, change, put, select, take

LANE = "sketch"


@pytest.fixture
async def keeper(database):
    return replace(await a_user(database), is_maintainer=True)


async def held(database):
    async with database.reader() as reader:
        return {lane.id: lane.is_held for lane in await lanes_of(reader)}


async def acting(database, act, lane, by):
    async with database.transaction() as tx:
        await act(tx, lane, by=by)


async def test_a_maintainer_holds_a_lane_and_lets_it_go(database, keeper):
    await put(database, lane=LANE)
    await take(database, wanted=0, lane=Lane(LANE, 2))

    await acting(database, hold_lane, LANE, keeper)
    await acting(database, hold_lane, LANE, keeper)
    assert await held(database) == {LANE: True}

    with database.bus.subscribe("jobs") as heard:
        await acting(database, let_go, LANE, keeper)
        assert JobsWaiting(lanes=(LANE,)) in await heard.get_batch(0)
    assert await held(database) == {LANE: False}


async def test_to_everybody_else_there_is_no_lane(database):
    await take(database, wanted=0, lane=Lane(LANE, 2))
    before = await select(database, "SELECT * FROM q_lane")

    for act in (hold_lane, let_go):
        with pytest.raises(NotFound):
            await acting(database, act, LANE, await a_user(database, act.__name__.replace("_", "")))

    assert await select(database, "SELECT * FROM q_lane") == before


async def test_a_provider_that_asked_for_a_pause_can_be_tried_at_once(database, keeper):
    await take(database, wanted=0, lane=Lane(LANE, 2))
    await change(database, "UPDATE q_lane SET paused_until=9e9, pause_reason='throttled'")

    await acting(database, let_go, LANE, keeper)
    with pytest.raises(NotFound):
        await acting(database, let_go, "none", keeper)

    assert await select(database, "SELECT paused_until, pause_reason FROM q_lane") == [(0.0, None)]


async def test_each_lane_says_how_its_forecasts_came_out(database, clock):
    await take(database, wanted=0, lane=Lane(LANE, 2))
    async with database.transaction() as tx:
        for number, took_s in enumerate((1.0, 5.0, 6.0, 50.0)):
            tx.add(ForecastRow(job_id=number, lane=LANE, low_s=2.0, high_s=9.0, asked_at=tx.now, took_s=took_s))

    async with database.reader() as reader:
        (lane,) = await lanes_of(reader)

    assert lane.forecasts == HitRate(LANE, sooner=1, within=2, later=1)
    assert (lane.standing.max_inflight, lane.ready_since) == (2, None)
