"""The runner: takes jobs, keeps their leases, runs them, and never writes for a job that is no longer its own.

Four things go on beside the attempts it has in hand (`handful`): the *pump* writes ends and takes jobs, the *beat* keeps leases and learns
what is not wanted any more, the *lookout* wakes what is due and rescues what is abandoned, the *ear* hears rings of this process and of
others.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.core.ids import new_id
from pixelstudio.core.limits import BEAT_S, LEASE_S
from pixelstudio.core.log import get_logger
from pixelstudio.jobs import claim
from pixelstudio.jobs.attempt import Attempt, Desk, Interruption
from pixelstudio.jobs.handful import Handful
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.lookout import Lookout
from pixelstudio.jobs.meter import Meter
from pixelstudio.jobs.pump import Pump
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.rings import JOBS_CHANNEL, JOBS_TOPIC, JobsUnwanted, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from pixelstudio.core.events import Event, Subscription
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.claim import Lane
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind
    from pixelstudio.jobs.progress import ProgressBoard
    from pixelstudio.jobs.upkeep import Look

DEAF_S = 5.0
"""How long a stopping worker waits for a job that does not listen to its cancellation."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long a lease lasts, how often it is renewed, how long a worker that hears nothing sleeps, how retries spread,
    and how long a stopping worker waits for what it has sent to somebody who charges.
    """

    lease_s: float = LEASE_S
    beat_s: float = BEAT_S
    poll_min_s: float = 2.0
    poll_max_s: float = 5.0
    backoff: Backoff = field(default_factory=Backoff)
    drain_s: float = 0.0


class Runner:
    """Works for `lanes` with at most `concurrency` jobs at a time, until `stop`."""

    def __init__(  # noqa: PLR0913  # what a worker is made of, by name
        self,
        db: Database,
        kinds: Mapping[str, AnyKind],
        lanes: Iterable[Lane],
        progress: ProgressBoard,
        *,
        concurrency: int = 4,
        worker_id: str | None = None,
        pace: Pace | None = None,
        meter: Meter | None = None,
        hands: Hands | None = None,
    ) -> None:
        self.worker_id = worker_id or f"{os.getpid()}-{new_id()[:8]}"
        self._db = db
        self._sql = STATEMENTS[db.dialect]
        self._lanes = {lane.id: lane for lane in lanes}
        self._concurrency = concurrency
        self._pace = pace or Pace()
        self._meter = meter or Meter()
        self._hands = hands or Hands()
        self._desk = Desk(db, kinds, progress, self._pace.backoff, self._finish_plain)
        self._handful = Handful(self._lanes, concurrency, self._desk, self._meter, self._put_away)
        self._pump = Pump(db, self._lanes, self.worker_id, self.lease_s, self._handful)
        self._lookout = Lookout(db, kinds, self.lease_s, (self._pace.poll_min_s, self._pace.poll_max_s), self._looked)
        self._beaten_at = 0.0
        self._stopping = False
        self._is_over = False
        self._hurried = asyncio.Event()

    @property
    def running(self) -> int:
        """How many jobs are in hand."""
        return len(self._handful)

    async def run(self) -> None:
        """Work until `stop`, then give back what is in hand. Outages of the database are waited for."""
        with self._db.bus.subscribe(JOBS_TOPIC) as bell:
            self._db.doorbell.on(JOBS_CHANNEL, self._heard_from_outside)
            await self._steadily(self._declare, once=True)
            get_logger().info("worker.started", worker=self.worker_id, concurrency=self._concurrency, lanes=sorted(self._lanes))
            async with asyncio.TaskGroup() as group:
                around = [
                    group.create_task(self._hear(bell)),
                    group.create_task(self._steadily(self._beat_once)),
                    group.create_task(self._steadily(self._lookout.once)),
                ]
                with self._hands.lent_by(self):
                    await self._steadily(self._pump.once)
                await self._put_everything_down()
                for task in around:
                    task.cancel()
        get_logger().info("worker.stopped", worker=self.worker_id)

    def stop(self) -> None:
        """Take nothing more and give back what runs; what was sent to somebody who charges may still come in for `drain_s`.

        `run` returns soon after. Safe to repeat.
        """
        self._stopping = True
        self._pump.close()

    def hurry(self) -> None:
        """Stop, and wait for nothing any more."""
        self._hurried.set()
        self.stop()

    def _finish_plain(self, job: Job) -> None:
        self._pump.finish_plain(job)

    def _put_away(self, attempt: Attempt) -> None:
        self._pump.put_away(attempt)
        if attempt.retried_in_s is not None:
            self._lookout.within(attempt.retried_in_s)

    # the hands

    @property
    def lease_s(self) -> float:
        """As `hands.Worker`."""
        return self._pace.lease_s

    def reserve(self, lane: str, wanted: int) -> int:
        """As `hands.Worker`: none unless the last look at the lane found nobody waiting and nothing wrong."""
        return 0 if self._stopping or not self._pump.is_idle(lane) else self._handful.keep(lane, wanted)

    def release(self, lane: str, places: int) -> None:
        """As `hands.Worker`."""
        self._handful.release(lane, places)
        self._pump.wake()

    def begin(self, jobs: Sequence[Job]) -> None:
        """As `hands.Worker`. Too late, it is as if this process had crashed: the lease decides."""
        for job in jobs:
            self._handful.release(job.lane)
            if not self._is_over:
                self._handful.begin(job)

    # the beat

    async def _beat_once(self) -> None:
        await asyncio.sleep(self._pace.beat_s)
        held = self._handful.held
        if not held:
            return
        asked_at = asyncio.get_running_loop().time()
        try:
            ids = {job_id for job_id, _ in held}
            script = claim.beat(self._sql, ids=ids, worker=self.worker_id, lease_s=self.lease_s, now=self._db.clock.epoch())
            found = await self._db.script(script)
        except Exception:
            if asked_at - max(self._beaten_at, self._handful.held_since) > self.lease_s:
                # Nobody can be told that we still work: by now others may have taken all of it up.
                self._handful.interrupt(held, Interruption.LEASE_LOST)
            raise
        self._beaten_at = asked_at
        self._handful.interrupt((hold for hold in held if found.fences.get(hold[0]) != hold[1]), Interruption.LEASE_LOST)
        self._handful.interrupt((hold for hold in held if hold[0] in found.unwanted), Interruption.UNWANTED)

    # the lookout

    def _looked(self, found: Look) -> None:
        self._meter.rescued += found.rescued + len(found.abandoned)
        self._pump.ring(found.lanes, thoroughly=True)
        self._handful.interrupt_jobs(found.unwanted, Interruption.UNWANTED)

    # the ear

    async def _hear(self, bell: Subscription) -> None:
        while True:
            for event in await bell.get_batch(interval_s=0):
                self._heard(event)

    def _heard(self, event: Event) -> None:
        match event:
            case JobsWaiting(lanes=lanes, later=later):
                self._pump.ring(lanes)
                if later:
                    self._lookout.within(0.0)
            case JobsUnwanted(job_ids=job_ids):
                self._handful.interrupt_jobs(job_ids, Interruption.UNWANTED)
            case _:  # we fell behind: look
                self._lookout.within(0.0)

    def _heard_from_outside(self, hint: str) -> None:
        if hint:
            self._pump.ring((hint,))
        else:
            self._lookout.within(0.0)

    # the end

    async def _put_everything_down(self) -> None:
        await self._let_commits_finish()
        self._handful.give_back()
        self._handful.interrupt((hold for hold, attempt in self._handful.held.items() if not attempt.was_sent), Interruption.STOPPING)
        await asyncio.sleep(0)  # whoever has begun in a task with others has one of its own then, or is over
        await self._let_sent_ones_finish()
        self._is_over = True
        tasks = self._handful.tasks()
        self._handful.interrupt(self._handful.held, Interruption.STOPPING)
        if tasks:
            _, deaf = await asyncio.wait(tasks, timeout=DEAF_S)
            for attempt in self._handful.held.values():
                if attempt.task in deaf:
                    get_logger().warning("job.deaf", job_id=attempt.job.id)
            for task in deaf:
                task.cancel()
        try:
            await self._pump.flush()
        except Exception as error:  # noqa: BLE001  # what could not be written now is decided by the lease
            get_logger().warning("worker.ends_not_written", error=type(error).__name__)

    async def _let_commits_finish(self) -> None:
        """Jobs that are being put in as running begin, and are then given back like the others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEAF_S):
                while self._handful.kept:  # noqa: ASYNC110  # seldom, and for the length of a commit
                    await asyncio.sleep(0.01)

    async def _let_sent_ones_finish(self) -> None:
        """Cut off now, they would be lost to the person and perhaps charged all the same. The beat keeps their leases meanwhile."""
        under_way = self._handful.tasks(sent=True)
        if not under_way or not self._pace.drain_s:
            return
        get_logger().info("worker.draining", jobs=len(under_way), at_most_s=self._pace.drain_s)
        hurried = asyncio.create_task(self._hurried.wait())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.drain_s):
                while under_way and not hurried.done():
                    over, _ = await asyncio.wait({*under_way, hurried}, return_when=asyncio.FIRST_COMPLETED)
                    under_way -= over
        hurried.cancel()

    async def _declare(self) -> None:
        await self._db.script(claim.declare(self._sql, self._lanes.values()))

    async def _steadily(self, step: Callable[[], Awaitable[None]], *, once: bool = False) -> None:
        """Repeat `step` until the worker stops; a failing database makes it wait, not die."""
        failures = 0
        while not self._stopping or step == self._beat_once:
            try:
                await step()
            except Exception as error:  # noqa: BLE001  # the job runner is one of the four edges
                failures += 1
                get_logger().warning("worker.faltered", step=step.__name__, error=type(error).__name__, times=failures)
                await asyncio.sleep(self._pace.backoff.delay_s(min(failures, 3)))
            else:
                failures = 0
                if once:
                    return
