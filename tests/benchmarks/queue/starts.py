"""From enqueue to start with the worker in the same process, against what cannot be saved: inserting a row and committing it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import new_id
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import migrate
from pixelstudio.features.credits.ledger import grant
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import enqueue
from pixelstudio.jobs.runner import Runner
from tests.benchmarks.figures import Figure
from tests.benchmarks.queue.ours import LANE, Note
from tests.benchmarks.queue.starting import as_served, p
from tests.factories import a_user
from tests.faults.postgres import a_postgres
from tests.templates import migrated_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.core.ids import UserId

SAMPLES = 500
PAUSE_S = 0.01


async def measure(folder: Path, samples: int = SAMPLES) -> list[Figure]:
    """On both databases, sample by sample in turn."""
    file = folder / "pixelstudio.db"
    file.write_bytes(migrated_sqlite())
    figures = await as_served(_on("SQLite", f"sqlite:///{file}", samples))
    with a_postgres(folder / "pg") as postgres:
        await migrate(postgres.url)
        return figures + await as_served(_on("Postgres", postgres.url, samples))


async def _on(name: str, url: str, samples: int) -> list[Figure]:
    database = await Database.open(url, SystemClock(), Bus())
    somebody = (await a_user(database)).id
    started: asyncio.Queue[float] = asyncio.Queue()
    kind = Note(lambda _: started.put_nowait(time.perf_counter()))
    hands = Hands()
    runner = Runner(database, {kind.name: kind}, [LANE], ProgressBoard(database.bus), hands=hands)
    bare: list[float] = []
    starts: list[float] = []
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(database.doorbell.listen())
        group.create_task(runner.run())
        for n in range(-20, samples):  # the first ones warm everything up
            inserted, began = await _bare(database, somebody), await _started(database, hands, started)
            if n >= 0:
                bare.append(inserted)
                starts.append(began)
            await asyncio.sleep(PAUSE_S)
        runner.stop()
        listening.cancel()
    await database.close()
    return [
        Figure(f"{name}: insert and commit, median", round(p(bare, 50), 2), "ms"),
        Figure(f"{name}: enqueue to start, median", round(p(starts, 50), 2), "ms"),
        Figure(f"{name}: enqueue to start, p50 times bare", round(p(starts, 50) / p(bare, 50), 2), "x", 2.0),
        Figure(f"{name}: enqueue to start, p99 times bare p50", round(p(starts, 99) / p(bare, 50), 2), "x", 6.0),
    ]


async def _bare(database: Database, somebody: UserId) -> float:
    begun = time.perf_counter()
    async with database.transaction() as tx:
        await grant(tx, somebody, 1, key=new_id())
    return 1_000 * (time.perf_counter() - begun)


async def _started(database: Database, hands: Hands, started: asyncio.Queue[float]) -> float:
    begun = time.perf_counter()
    async with database.transaction() as tx:
        await enqueue(tx, kind=Note.name, lane=LANE.id, user_id="ines", params={"moment": 0.0}, hands=hands)
    return 1_000 * (await started.get() - begun)
