"""The pump: writes the ends of plain jobs and takes ready ones, lane by lane, whenever somebody rang or a place has become free.

Where all places had jobs that were over at once, the pump does not wait for the next ones before it asks for more: while the database writes,
they are done. So the worker and the database work at the same time, and a hand may be larger than there are places.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from typing import TYPE_CHECKING

from pixelstudio.jobs import claim
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.attempt import Attempt
    from pixelstudio.jobs.claim import Lane
    from pixelstudio.jobs.dependencies import Resolved
    from pixelstudio.jobs.handful import Handful
    from pixelstudio.jobs.job import Job

_BARELY_S = 0.001
"""A timer that fires early by the grain of its clock would find the lane still closed."""


class Pump:
    """Takes jobs of `lanes` into the hands of one worker."""

    def __init__(
        self,
        db: Database,
        lanes: Mapping[str, Lane],
        worker: str,
        lease_s: float,
        handful: Handful,
    ) -> None:
        self._db = db
        self._sql = STATEMENTS[db.dialect]
        self._lanes = lanes
        self._worker = worker
        self._lease_s = lease_s
        self._handful = handful
        self._plain: dict[str, list[Job]] = {}
        self._rung: set[str] = set(lanes)
        self._dry: set[str] = set()
        self._thorough: set[str] = set()
        self._brisk: set[str] = set()
        """Lanes whose jobs are over before more of them could be taken."""
        self._troubled: set[str] = set()
        self._went_well: Counter[str] = Counter()
        self._openings: dict[str, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()
        self._cycle = 0
        self._is_closed = False

    def wake(self) -> None:
        """Look whether there is something to do."""
        self._wake.set()

    def ring(self, lanes: Iterable[str], *, thoroughly: bool = False) -> None:
        """There may be something to take in these lanes; `thoroughly` also before the place where the search begins."""
        known = self._lanes.keys() & set(lanes)
        self._rung.update(known)
        self._dry.difference_update(known)
        if thoroughly:
            self._thorough |= known
        self._wake.set()

    def finish_plain(self, job: Job) -> None:
        """Take a finished job of a plain kind: its end is written with the next cycle."""
        self._plain.setdefault(job.lane, []).append(job)
        self._wake.set()

    def put_away(self, attempt: Attempt) -> None:
        """An attempt is over: its lane has a free place now."""
        lane = attempt.job.lane
        if lane in self._troubled and attempt.went_well:
            self._went_well[lane] += 1
            self._rung.add(lane)  # it waits for good news
        elif lane not in self._dry:
            self._rung.add(lane)
        self._wake.set()

    def is_idle(self, lane: str) -> bool:
        """Whether the last look at the lane found nobody waiting and nothing wrong."""
        return lane in self._dry and lane not in self._troubled

    def is_at_rest(self, lane: str) -> bool:
        """Whether it is idle and nobody has rung since."""
        return self.is_idle(lane) and lane not in self._rung

    async def once(self) -> None:
        """One cycle over the lanes that have something to do, or wait for one."""
        lanes = self._lanes_in_turn()
        if not lanes:
            await self._wake.wait()
            self._wake.clear()
            return
        full: list[str] = []
        for lane in lanes:
            self._rung.discard(lane)
            if await self.take(lane):
                full.append(lane)
        if self._brisk.issuperset(lanes):
            return
        # Let what has just been taken begin and take its first step before the next cycle, and be put away if that was its last: then one
        # cycle writes its end and takes the next.
        for _ in range(1 + math.ceil(self._handful.places / self._handful.at_a_turn)):
            await asyncio.sleep(0)
        self._brisk.update(lane for lane in full if self._is_wide(lane) and not self._handful.held_of(lane))

    def close(self) -> None:
        """Take nothing more."""
        self._is_closed = True
        for opening in self._openings.values():
            opening.cancel()
        self._wake.set()

    async def flush(self) -> None:
        """Write the ends that are not written yet."""
        for lane in list(self._plain):
            await self.take(lane)

    def _lanes_in_turn(self) -> list[str]:
        self._wake.clear()
        wanted = {lane for lane in self._rung if self._wanted(lane) > 0}
        lanes = sorted(wanted | {lane for lane in self._plain if lane not in self._brisk or not self._handful.held_of(lane)})
        self._cycle += 1  # every lane is first in turn: a busy one takes no other's room for ever
        first = self._cycle % len(lanes) if lanes else 0
        return lanes[first:] + lanes[:first]

    def _wanted(self, lane: str) -> int:
        return 0 if self._is_closed else self._handful.wants(lane, ahead=lane in self._brisk)

    def _is_wide(self, lane: str) -> bool:
        """Whether the lane itself lets a worker hold as much as it ever would."""
        return self._lanes[lane].rate is None and self._lanes[lane].max_inflight >= self._handful.most

    async def take(self, lane: str) -> bool:
        """Write the ends of this lane, and take what there is room for. Answers whether it gave as many as were wanted."""
        ended = self._plain.pop(lane, [])
        wanted, held = self._wanted(lane), self._handful.held_of(lane)
        hand = claim.Hand(
            self._worker, wanted, self._lease_s, self._db.clock, thorough=lane in self._thorough, went_well=self._went_well.pop(lane, 0)
        )
        self._thorough.discard(lane)
        try:
            claimed = await self._db.script(claim.pump(self._sql, lane=lane, ended=ended, hand=hand))
        except BaseException:
            self._plain.setdefault(lane, []).extend(ended)
            self._rung.add(lane)
            raise
        is_full = 0 < wanted == len(claimed.jobs)
        if not is_full or len(self._plain.get(lane, ())) < min(held, self._handful.places):
            self._brisk.discard(lane)
        self._note(lane, claimed, wanted)
        self._ring_for(claimed.freed)
        self._handful.take(lane, claimed.jobs)
        return is_full

    def _ring_for(self, freed: Resolved) -> None:
        """Jobs that waited for others need not wait any more: tell every worker, this one too."""
        if freed.lanes or freed.has_later:
            ring = JobsWaiting(lanes=tuple(sorted(freed.lanes)), later=freed.has_later)
            self._db.bus.publish(ring)
            self._db.doorbell.ring(JOBS_CHANNEL, ring.hints())

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
        self._openings[lane] = asyncio.get_running_loop().call_later(seconds + _BARELY_S, self.ring, (lane,))
