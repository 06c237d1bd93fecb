"""Few drawings have their bytes in memory at a time, however many come to their end at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pixelstudio.features.generation.jobs import RENDER, RenderJob
from pixelstudio.features.generation.rooms import Rooms
from pixelstudio.jobs.job import FINAL
from tests.courier import Courier
from tests.factories import a_studio, a_user
from tests.paying import asked, seen, until_settled


class Busy(Courier):
    """Counts how many are fetched, or fetched and not stored yet, at once."""

    def __init__(self, children, **abilities):
        super().__init__(children, **abilities)
        self.at_once = self.most = 0

    async def fetch(self, handle):
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            return await super().fetch(handle)
        finally:
            self.at_once -= 1


@pytest.mark.parametrize("delivery", ["poll", "stream"])
async def test_no_more_are_fetched_than_there_is_room_for_and_all_come(database, clock, children, delivery):
    provider = Busy(children, delivery=delivery, idempotency="query")
    studio = a_studio(database, clock, children, provider)
    studio = replace(studio, kinds={RENDER: RenderJob(studio, Rooms(1))})
    ines = await a_user(database, credits=20)
    view = await asked(studio, ines, model="sketch-paper", width=256, height=256, seed=None, count=3)

    await until_settled(studio, clock, times=5.0, states=FINAL)

    assert [slot.state for slot in (await seen(studio, ines, view)).slots] == ["done"] * 3
    assert provider.most == 1


async def test_a_place_is_left_at_the_end_whatever_comes_between():
    rooms = Rooms(1)
    for fault in (None, ZeroDivisionError()):
        try:
            with rooms.one() as place:
                await place.take()
                await place.take()
                if fault:
                    raise fault
        except ZeroDivisionError:
            pass

    with rooms.one() as first, rooms.one() as second:
        await first.take()
        waiting = asyncio.create_task(second.take())
        await asyncio.sleep(0)
        assert not waiting.done()
        first.leave()
        first.leave()
        await waiting
