"""The runner: takes jobs, keeps their leases, runs them, and never writes for a job that is no longer its own.

Four things go on beside the attempts: the *pump* writes ends and takes jobs, the *beat* keeps leases and learns what is not wanted any
more, the *look* wakes what is due and rescues what is abandoned, the *ear* hears rings of this process and of others.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.core.ids import new_id
from pixelstudio.core.limits import BEAT_S, LEASE_S
from pixelstudio.core.log import get_logger
from pixelstudio.jobs import claim
from pixelstudio.jobs.attempt import Attempt, Desk, Interruption
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.meter import Meter
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.rings import JOBS_CHANNEL, JOBS_TOPIC, JobsUnwanted, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.upkeep import rescue

if TYPE_CHECKING:
    from pixelstudio.core.events import Event, Subscription
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.claim import Lane
    from pixelstudio.jobs.dependencies import Resolved
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind
    from pixelstudio.jobs.progress import ProgressBoard

DEAF_S = 5.0
"""How long a stopping worker waits for a job that does not listen to its cancellation."""
_BARELY_S = 0.001
"""A timer that fires early by the grain of its clock would find the lane still closed."""


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
        self._kinds = kinds
        self._lanes = {lane.id: lane for lane in lanes}
        self._concurrency = concurrency
        self._pace = pace or Pace()
        self._meter = meter or Meter()
        self._hands = hands or Hands()
        self._kept: Counter[str] = Counter()
        self._is_over = False
        self._desk = Desk(db, kinds, progress, self._pace.backoff, self._finish_plain)
        self._attempts: dict[tuple[int, int], tuple[Attempt, asyncio.Task[None]]] = {}
        self._plain: dict[str, list[Job]] = {}
        self._rung: set[str] = set(self._lanes)
        self._dry: set[str] = set()
        self._thorough: set[str] = set()
        self._troubled: set[str] = set()
        self._went_well: Counter[str] = Counter()
        self._openings: dict[str, asyncio.TimerHandle] = {}
        self._wake_pump = asyncio.Event()
        self._wake_look = asyncio.Event()
        self._look_at = 0.0
        self._beaten_at = 0.0
        self._cycle = 0
        self._stopping = False
        self._hurried = asyncio.Event()

    @property
    def running(self) -> int:
        """How many jobs are in hand."""
        return len(self._attempts)

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
                    group.create_task(self._steadily(self._look_once)),
                ]
                with self._hands.lent_by(self):
                    await self._steadily(self._pump_once)
                await self._put_everything_down()
                for task in around:
                    task.cancel()
        get_logger().info("worker.stopped", worker=self.worker_id)

    def stop(self) -> None:
        """Take nothing more and give back what runs; what was sent to somebody who charges may still come in for `drain_s`.

        `run` returns soon after. Safe to repeat.
        """
        self._stopping = True
        self._wake_pump.set()

    def hurry(self) -> None:
        """Stop, and wait for nothing any more."""
        self._hurried.set()
        self.stop()

    # the pump

    async def _pump_once(self) -> None:
        lanes = self._lanes_to_pump()
        if not lanes:
            await self._wake_pump.wait()
            self._wake_pump.clear()
            return
        for lane in lanes:
            self._rung.discard(lane)
            await self._pump(lane)
        # Let what has just started take its first step before the next cycle, and be put away if that was its last: then one cycle
        # writes its end and takes the next.
        for _ in range(2):
            await asyncio.sleep(0)

    def _lanes_to_pump(self) -> list[str]:
        self._wake_pump.clear()
        lanes = sorted(self._plain.keys() | {lane for lane in self._rung if self._room_of(lane) > 0})
        self._cycle += 1  # every lane is first in turn: a busy one takes no other's room for ever
        first = self._cycle % len(lanes) if lanes else 0
        return lanes[first:] + lanes[:first]

    async def _pump(self, lane: str) -> None:
        ended = self._plain.pop(lane, [])
        wanted = 0 if self._stopping else self._room_of(lane)
        hand = claim.Hand(
            self.worker_id,
            wanted,
            self._pace.lease_s,
            self._db.clock,
            thorough=lane in self._thorough,
            went_well=self._went_well.pop(lane, 0),
        )
        self._thorough.discard(lane)
        try:
            claimed = await self._db.script(claim.pump(self._sql, lane=lane, ended=ended, hand=hand))
        except BaseException:
            self._plain.setdefault(lane, []).extend(ended)
            self._rung.add(lane)
            raise
        self._note(lane, claimed, wanted)
        self._ring_for(claimed.freed)
        for job in claimed.jobs:
            self._start(job)

    def _ring_for(self, freed: Resolved) -> None:
        """Jobs that waited for others need not wait any more: tell every worker, this one too."""
        if freed.lanes or freed.has_later:
            ring = JobsWaiting(lanes=tuple(sorted(freed.lanes)), later=freed.has_later)
            self._db.bus.publish(ring)
            self._db.doorbell.ring(JOBS_CHANNEL, ring.hints())

    def _room_of(self, lane: str) -> int:
        """How many more jobs of `lane` this worker takes: a place is kept for every other lane that has none in hand.

        So a few slow paid drawings never keep the quick ones waiting, and every lane has a turn even where places are fewer than lanes.
        """
        free = self._concurrency - len(self._attempts) - self._kept.total()
        busy = {attempt.job.lane for attempt, _ in self._attempts.values()} | (+self._kept).keys()
        kept = min(len(self._lanes.keys() - busy - {lane}), self._concurrency - 1)
        return max(free - kept, 0 if lane in busy else min(free, 1))

    def _note(self, lane: str, claimed: claim.Claimed, wanted: int) -> None:
        (self._troubled.add if claimed.troubled else self._troubled.discard)(lane)
        if claimed.opens_in_s is not None:
            self._ring_in(lane, claimed.opens_in_s)
            return
        if claimed.dry:
            self._dry.add(lane)
            return
        self._dry.discard(lane)
        if claimed.jobs or wanted <= 0:
            self._rung.add(lane)  # there may be more; taken as soon as there is room

    def _ring_in(self, lane: str, seconds: float) -> None:
        if lane in self._openings:
            self._openings[lane].cancel()
        self._openings[lane] = asyncio.get_running_loop().call_later(seconds + _BARELY_S, self._ring, (lane,))

    def _start(self, job: Job) -> None:
        attempt = Attempt(job, self._desk)
        if not self._attempts:
            self._beaten_at = asyncio.get_running_loop().time()
        begun = asyncio.get_running_loop().time()
        self._meter.begun(job.lane, self._db.clock.epoch() - job.run_at)
        task = asyncio.create_task(attempt.run(), name=f"job-{job.id}")
        key = (job.id, job.fence)
        self._attempts[key] = attempt, task
        task.add_done_callback(lambda _: self._ended(key, begun))

    def _ended(self, key: tuple[int, int], begun: float) -> None:
        attempt, _ = self._attempts.pop(key)
        lane = attempt.job.lane
        self._meter.ended(lane, attempt.ended_as, asyncio.get_running_loop().time() - begun)
        if lane in self._troubled and attempt.went_well:
            self._went_well[lane] += 1
            self._rung.add(lane)  # it waits for good news
        elif lane not in self._dry:
            self._rung.add(lane)  # it has a free slot now
        if attempt.retried_in_s is not None:
            self._look_within(attempt.retried_in_s)
        self._wake_pump.set()

    def _finish_plain(self, job: Job) -> None:
        self._plain.setdefault(job.lane, []).append(job)
        self._wake_pump.set()

    # the hands

    @property
    def lease_s(self) -> float:
        """As `hands.Worker`."""
        return self._pace.lease_s

    def reserve(self, lane: str, wanted: int) -> int:
        """As `hands.Worker`: none unless the last look at the lane found nobody waiting and nothing wrong."""
        if self._stopping or lane not in self._dry or lane in self._troubled:
            return 0
        places = max(0, min(wanted, self._room_of(lane)))
        self._kept[lane] += places
        return places

    def release(self, lane: str, places: int) -> None:
        """As `hands.Worker`."""
        self._kept[lane] -= places
        self._wake_pump.set()

    def begin(self, jobs: Sequence[Job]) -> None:
        """As `hands.Worker`. Too late, it is as if this process had crashed: the lease decides."""
        for job in jobs:
            self._kept[job.lane] -= 1
            if not self._is_over:
                self._start(job)

    # the beat

    async def _beat_once(self) -> None:
        await asyncio.sleep(self._pace.beat_s)
        held = {key: attempt for key, (attempt, _) in self._attempts.items()}
        if not held:
            return
        asked_at = asyncio.get_running_loop().time()
        try:
            script = claim.beat(
                self._sql, ids={job_id for job_id, _ in held}, worker=self.worker_id, lease_s=self._pace.lease_s, now=self._db.clock.epoch()
            )
            found = await self._db.script(script)
        except Exception:
            if asked_at - self._beaten_at > self._pace.lease_s:
                # Nobody can be told that we still work: by now others may have taken all of it up.
                self._interrupt(held, Interruption.LEASE_LOST)
            raise
        self._beaten_at = asked_at
        self._interrupt({k: a for k, a in held.items() if found.fences.get(k[0]) != k[1]}, Interruption.LEASE_LOST)
        self._interrupt({k: a for k, a in held.items() if k[0] in found.unwanted}, Interruption.UNWANTED)

    @staticmethod
    def _interrupt(attempts: Mapping[tuple[int, int], Attempt], why: Interruption) -> None:
        for attempt in attempts.values():
            attempt.interrupt(why)

    # the look

    async def _look_once(self) -> None:
        loop = asyncio.get_running_loop()
        self._wake_look.clear()
        self._look_at = float("inf")
        found = await rescue(self._db, self._kinds, self._pace.lease_s)
        self._meter.rescued += found.rescued + len(found.abandoned)
        self._thorough |= found.lanes & self._lanes.keys()
        self._ring(found.lanes & self._lanes.keys())
        self._interrupt({k: a for k, (a, _) in self._attempts.items() if k[0] in found.unwanted}, Interruption.UNWANTED)
        self._look_at = min(self._look_at, loop.time() + self._sleep_s(found.due_in_s))
        while (left_s := self._look_at - loop.time()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._wake_look.wait()
            self._wake_look.clear()

    def _sleep_s(self, due_in_s: float | None) -> float:
        # A lease taken by anybody after a look lasts longer than the longest sleep, so nothing is found too late.
        poll_s = random.uniform(self._pace.poll_min_s, self._pace.poll_max_s)  # noqa: S311  # spread, not secrecy
        longest_s = min(poll_s, self._pace.lease_s)
        return longest_s if due_in_s is None else max(0.02, min(longest_s, due_in_s + 0.01))

    def _look_within(self, seconds: float) -> None:
        self._look_at = min(self._look_at, asyncio.get_running_loop().time() + seconds)
        self._wake_look.set()

    # the ear

    async def _hear(self, bell: Subscription) -> None:
        while True:
            for event in await bell.get_batch(interval_s=0):
                self._heard(event)

    def _heard(self, event: Event) -> None:
        match event:
            case JobsWaiting(lanes=lanes, later=later):
                self._ring(self._lanes.keys() & set(lanes))
                if later:
                    self._look_within(0.0)
            case JobsUnwanted(job_ids=job_ids):
                self._interrupt({k: a for k, (a, _) in self._attempts.items() if k[0] in job_ids}, Interruption.UNWANTED)
            case _:  # we fell behind: look
                self._look_within(0.0)

    def _heard_from_outside(self, hint: str) -> None:
        if hint:
            self._ring({hint} & self._lanes.keys())
        else:
            self._look_within(0.0)

    def _ring(self, lanes: Iterable[str]) -> None:
        self._rung.update(lanes)
        self._dry.difference_update(lanes)
        self._wake_pump.set()

    # the end

    async def _put_everything_down(self) -> None:
        await self._let_commits_finish()
        for opening in self._openings.values():
            opening.cancel()
        self._interrupt({k: a for k, (a, _) in self._attempts.items() if not a.was_sent}, Interruption.STOPPING)
        await self._let_sent_ones_finish()
        self._is_over = True
        tasks = [task for _, task in self._attempts.values()]
        self._interrupt({k: a for k, (a, _) in self._attempts.items()}, Interruption.STOPPING)
        if tasks:
            _, deaf = await asyncio.wait(tasks, timeout=DEAF_S)
            for task in deaf:
                get_logger().warning("job.deaf", job=task.get_name())
                task.cancel()
        try:
            for lane in list(self._plain):
                await self._pump(lane)
        except Exception as error:  # noqa: BLE001  # what could not be written now is decided by the lease
            get_logger().warning("worker.ends_not_written", error=type(error).__name__)

    async def _let_commits_finish(self) -> None:
        """Jobs that are being put in as running begin, and are then given back like the others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEAF_S):
                while self._kept.total():  # noqa: ASYNC110  # seldom, and for the length of a commit
                    await asyncio.sleep(0.01)

    async def _let_sent_ones_finish(self) -> None:
        """Cut off now, they would be lost to the person and perhaps charged all the same. The beat keeps their leases meanwhile."""
        under_way = {task for attempt, task in self._attempts.values() if attempt.was_sent}
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
