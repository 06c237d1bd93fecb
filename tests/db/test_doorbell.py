"""The doorbell: heard by whoever listens, with its hint where the database can carry one."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database

if TYPE_CHECKING:
    from pixelstudio.core.clock import FrozenClock


async def test_a_ring_tells_other_processes_where_to_look(database: Database, clock: FrozenClock) -> None:
    heard: list[str] = []
    other = await Database.open(database.url, clock, Bus())
    other.doorbell.on("lamps", heard.append)
    listening = asyncio.create_task(other.doorbell.listen())
    await asyncio.sleep(0.3)

    database.doorbell.ring("lamps", ["hall", "attic"])
    database.doorbell.ring("lamps", ["hall"])
    if database.dialect == "sqlite":
        await database.script(_a_write())
    async with asyncio.timeout(10):
        while not heard or (database.dialect == "postgresql" and len(heard) < 2):  # noqa: ASYNC110  # nothing sets an event for a list
            await asyncio.sleep(0.01)
    database.doorbell.ring("lamps")
    if database.dialect == "sqlite":
        await database.script(_a_write())
    async with asyncio.timeout(10):
        while heard[-1]:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await other.close()

    assert set(heard) == ({""} if database.dialect == "sqlite" else {"attic", "hall", ""})


def _a_write():
    yield "INSERT INTO q_turn(name,due) VALUES('a write',0) ON CONFLICT(name) DO UPDATE SET due=q_turn.due+1", {}
