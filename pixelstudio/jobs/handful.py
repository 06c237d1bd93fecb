"""What a worker has in hand: its attempts, those that wait in hand for a place, the places it keeps for jobs that are just being put in,
and the room that is left.

Waiting in hand is for the pump, which takes the next jobs of a lane while those in hand are still being seen to, where they are over at
once. If for once they are not, nobody is kept waiting here for long: the job goes back into its lane, for whoever has a place.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from pixelstudio.jobs.attempt import Attempt, Interruption

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pixelstudio.jobs.attempt import Desk
    from pixelstudio.jobs.claim import Lane
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.meter import Meter

Hold: TypeAlias = "tuple[int, int]"
"""A job and its fence: the same job taken again is another one."""

WAITS_IN_HAND_S: Final = 0.05
"""A job that was taken for a place which does not become free is given back after so long."""
HAND: Final = 2
"""Jobs for each place that are taken ahead at once. They share what a cycle and its commit cost."""
AT_A_TURN: Final = {"postgresql": 7, "sqlite": 20}
"""As many begin in one turn of the loop. Between two turns it hears what the database has answered, which would otherwise wait for all of them;
SQLite answers once in a cycle."""
_BARELY_S: Final = 0.001
"""A timer may fire early by the grain of its clock."""


class Handful:
    """At most `places` attempts at a time. `put_away` is called with each that is over."""

    def __init__(self, lanes: Mapping[str, Lane], places: int, desk: Desk, meter: Meter, put_away: Callable[[Attempt], None]) -> None:
        self._lanes = lanes
        self.places = places
        self.at_a_turn = AT_A_TURN[desk.db.dialect]
        self._desk = desk
        self._meter = meter
        self._put_away = put_away
        self._attempts: dict[Hold, tuple[Attempt, asyncio.Task[None], float]] = {}
        self._in_lane: Counter[str] = Counter()
        self._waiting: dict[Hold, Attempt] = {}
        self._waiting_in: Counter[str] = Counter()
        """The same by lanes, the one first that has had something waiting for longest."""
        self._is_looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._kept: Counter[str] = Counter()
        self.held_since = 0.0
        """The moment of this loop from which on something has been in hand."""

    def __len__(self) -> int:
        return len(self._attempts)

    @property
    def most(self) -> int:
        """How many jobs it ever holds: a hand that is seen to, and one that is taken meanwhile."""
        return self._most_of(self.places)

    def _most_of(self, places: int) -> int:
        return 2 * HAND * places

    @property
    def held(self) -> dict[Hold, Attempt]:
        """What is in hand now, those that wait for a place too."""
        return {hold: attempt for hold, (attempt, *_) in self._attempts.items()} | self._waiting

    @property
    def kept(self) -> int:
        """How many places are kept."""
        return self._kept.total()

    def tasks(self, *, sent: bool = False) -> set[asyncio.Task[None]]:
        """The tasks of the attempts, or of those that have sent something to somebody who charges."""
        return {task for attempt, task, _ in self._attempts.values() if attempt.was_sent or not sent}

    def room_of(self, lane: str) -> int:
        """How many more jobs of `lane` may be in hand here: a place is kept for every other lane that has none, and what waits of others comes first.

        So a few slow paid drawings never keep the quick ones waiting, and every lane has a turn even where places are fewer than lanes.
        """
        return self._room_of(lane, first=len(self._waiting) - self._waiting_in[lane])

    def _room_of(self, lane: str, *, first: int = 0) -> int:
        free = self.places - len(self._attempts) - self._kept.total()
        busy = (+self._in_lane).keys() | (+self._kept).keys()
        others = min(len(self._lanes.keys() - busy - {lane}), self.places - 1)
        return max(free - others - first, 0 if lane in busy else min(free, 1))

    def held_of(self, lane: str) -> int:
        """How many jobs of `lane` are in hand that are not over, those that wait for a place too."""
        return self._in_lane[lane] + self._waiting_in[lane]

    def wants(self, lane: str, *, ahead: bool) -> int:
        """How many jobs of `lane` to take: for the places that are free, or `ahead` a whole hand for all that the lane may have.

        Ahead, not fewer than a job for each of those places, unless nothing is in hand: what is over meanwhile makes more of it.
        """
        room, held = self.room_of(lane), self.held_of(lane)
        if not ahead:
            return room - self._waiting_in[lane]
        share = room + self._in_lane[lane]
        wanted = min(HAND * share, self._most_of(share) - held)
        return wanted if wanted >= share or not held else 0

    def keep(self, lane: str, wanted: int) -> int:
        """Keep at most `wanted` places; says how many."""
        places = max(0, min(wanted, self.room_of(lane) - self._waiting_in[lane]))
        self._kept[lane] += places
        return places

    def release(self, lane: str, places: int = 1) -> None:
        """Keep them no more."""
        self._kept[lane] -= places
        self._look_for_places()

    def take(self, lane: str, jobs: Sequence[Job]) -> None:
        """Start attempts at jobs of `lane`, in this order and as soon as there is room; until then they wait in hand."""
        if jobs:
            taken = {(job.id, job.fence): Attempt(job, self._desk) for job in jobs}
            self._waiting |= taken
            self._waiting_in[lane] += len(taken)
            asyncio.get_running_loop().call_later(WAITS_IN_HAND_S, self._give_back, list(taken))
            self._look_for_places()

    def begin(self, job: Job) -> None:
        """Start an attempt."""
        self._start((job.id, job.fence), Attempt(job, self._desk))

    def give_back(self) -> None:
        """Give back what waits in hand."""
        self._give_back(self._waiting)

    def _give_back(self, holds: Iterable[Hold]) -> None:
        self.interrupt((hold for hold in list(holds) if hold in self._waiting), Interruption.CROWDED)

    def _look_for_places(self) -> None:
        if self._waiting and not self._is_looking:  # once for all that are over by then
            self._is_looking = True
            asyncio.get_running_loop().call_soon(self._begin_waiting)

    def _begin_waiting(self) -> None:
        self._is_looking = False
        begun = 0
        for lane in list(self._waiting_in):
            waiting = (hold for hold, attempt in self._waiting.items() if attempt.job.lane == lane)
            for hold in list(itertools.islice(waiting, min(self._room_of(lane), self.at_a_turn - begun))):
                self._start(hold, self._no_longer_waiting(hold))
                begun += 1
        if begun == self.at_a_turn:
            self._look_for_places()

    def _no_longer_waiting(self, hold: Hold) -> Attempt:
        attempt = self._waiting.pop(hold)
        lane = attempt.job.lane
        self._waiting_in[lane] -= 1
        if not self._waiting_in[lane]:
            del self._waiting_in[lane]
        return attempt

    def _start(self, hold: Hold, attempt: Attempt) -> None:
        loop, job = asyncio.get_running_loop(), attempt.job
        begun = loop.time()
        if not self._attempts:
            self.held_since = begun
        self._meter.begun(job.lane, self._desk.db.clock.epoch() - job.run_at)
        task = loop.create_task(self._see_to(hold, attempt, begun), name=f"job-{job.id}")
        attempt.task = task
        self._attempts[hold] = attempt, task, (due := begun + attempt.timeout_s)
        self._in_lane[job.lane] += 1
        self._look_by(due)

    async def _see_to(self, hold: Hold, attempt: Attempt, begun: float) -> None:
        try:
            await attempt.run()
        finally:  # as its last step, not as a callback after it: that would be one more turn of the loop for each of them
            self._over(hold, begun)

    def _over(self, hold: Hold, begun: float) -> None:
        attempt = self._attempts.pop(hold)[0]
        self._in_lane[attempt.job.lane] -= 1
        self._meter.ended(attempt.job.lane, attempt.ended_as, asyncio.get_running_loop().time() - begun)
        self._put_away(attempt)
        self._look_for_places()
        if not self._attempts and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_by(self, due: float) -> None:
        """One timer for all of them: they are many, and hardly any ever takes too long."""
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(due, self._interrupt_late_ones)

    def _interrupt_late_ones(self) -> None:
        now, self._timer = asyncio.get_running_loop().time() + _BARELY_S, None
        self.interrupt((hold for hold, (*_, due) in self._attempts.items() if due <= now), Interruption.TIMED_OUT)
        for due in sorted(due for *_, due in self._attempts.values() if due > now)[:1]:
            self._look_by(due)

    def interrupt_jobs(self, job_ids: Collection[int], why: Interruption) -> None:
        """Stop the attempts at these jobs."""
        self.interrupt((hold for hold in self.held if hold[0] in job_ids), why)

    def interrupt(self, holds: Iterable[Hold], why: Interruption) -> None:
        """Stop these attempts, as far as they are still in hand."""
        for hold in list(holds):
            if hold in self._attempts:
                self._attempts[hold][0].interrupt(why)
            elif hold in self._waiting:
                self._waiting[hold].interrupt(why)
                if self._waiting[hold].is_interrupted:  # there is nothing left to do but to settle it
                    self._start(hold, self._no_longer_waiting(hold))
