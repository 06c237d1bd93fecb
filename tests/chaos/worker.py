"""A worker of the campaign: draws for the payee, and ends or freezes itself at waits chosen by dice.

Started by fork from a process that has imported everything, so that a killed worker is replaced within milliseconds. Pictures are
developed in this very process: the decoder's children have tests of their own, and each would take a second to start again.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixelstudio.core import limits
from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.limits import BREAKER_AFTER
from pixelstudio.core.log import set_up_logging
from pixelstudio.db import engine
from pixelstudio.db.engine import Database, DatabaseUnusable
from pixelstudio.imaging import darkroom
from pixelstudio.imaging.children import ChildPool, ChildStep
from pixelstudio.jobs import claim, gate
from pixelstudio.jobs.attempt import Attempt
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.pump import Pump
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.net.client import Client
from pixelstudio.storage.local import LocalStorage
from pixelstudio.worker.process import stopped_by_signals
from tests.chaos.journal import note
from tests.chaos.provider import PayeeProvider
from tests.chaos.waits import watched
from tests.factories import a_studio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.imaging import frames
    from pixelstudio.jobs.claim import Parting, Script

WAITS, PUMP_WAITS = 130, 14
"""An attempt, and a claim, wait about so often: the wait at which it is struck is thrown with so many sides."""


@dataclass(frozen=True)
class Orders:
    """Where a worker works, and how much is to befall it. `risk`: the share of attempts and of claims that are struck."""

    url: str
    folder: Path
    payee: str
    lease_s: float
    seed: int
    number: int
    """The how manieth worker of the campaign it is."""
    risk: float
    with_mark: bool = True

    @property
    def strikes(self) -> Path:
        """The journal of what befell the workers."""
        return self.folder / "strikes"


class Darkroom(ChildPool):
    """Develops in a thread of this process."""

    async def call(
        self, task: str, arguments: frames.Facts, blobs: Sequence[bytes] = (), *, urgent: bool = False, wall_s: float | None = None
    ) -> ChildStep:
        assert task.endswith(":develop")
        ((facts, files),) = await asyncio.to_thread(lambda: list(darkroom.develop(dict(arguments), list(blobs))))
        return ChildStep(facts, files)


class Fate:
    """What befalls this process, and when: one life, one fate."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._dice = random.Random(f"{orders.seed} {orders.number}")

    def take_over(self) -> None:
        """From now on every attempt and every claim of this process may be struck."""
        attempt, pump = Attempt.run, Pump.take

        async def run(self: Attempt) -> None:
            await fate._live(attempt(self), fate._orders.risk, WAITS)

        async def take(self: Pump, lane: str) -> bool:
            return await fate._live(pump(self, lane), fate._orders.risk / 4, PUMP_WAITS)

        fate, Attempt.run, Pump.take = self, run, take

    async def _live(self, work: Any, risk: float, sides: int) -> Any:
        if self._dice.random() >= risk:
            return await work
        struck_at, waits = self._dice.randrange(sides), 0

        def at_wait(place: str) -> None:
            nonlocal waits
            waits += 1
            if waits == struck_at:
                self._strike(place)

        return await watched(work, at_wait)

    def _strike(self, place: str) -> None:
        number = self._dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP))
        note(self._orders.strikes, event="killed" if number == signal.SIGKILL else "frozen", pid=os.getpid(), place=place)
        os.kill(os.getpid(), number)


def send_without_mark(sql: Any, *, job: Any, **_: Any) -> Script[Parting]:
    """The wall taken out: says that it is committed that bytes may leave, and commits nothing."""
    yield sql.lock_held, {"id": job.id, "fence": job.fence}
    return "moved"


def main(orders: Orders) -> None:
    """Work until told to stop, or struck."""
    Fate(orders).take_over()
    # How long a frozen process keeps its locks, a call that nobody has heard of may be on its way, and a lane cools down: shorter, as
    # leases are.
    engine.IDLE_IN_TRANSACTION_MS = int(orders.lease_s * 500)
    shorter = orders.lease_s / limits.LEASE_S
    limits.UNHEARD_S *= shorter
    gate.COOL_DOWN_S *= shorter
    if not orders.with_mark:
        claim.mark_sent = send_without_mark
    log = os.open(orders.folder / "workers.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, sys.stderr.fileno())
    with contextlib.suppress(DatabaseUnusable):  # started while the server is down: somebody starts the next one
        asyncio.run(work(orders))


async def work(orders: Orders) -> None:
    """The same as `worker.process.work`, at another pace and without the periodic tasks."""
    set_up_logging("error")
    client = Client()
    database = await Database.open(orders.url, SystemClock(), Bus())
    studio = a_studio(
        database,
        database.clock,
        Darkroom(0, urgent_size=0),
        PayeeProvider(client, orders.payee),
        storage=LocalStorage(orders.folder / "objects"),
    )
    lanes = [Lane(name, terms.concurrency, terms.rate, terms.burst, BREAKER_AFTER) for name, terms in studio.providers.lanes.items()]
    pace = Pace(orders.lease_s, orders.lease_s * 0.3, 0.2, 0.4, backoff=Backoff(0.05, 0.5))
    runner = Runner(database, studio.kinds, lanes, studio.progress, concurrency=8, pace=pace)
    listening = asyncio.create_task(database.doorbell.listen())
    if campaign := multiprocessing.parent_process():  # however it ends, nobody stays behind
        asyncio.get_running_loop().add_reader(campaign.sentinel, os._exit, 0)
    with stopped_by_signals(runner):
        await runner.run()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await client.close()
    await database.close()
