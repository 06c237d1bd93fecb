"""A studio at rest, and one whose worker is killed: what an idle server asks of Postgres and the processor, and how soon lost work runs again."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import psutil
import psycopg

from pixelstudio.core.limits import LEASE_S
from pixelstudio.db.migrate import migrate
from tests.benchmarks.figures import Figure
from tests.benchmarks.queue.contest import database
from tests.benchmarks.queue.starting import ask, wait_for, workers
from tests.faults.postgres import a_postgres
from tests.serving import a_server

if TYPE_CHECKING:
    from pathlib import Path

SETTLE_S, IDLE_S = 20, 60
HELD = 20
BEATEN_S = 4.0
"""Long enough that the leases which run out are those of a beat, not of the claim."""


async def measure(folder: Path, settle_s: float = SETTLE_S, idle_s: float = IDLE_S) -> list[Figure]:
    """First the rest, then the kill, on a Postgres each."""
    with a_postgres(folder / "idle") as postgres:
        figures = await _idle(postgres.url, folder, settle_s, idle_s)
    with a_postgres(folder / "kill") as postgres:
        await migrate(postgres.url)
        return [*figures, await asyncio.to_thread(_killed, postgres.url, folder / "log")]


async def _idle(server: str, folder: Path, settle_s: float, idle_s: float) -> list[Figure]:
    with a_server(folder, module="pixelstudio", DATABASE_URL=database(server, "studio")) as studio:
        assert studio.process is not None
        process = psutil.Process(studio.process.pid)
        await asyncio.sleep(settle_s)
        before, busy = _transactions(server), sum(process.cpu_times()[:2])
        await asyncio.sleep(idle_s)
        after, busier = _transactions(server), sum(process.cpu_times()[:2])
    return [
        Figure("idle server with its worker, transactions", round((after - before) / idle_s, 2), "/s", 1.0),
        Figure("idle server with its worker, processor", round(100 * (busier - busy) / idle_s, 2), "%", 0.5),
    ]


def _transactions(server: str) -> int:
    """Asked from another database, so that the question does not count."""
    with psycopg.connect(server, autocommit=True) as somebody:
        [count] = somebody.execute("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'studio'").fetchone() or [0]
    return count


def _killed(url: str, log: Path) -> Figure:
    """From kill -9 of a worker that holds 20 jobs until all of them run at another one."""
    with workers("ours-holding", url, 2, log) as (victim, standby):
        ask("ours", "fill", url, HELD)
        victim.say("go")
        wait_for(lambda: victim.started == HELD)
        standby.say("go")
        time.sleep(BEATEN_S)
        victim.process.kill()
        killed = time.monotonic()
        wait_for(lambda: standby.started == HELD)
        took_s = time.monotonic() - killed
    return Figure("20 jobs of a killed worker run again after", round(took_s, 1), "s", LEASE_S + 1)
