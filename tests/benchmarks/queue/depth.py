"""A hundred thousand jobs waiting: how fast they are drained, also while somebody keeps an old snapshot open, and what a place in line costs."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import JobId
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import migrate
from pixelstudio.jobs.queue import jobs_by_id
from tests.benchmarks.figures import Figure, median_of
from tests.benchmarks.queue.contest import database
from tests.benchmarks.queue.starting import ask, drained
from tests.faults.postgres import a_postgres

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS, DEPTH, TAKEN = 5, 100_000, 10_000
ASKED = 50


async def measure(folder: Path, depth: int = DEPTH, taken: int = TAKEN) -> list[Figure]:
    """Drains in turn of a queue that holds no more than is taken, of a deep one, and of the deep one under a snapshot."""
    rates: dict[str, list[float]] = {"shallow": [], "deep": [], "snapshot": []}
    with a_postgres(folder / "pg") as postgres:
        shallow, deep = database(postgres.url, "shallow"), database(postgres.url, "deep")
        for url in (shallow, deep):
            await migrate(url)
        await asyncio.to_thread(ask, "ours", "fill", deep, depth)
        places = await _places(deep)
        for _ in range(ROUNDS):
            for name, url in (("shallow", shallow), ("deep", deep), ("snapshot", deep)):
                await asyncio.to_thread(ask, "ours", "fill", url, taken)
                rates[name].append(await asyncio.to_thread(_drained, url, taken, folder / "log", old=name == "snapshot"))
    deep_ratios = [deep / shallow for deep, shallow in zip(rates["deep"], rates["shallow"], strict=True)]
    old_ratios = [old / shallow for old, shallow in zip(rates["snapshot"], rates["shallow"], strict=True)]
    return [
        *(Figure(f"drain, {name}", round(statistics.median(values)), "/s") for name, values in rates.items()),
        median_of("drain at depth 100,000, times shallow", deep_ratios, "x", 0.9, at_least=True),
        median_of("the same under an open snapshot, times shallow", old_ratios, "x", 0.5, at_least=True),
        *places,
    ]


def _drained(url: str, jobs: int, log: Path, *, old: bool) -> float:
    if not old:
        return drained("ours", url, jobs, log)
    with psycopg.connect(url) as somebody:
        somebody.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        somebody.execute("SELECT count(*) FROM q_lane")
        return drained("ours", url, jobs, log)


async def _places(url: str) -> list[Figure]:
    """What it costs to say where a job stands: the thousandth in line, exactly, and the last, which is told as "1,000+"."""
    opened = await Database.open(url, SystemClock(), Bus())
    async with opened.reader() as reader:
        ids = (await reader.exec(text("SELECT id FROM q_job WHERE state=2 ORDER BY prio, vft, id"))).scalars().all()
        times: dict[int, list[float]] = {999: [], len(ids) - 1: []}
        for _ in range(ASKED):
            for place, spent in times.items():
                begun = time.perf_counter()
                [status] = await jobs_by_id(reader, [JobId(ids[place])])
                spent.append(1_000 * (time.perf_counter() - begun))
                assert status.position == min(place + 1, 1_001)
    await opened.close()
    exact, beyond = times.values()
    return [median_of("place of the thousandth in line", exact, "ms", 1.0), median_of('place of the last, "1,000+"', beyond, "ms", 1.0)]
