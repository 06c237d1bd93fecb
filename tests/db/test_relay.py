"""The relay: another process's facts arrive once, in order, and one's own never twice."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.db.relay import OutboxRelay
from tests.db.test_transaction import LampLit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.clock import FrozenClock


@contextlib.asynccontextmanager
async def _listening(database: Database) -> AsyncIterator[None]:
    relay = OutboxRelay(database)
    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(database.doorbell.listen())]
    await asyncio.sleep(0.3)
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_facts_of_another_process_arrive_within_a_second_in_order(database: Database, clock: FrozenClock, bus: Bus) -> None:
    other = await Database.open(database.url, clock, Bus())
    with bus.subscribe("lamps") as subscription:
        async with _listening(database):
            for lamp in range(3):
                async with other.transaction() as tx:
                    await tx.publish(LampLit(lamp=lamp))
            heard: list[object] = []
            async with asyncio.timeout(5):
                while len(heard) < 3:
                    heard += await subscription.get_batch(0)
    await other.close()

    assert heard == [LampLit(lamp=n) for n in range(3)]


async def test_ones_own_facts_are_not_heard_twice(database: Database, bus: Bus) -> None:
    with bus.subscribe("lamps") as subscription:
        async with _listening(database):
            async with database.transaction() as tx:
                await tx.publish(LampLit(lamp=1))
            await asyncio.sleep(0.3)
        heard = await subscription.get_batch(0)

    assert heard == [LampLit(lamp=1)]
