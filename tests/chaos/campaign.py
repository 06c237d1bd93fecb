"""A campaign: people ask for priced pictures, workers draw them, and meanwhile workers, database and payee fail in every way there is.

Three phases. *Storm*: jobs come, workers strike themselves at their waits, and are killed and frozen from outside at any instant; on
Postgres the server goes down as in a power cut and comes back. *Calm*: nothing is struck any more, and everything has to end by itself.
*Verdict*: the payee's journal, our rows, the ledger and the picture folder are compared (`verdict`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.db.outages import DatabaseAway
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.imaging.children import ChildPool
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.storage.local import LocalStorage
from tests.chaos import worker
from tests.chaos.journal import note
from tests.chaos.payee import SIDE
from tests.chaos.provider import KINDS, PRICE, PayeeProvider
from tests.chaos.verdict import Evidence, Watched
from tests.chaos.worker import Orders
from tests.factories import a_request, a_studio, a_user
from tests.nursery import PROCESSES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from multiprocessing.process import BaseProcess

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import Idempotency
    from pixelstudio.studio import Studio
    from tests.faults.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 3
PEOPLE = 8
EACH_MAX = 100
"""Of a long campaign more people ask: what stays unknown counts as on its way, and nobody may have more than 200 there."""
WAITING_MAX = 120
"""So many jobs wait at most: then people stop asking for a moment."""
_HELD = """
SELECT j.id, j.lane, j.state, j.phase, j.attempt, j.fence, j.started, l.held_since
FROM q_job j JOIN q_lane l ON l.id = j.lane WHERE j.state IN (3, 4)"""


@dataclass(frozen=True)
class Plan:
    """What is to happen. `jobs` come within the storm, which lasts until all of them have been asked for, and for `storm_s` at least."""

    seed: int
    jobs: int
    storm_s: float
    lease_s: float = 2.0
    risk: float = 0.25
    """The share of attempts that are struck at one of their waits."""
    with_mark: bool = True
    kinds: tuple[Idempotency, ...] = KINDS
    calm_s: float = 90.0


@dataclass
class Campaign:
    """One campaign under way: the processes, and what was promised to whom."""

    plan: Plan
    folder: Path
    studio: Studio
    payee: str
    postgres: Postgres | None
    people: list[Actor] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)
    most_held: Counter[str] = field(default_factory=Counter)
    overlooked: dict[int, dict[str, Any]] = field(default_factory=dict)
    storm_s: float = 0.0
    calm_s: float = 0.0
    _workers: list[BaseProcess] = field(default_factory=list)
    _started: int = 0
    _frozen: dict[int, float] = field(default_factory=dict)
    _is_calm: bool = False

    def __post_init__(self) -> None:
        self._dice = random.Random(self.plan.seed)

    async def run(self) -> Evidence:
        """Storm, calm, and what there is to judge by."""
        wealth = self.plan.jobs * PRICE  # each could pay for everything
        self.people = [await a_user(self.studio.db, f"person{n}", credits=wealth) for n in range(max(PEOPLE, self.plan.jobs // EACH_MAX))]
        try:
            async with asyncio.TaskGroup() as group:
                tending = group.create_task(self._tend())
                watching = group.create_task(self._watch_lanes())
                began = time.monotonic()
                await self._storm()
                self._is_calm = True
                calmed = time.monotonic()
                await self._replace_all()
                await self._wait_for_the_end()
                self.storm_s, self.calm_s = calmed - began, time.monotonic() - calmed
                tending.cancel()
                watching.cancel()
        finally:
            self._end_workers()
        log = Path(self.postgres.server.log).read_text(errors="replace") if self.postgres else ""
        watched = Watched(self.most_held, self.overlooked, log.count("deadlock detected"))
        return await Evidence.gathered(self.studio, self.folder, self.promised, watched)

    # the storm

    async def _storm(self) -> None:
        ends_at = time.monotonic() + self.plan.storm_s
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._strike(enough))
            await self._ask()
            await asyncio.sleep(max(0.0, ends_at - time.monotonic()))
            enough.set()

    async def _ask(self) -> None:
        """Everybody asks for sets, and now and then calls one off."""
        asked = 0
        while asked < self.plan.jobs:
            by, count = self._dice.choice(self.people), min(self._dice.randint(1, 8), self.plan.jobs - asked)
            wish = a_request(
                prompt=f"chaos {asked}", model=f"payee-{self._dice.choice(self.plan.kinds)}", width=SIDE, height=SIDE, count=count
            )
            with contextlib.suppress(DatabaseAway):
                async with self.studio.db.transaction() as tx:
                    view = await submit(tx, self.studio, wish, by)
                self.promised.add(view.id)
                if self._dice.random() < 0.1:
                    async with self.studio.db.transaction() as tx:
                        await cancel(tx, self.studio, view.id, by)
            asked += count
            while await self._open_jobs() > WAITING_MAX:  # noqa: ASYNC110  # other processes end them
                await asyncio.sleep(0.1)
            await asyncio.sleep(self.plan.storm_s * count / self.plan.jobs / 2)

    async def _strike(self, enough: asyncio.Event) -> None:
        """From outside, at any instant, about twice within a lease. A blow is dealt to its end: a database that was crashed is started again."""
        blows = [self._kill, self._kill, self._freeze, *([self._cut, self._crash] if self.postgres else [])]
        while not enough.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(enough.wait(), self._dice.uniform(0.2, 0.8) * self.plan.lease_s)
                return
            await self._dice.choice(blows)()

    async def _kill(self) -> None:
        self._send(signal.SIGKILL, "killed")

    async def _freeze(self) -> None:
        self._send(signal.SIGSTOP, "frozen")

    def _send(self, number: signal.Signals, event: str) -> None:
        if alive := [process for process in self._workers if process.is_alive()]:
            pid = self._dice.choice(alive).pid
            assert pid is not None
            note(self.folder / "strikes", event=event, pid=pid, place="from outside")
            os.kill(pid, number)

    async def _cut(self) -> None:
        """Connections torn, with whatever they were at, as by a network that fails."""
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user LIMIT 3"
        note(self.folder / "strikes", event="cut", place="connections to Postgres")
        with contextlib.suppress(DatabaseAway):
            async with self.studio.db.reader() as reader:
                await reader.exec(text(cut))

    async def _crash(self) -> None:
        """The server ends as in a power cut, and comes back."""
        assert self.postgres is not None
        note(self.folder / "strikes", event="crashed", place="Postgres")
        await asyncio.to_thread(self.postgres.crash)
        await asyncio.sleep(self._dice.uniform(0.0, 0.5))
        await asyncio.to_thread(self.postgres.start)

    # the workers

    async def _tend(self) -> None:
        """Replace who is dead, and let who is frozen go on when its lease is long over."""
        while True:
            self._bury()
            while len(self._workers) < WORKERS:
                self._workers.append(self._a_worker())
            now = time.monotonic()
            for pid in [process.pid for process in self._workers if process.pid and is_stopped(process.pid)]:
                if now > self._frozen.setdefault(pid, now + self.plan.lease_s * self._dice.uniform(1.1, 1.8)):
                    del self._frozen[pid]
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(0.05)

    def _bury(self) -> None:
        """Who was killed is forgotten; who ended in another way tells of a fault that no campaign was needed for."""
        for process in self._workers:
            if process.exitcode not in {None, 0, -signal.SIGKILL}:
                raise RuntimeError(
                    f"A worker ended by itself with {process.exitcode}: {(self.folder / 'workers.log').read_text()[-2_000:]}"
                )
        self._workers = [process for process in self._workers if process.is_alive()]

    def _a_worker(self) -> BaseProcess:
        self._started += 1
        plan = self.plan
        risk = 0.0 if self._is_calm else plan.risk
        orders = Orders(self.studio.db.url, self.folder, self.payee, plan.lease_s, plan.seed, self._started, risk, plan.with_mark)
        process = PROCESSES.Process(target=worker.main, args=(orders,), daemon=True)
        process.start()
        return process

    async def _replace_all(self) -> None:
        """The last blow: everybody is killed, and who follows is not struck any more."""
        for process in self._workers:
            process.kill()

    def _end_workers(self) -> None:
        for process in self._workers:
            process.kill()
            process.join(10)

    # looking

    async def _watch_lanes(self) -> None:
        """The most jobs that were ever held in each lane, and those that its count overlooks; each look is one snapshot."""
        while True:
            with contextlib.suppress(DatabaseAway):
                async with self.studio.db.reader() as reader:
                    held = [dict(row) for row in (await reader.exec(text(_HELD))).mappings()]
                for lane, jobs in Counter(job["lane"] for job in held).items():
                    self.most_held[lane] = max(self.most_held[lane], jobs)
                self.overlooked |= {job["id"]: job for job in held if job["started"] < job["held_since"]}
            await asyncio.sleep(0.1)

    async def _open_jobs(self) -> int:
        over = ", ".join(str(int(state)) for state in {*FINAL, JobState.UNKNOWN})
        with contextlib.suppress(DatabaseAway):
            async with self.studio.db.reader() as reader:
                return (await reader.exec(text(f"SELECT count(*) FROM q_job WHERE state NOT IN ({over})"))).scalar_one()
        return WAITING_MAX + 1

    async def _wait_for_the_end(self) -> None:
        """Until nothing is open, or so long that somebody has to look why: the verdict tells which jobs are left."""
        ends_at = time.monotonic() + self.plan.calm_s
        while await self._open_jobs() and time.monotonic() < ends_at:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.1)


def is_stopped(pid: int) -> bool:
    """Whether a process is frozen."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


@contextlib.contextmanager
def a_payee(folder: Path, seed: int) -> Iterator[str]:
    """Somebody who charges, and their address."""
    command = [sys.executable, "-m", "tests.chaos.payee", str(folder / "payee"), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@contextlib.asynccontextmanager
async def a_campaign(plan: Plan, url: str, folder: Path, postgres: Postgres | None = None) -> AsyncIterator[Campaign]:
    """A campaign on a migrated, empty database, ready to `run`."""
    folder.mkdir(parents=True, exist_ok=True)
    database = await Database.open(url, SystemClock(), Bus())
    storage = LocalStorage(folder / "objects")
    try:
        with a_payee(folder, plan.seed) as payee:
            studio = a_studio(database, database.clock, ChildPool(0), PayeeProvider(None, payee), storage=storage)  # type: ignore[arg-type]  # asks nobody
            yield Campaign(plan, folder, studio, payee, postgres)
    finally:
        await database.close()


def summary(campaign: Campaign, evidence: Evidence) -> str:
    """What happened, in lines."""
    strikes = Counter((strike["event"], strike["place"]) for strike in evidence.strikes)
    kinds = Counter[str]()
    for (event, _), times in strikes.items():
        kinds[event] += times
    lines = [
        f"{len(evidence.slots)} jobs, storm {campaign.storm_s:.0f} s, calm {campaign.calm_s:.0f} s",
        "struck: " + ", ".join(f"{event} {times}" for event, times in sorted(kinds.items())),
        "jobs: " + ", ".join(f"{name} {jobs}" for name, jobs in sorted(evidence.ends.items())),
        f"payee: {evidence.asked} asked, {evidence.charged} charged; files nobody names, swept: {evidence.collected}",
    ]
    return "\n".join(lines + [f"  {times:5} {event:7} {place}" for (event, place), times in strikes.most_common()])
