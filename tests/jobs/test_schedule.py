"""Periodic work: over all processes each turn is taken once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pixelstudio.jobs.schedule import Schedule
from pixelstudio.jobs.upkeep import keeping_house
from tests.jobs.floor import change, eventually

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def test_of_several_processes_one_takes_the_turn(db: Database):
    done: list[int] = []

    async def sweep(who: int) -> None:
        done.append(who)

    turns = [Schedule(db).turn("sweep", 60, lambda who=who: sweep(who)) for who in range(4)]
    taken = await asyncio.gather(*turns)

    assert sorted(taken) == [False, False, False, True]
    assert len(done) == 1


async def test_the_next_turn_comes_when_it_is_due(db: Database):
    done: list[None] = []

    async def sweep() -> None:
        done.append(None)

    schedule = Schedule(db)
    assert await schedule.turn("sweep", 60, sweep)
    assert not await schedule.turn("sweep", 60, sweep)
    await change(db, "UPDATE q_turn SET due=due-60")
    assert await schedule.turn("sweep", 60, sweep)
    assert len(done) == 2


async def test_the_schedule_keeps_the_time(db: Database):
    done: list[None] = []

    async def sweep() -> None:
        done.append(None)

    async with keeping_house(db) as schedule:
        schedule.every(0.1, "sweep", sweep)
        await eventually(lambda: len(done) >= 3)
