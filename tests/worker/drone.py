"""A worker's process for tests: works at a database address until told to stop, with kinds that hold on, or kill their own process.

It prints a line for every start and end of a job: which one, which attempt, and the moment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus, Event, event_kind
from pixelstudio.core.failpoints import arm
from pixelstudio.db.engine import Database
from pixelstudio.db.transaction import Transaction
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import Job
from pixelstudio.jobs.kind import Delivery, JobContext, Outcome, Park
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.worker.process import stopped_by_signals


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """What the end of a job wrote."""

    name = "test.delivered"
    job_id: int
    attempt: int
    outcome: str


class Hold:
    """Holds on for `seconds`, or kills its process when the job says so."""

    name = "hold"
    timeout_s = 60.0
    max_attempts = 3

    async def run(self, context: JobContext) -> object:
        say("started", context.job)
        if context.job.params.get("kills"):
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(context.job.params["seconds"] if context.job.attempt == 1 else 0.0)
        return None

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        await tx.publish(Delivered(job_id=job.id, attempt=job.attempt, outcome=type(outcome).__name__))
        tx.after_commit(lambda: say("ended", job))


class Pay:
    """Buys something, is told to come back for it, and fetches it. Each charge is a line in the till, a file nobody takes anything out of."""

    name = "pay"
    timeout_s = 60.0
    max_attempts = 3

    async def run(self, context: JobContext) -> object:
        till = Path(context.job.params["till"])
        call = await context.call_to("till", cost=1, is_traceable=True)
        if call.key in till.read_text():
            return "fetched"
        await context.mark_sent(call)
        _charge(till, call.key)
        return Park(0.1, f"external-{call.key}")

    async def resume(self, context: JobContext, _delivery: Delivery | None) -> object:
        return await self.run(context)

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        await tx.publish(Delivered(job_id=job.id, attempt=job.attempt, outcome=type(outcome).__name__))
        tx.after_commit(lambda: say("ended", job))


def _charge(till: Path, key: str) -> None:
    with till.open("a") as lines:
        print(key, file=lines)


def say(word: str, job: Job) -> None:
    print(word, job.id, job.attempt, time.monotonic(), flush=True)


def main(url: str, lease_s: float) -> None:
    """Work until told to stop; says `ready`."""
    arm(os.environ.get("FAILPOINT", ""))
    asyncio.run(work(url, lease_s))


async def work(url: str, lease_s: float) -> None:
    bus = Bus()
    db = await Database.open(url, SystemClock(), bus)
    runner = Runner(
        db,
        {"hold": Hold(), "pay": Pay()},
        [Lane("bench", 10)],
        ProgressBoard(bus),
        concurrency=5,
        pace=Pace(lease_s=lease_s, beat_s=lease_s * 0.3),
    )
    listening = asyncio.create_task(db.doorbell.listen())
    with stopped_by_signals(runner):
        print("ready", flush=True)
        await runner.run()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await db.close()
