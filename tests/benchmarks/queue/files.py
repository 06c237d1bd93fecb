"""The queue on a SQLite file, as one process serves and works: drained beside people's transactions, against huey, both at synchronous FULL."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import new_id
from pixelstudio.db.engine import Database
from pixelstudio.features.credits.ledger import grant
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.runner import Runner
from tests.benchmarks.figures import Figure, median_of
from tests.benchmarks.queue.ours import LANE, Note, Ours
from tests.benchmarks.queue.starting import as_served, ask, drained, p
from tests.benchmarks.queue.station import CONCURRENCY
from tests.factories import a_user
from tests.templates import migrated_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.core.ids import UserId

ROUNDS, OURS, HUEYS = 5, 60_000, 2_000
"""Ours are enough for some seconds of people: by the worst of a few dozen waits nobody would know the hundredth."""
WEB_PER_SECOND = 20


async def measure(folder: Path, ours: int = OURS, hueys: int = HUEYS) -> list[Figure]:
    """In turn; the people's waits of all rounds together."""
    own: list[float] = []
    peer: list[float] = []
    waits: list[float] = []
    for number in range(ROUNDS):
        url = f"sqlite:///{folder}/huey{number}.db"
        await asyncio.to_thread(ask, "huey", "fill", url, hueys)
        peer.append(await asyncio.to_thread(drained, "huey", url, hueys, folder / "log"))
        own.append(await as_served(_drained_beside_people(folder / f"ours{number}.db", ours, waits)))
    ratios = [mine / theirs for mine, theirs in zip(own, peer, strict=True)]
    return [
        Figure("SQLite drain, ours beside 20 transactions a second", round(statistics.median(own)), "/s"),
        Figure("SQLite drain, huey", round(statistics.median(peer)), "/s"),
        median_of("SQLite drain, times huey", ratios, "x", 8.0, at_least=True),
        Figure("a person's transaction beside the drain, p50", round(p(waits, 50), 1), "ms"),
        Figure("a person's transaction beside the drain, p99", round(p(waits, 99), 1), "ms", 20.0),
    ]


async def _drained_beside_people(file: Path, jobs: int, waits: list[float]) -> float:
    file.write_bytes(migrated_sqlite())
    queue = Ours()
    await queue.open(f"sqlite:///{file}")
    await queue.fill(jobs)
    database = await Database.open(f"sqlite:///{file}", SystemClock(), Bus())
    somebody = (await a_user(database)).id
    starts: list[float] = []
    finished = asyncio.Event()

    def started(_moment: float) -> None:
        starts.append(time.perf_counter())
        if len(starts) == jobs:
            finished.set()

    kind = Note(started)
    runner = Runner(database, {kind.name: kind}, [LANE], ProgressBoard(database.bus), concurrency=CONCURRENCY)
    async with asyncio.TaskGroup() as group:
        people = group.create_task(_people(database, somebody, waits))
        group.create_task(runner.run())
        async with asyncio.timeout(120):
            await finished.wait()
        runner.stop()
        people.cancel()
    await database.close()
    return jobs / (starts[-1] - starts[0])


async def _people(database: Database, somebody: UserId, waits: list[float]) -> None:
    """Each comes at its moment, however long the one before takes; the wait counts from that moment."""
    async with asyncio.TaskGroup() as group:
        while True:
            group.create_task(_person(database, somebody, waits))
            await asyncio.sleep(1 / WEB_PER_SECOND)


async def _person(database: Database, somebody: UserId, waits: list[float]) -> None:
    begun = time.perf_counter()
    async with database.transaction() as tx:
        await grant(tx, somebody, 1, key=new_id())
    waits.append(1_000 * (time.perf_counter() - begun))
