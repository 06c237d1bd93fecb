"""Real worker processes: killed, frozen, poisoned and asked to stop, on both databases."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.ids import new_id
from pixelstudio.db.engine import Database
from pixelstudio.jobs.calls import CallPhase
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.queue import NewJob, enqueue_many
from tests.jobs.floor import LANE, eventually, put, select
from tests.leaks import leaks_in, with_canaries
from tests.nursery import ROOT, Forked, forked
from tests.worker import drone as drones

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.events import Bus

pytestmark = pytest.mark.slow
LEASE_S = 2.0
_LOGS = TemporaryDirectory(prefix="ps-drones-")


@pytest.fixture
async def db(database_url: str, bus: Bus) -> AsyncIterator[Database]:
    opened = await Database.open(database_url, SystemClock(), bus)
    yield opened
    await opened.close()


class Drone:
    """One worker's process and what it said."""

    def __init__(self, process: Forked, log: Path) -> None:
        self.process = process
        self._log = log

    def lines(self, word: str) -> list[list[str]]:
        told = self._log.read_text() if self._log.exists() else ""
        whole = told[: told.rfind("\n") + 1]  # it may be in the middle of a line
        return [words for line in whole.splitlines() if (words := line.split())[:1] == [word]]

    def moments(self, word: str) -> dict[int, float]:
        return {int(job_id): float(moment) for _, job_id, _, moment in self.lines(word)}

    async def gone(self) -> int:
        return await asyncio.to_thread(self.process.wait, 10)


@contextlib.asynccontextmanager
async def a_drone(db: Database, lease_s: float = LEASE_S, **environment: str) -> AsyncIterator[Drone]:
    log = Path(_LOGS.name) / new_id()
    drone = Drone(forked(drones.main, db.url, lease_s, environment=os.environ | environment, log=log), log)
    try:
        await eventually(lambda: drone.lines("ready"), within_s=20)
        yield drone
    finally:
        drone.process.kill()
        await drone.gone()


async def hold(db: Database, jobs: int, **params: object) -> list[int]:
    async with db.transaction() as tx:
        return [*await enqueue_many(tx, [NewJob(kind="hold", lane=LANE, params={"seconds": 60.0, **params}) for _ in range(jobs)])]


async def delivered(db: Database) -> list[tuple[int, int, str]]:
    rows = await select(db, "SELECT fields FROM outbox WHERE name='test.delivered' ORDER BY id")
    facts = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]
    return [(fact["job_id"], fact["attempt"], fact["outcome"]) for fact in facts]


async def test_jobs_of_a_worker_killed_by_9_run_again_within_the_lease_and_a_second(db: Database):
    async with a_drone(db) as victim:
        ids = await hold(db, 5)
        await eventually(lambda: len(victim.moments("started")) == 5, within_s=8)
        async with a_drone(db) as standby:
            # Long enough that beats, not the claim, are what kept the leases.
            await asyncio.sleep(LEASE_S * 1.5)
            assert standby.moments("started") == {}

            os.kill(victim.process.pid, signal.SIGKILL)
            killed = time.monotonic()
            await eventually(lambda: len(standby.moments("ended")) == 5, within_s=LEASE_S + 5)

    assert max(standby.moments("started").values()) - killed < LEASE_S + 1
    assert sorted(await delivered(db)) == [(job_id, 2, "Done") for job_id in ids]
    assert await select(db, "SELECT count(*) FROM q_attempt WHERE outcome='lost' AND attempt=1") == [(5,)]


async def test_a_worker_frozen_beyond_its_lease_writes_nothing_when_it_wakes(db: Database):
    async with a_drone(db) as frozen:
        [job_id] = await hold(db, 1, seconds=LEASE_S * 1.5)
        await eventually(lambda: frozen.moments("started"), within_s=8)
        os.kill(frozen.process.pid, signal.SIGSTOP)
        async with a_drone(db) as standby:
            # A process frozen inside a transaction keeps its locks until the server ends that transaction, seconds later.
            await eventually(lambda: standby.moments("ended"), within_s=20)
            os.kill(frozen.process.pid, signal.SIGCONT)
            await asyncio.sleep(LEASE_S * 1.2)

    assert frozen.moments("ended") == {}
    assert await delivered(db) == [(job_id, 2, "Done")]


async def test_a_job_that_kills_its_process_each_time_is_given_up(db: Database):
    job_id = await put(db, "hold", max_attempts=2, params={"kills": True})
    lease_s = 0.6
    for _ in range(2):
        async with a_drone(db, lease_s) as drone:
            assert await drone.gone() == -signal.SIGKILL
    async with a_drone(db, lease_s) as survivor:

        async def given_up() -> bool:
            return await delivered(db) == [(job_id, 2, "Failed")]

        await eventually(given_up, within_s=4)
        assert survivor.process.poll() is None

    assert await select(db, "SELECT state, attempt FROM q_job") == [(JobState.FAILED, 2)]


async def test_a_process_killed_before_the_last_commit_leaves_nothing_of_it(db: Database):
    [job_id] = await hold(db, 1, seconds=0.0)
    async with a_drone(db, 0.8, FAILPOINT="before_last_commit") as victim:
        assert await victim.gone() == -signal.SIGKILL
    assert await delivered(db) == []

    async with a_drone(db, 0.8) as standby:
        await eventually(lambda: standby.moments("ended"), within_s=4)
    assert await delivered(db) == [(job_id, 2, "Done")]


@pytest.mark.parametrize("point", ["after_mark", "before_park", "before_last_commit"])
async def test_whatever_the_moment_in_which_a_process_is_killed_what_it_bought_is_paid_once_and_comes(
    db: Database, tmp_path: Path, point: str
):
    till = tmp_path / "till"
    till.touch()
    job_id = await put(db, "pay", params={"till": str(till)})
    async with a_drone(db, 1.5, FAILPOINT=point) as victim:
        assert await victim.gone() == -signal.SIGKILL

    async with a_drone(db, 1.5) as standby:
        await eventually(lambda: standby.moments("ended"), within_s=10)

    [(delivered_id, _, outcome)] = await delivered(db)
    assert (delivered_id, outcome) == (job_id, "Done")
    assert len(till.read_text().splitlines()) == 1
    assert await select(db, "SELECT count(*),min(phase) FROM q_call") == [(1, CallPhase.SETTLED)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_asked_to_stop_gives_its_jobs_to_another_at_once(db: Database, number: signal.Signals):
    async with a_drone(db, 10.0) as leaving:
        await hold(db, 3)
        await eventually(lambda: len(leaving.moments("started")) == 3, within_s=8)
        asked = time.monotonic()
        leaving.process.send_signal(number)
        assert await leaving.gone() == 0
        assert time.monotonic() - asked < 6  # well within the lease, the interpreter's own exit included

    rows = await select(db, "SELECT state, attempt, lease_until FROM q_job")
    assert rows == [(JobState.READY, 0, None)] * 3
    assert await delivered(db) == []


async def test_the_worker_command_starts_looks_after_films_that_wait_and_stops(db: Database, tmp_path: Path):
    orphan = tmp_path / "var" / "films" / f"{new_id()}-0.previews"
    orphan.parent.mkdir(parents=True)
    orphan.touch()
    os.utime(orphan, (0, 0))  # its picture has never come
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pixelstudio", "worker"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | with_canaries({"DATABASE_URL": db.url, "DATA_DIR": str(tmp_path / "var"), "LOG_LEVEL": "debug"}),
    )
    assert process.stderr is not None
    told = b""
    async with asyncio.timeout(30):
        while b"worker.started" not in (line := await process.stderr.readline()):
            assert line, "the worker ended before it started"
            told += line
        while orphan.exists():  # noqa: ASYNC110  # the other process tells nobody
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        rest = await process.stderr.read()
        assert await process.wait() == 0
    assert b"worker.stopped" in rest
    assert leaks_in((told + rest).decode()) == []
