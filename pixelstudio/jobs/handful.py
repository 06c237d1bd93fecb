"""What a worker has in hand: its attempts, those that wait in hand for a place, the places it keeps for jobs that are just being put in,
and the room that is left.

Waiting in hand is for the pump, which takes the next jobs of a lane while those in hand are still being seen to, where they are over at
once. If for once they are not, nobody is kept waiting here for long: the job goes back into its lane, for whoever has a place.

Those that begin in one turn of the loop share a task as long as each is over without having waited for anything: a task takes longer to make
than such a job to run. As soon as one waits, those behind it have a task each.
"""

from __future__ import annotations

import asyncio
import functools
from collections import Counter, deque
from contextvars import copy_context
from itertools import chain
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
"""A job that was taken for a place which does not become free is given back after so long, or twice as long where this process stood still."""
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
        self._attempts: set[Attempt] = set()
        self._in_lane: Counter[str] = Counter(dict.fromkeys(lanes, 0))
        self._waiting: dict[str, deque[Attempt]] = {}
        """By lanes that have any, the one first that has had something waiting for longest."""
        self._is_looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._context = copy_context()
        """In which jobs begin that have waited: the one they are found in may be that of a job that is over."""
        self._kept: Counter[str] = Counter(dict.fromkeys(lanes, 0))
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
        return {(attempt.job.id, attempt.job.fence): attempt for attempt in (*self._attempts, *chain.from_iterable(self._waiting.values()))}

    @property
    def kept(self) -> int:
        """How many places are kept."""
        return self._kept.total()

    def tasks(self, *, sent: bool = False) -> set[asyncio.Task[None]]:
        """The tasks of the attempts, or of those that have sent something to somebody who charges."""
        return {attempt.task for attempt in self._attempts if attempt.task is not None and (attempt.was_sent or not sent)}

    def room_of(self, lane: str) -> int:
        """How many more jobs of `lane` may be in hand here: a place is kept for every other lane that has none, and what waits of others comes first.

        So a few slow paid drawings never keep the quick ones waiting, and every lane has a turn even where places are fewer than lanes.
        """
        return self._room_of(lane, first=sum(len(waiting) for other, waiting in self._waiting.items() if other != lane))

    def _room_of(self, lane: str, *, first: int = 0) -> int:
        free = self.places - len(self._attempts) - self.kept
        idle = sum(1 for other in self._lanes if other != lane and not self._is_busy(other))
        return max(free - min(idle, self.places - 1) - first, 0 if self._is_busy(lane) else min(free, 1))

    def _is_busy(self, lane: str) -> bool:
        return self._in_lane[lane] > 0 or self._kept[lane] > 0

    def _waiting_in(self, lane: str) -> int:
        return len(self._waiting.get(lane, ()))

    def held_of(self, lane: str) -> int:
        """How many jobs of `lane` are in hand that are not over, those that wait for a place too."""
        return self._in_lane[lane] + self._waiting_in(lane)

    def wants(self, lane: str, *, ahead: bool) -> int:
        """How many jobs of `lane` to take: for the places that are free, or `ahead` a whole hand for all that the lane may have.

        Ahead, not fewer than a job for each of those places, unless nothing is in hand: what is over meanwhile makes more of it.
        """
        room, held = self.room_of(lane), self.held_of(lane)
        if not ahead:
            return room - self._waiting_in(lane)
        share = room + self._in_lane[lane]
        wanted = min(HAND * share, self._most_of(share) - held)
        return wanted if wanted >= share or not held else 0

    def keep(self, lane: str, wanted: int) -> int:
        """Keep at most `wanted` places; says how many."""
        places = max(0, min(wanted, self.room_of(lane) - self._waiting_in(lane)))
        self._kept[lane] += places
        return places

    def release(self, lane: str, places: int = 1) -> None:
        """Keep them no more."""
        self._kept[lane] -= places
        self._look_for_places()

    def take(self, lane: str, jobs: Sequence[Job]) -> None:
        """Start attempts at jobs of `lane`, in this order and as soon as there is room; until then they wait in hand."""
        if jobs:
            taken = [Attempt(job, self._desk) for job in jobs]
            self._waiting.setdefault(lane, deque()).extend(taken)
            asyncio.get_running_loop().call_later(WAITS_IN_HAND_S, self._have_waited, taken)
            self._look_for_places()

    def begin(self, job: Job) -> None:
        """Start an attempt."""
        self._start([Attempt(job, self._desk)])

    def give_back(self) -> None:
        """Give back what waits in hand."""
        self._give_back(list(chain.from_iterable(self._waiting.values())))

    def _have_waited(self, attempts: Sequence[Attempt], *, twice: bool = False) -> None:
        """They go back. Where places are being given out just now, it was this process that stood still: they have as long once more."""
        if self._is_looking and not twice:
            again = functools.partial(self._have_waited, attempts, twice=True)
            asyncio.get_running_loop().call_later(WAITS_IN_HAND_S, again)
        else:
            self._give_back(attempts)

    def _give_back(self, attempts: Iterable[Attempt]) -> None:
        for attempt in attempts:
            if attempt.task is None:
                self._interrupt(attempt, Interruption.CROWDED)

    def _look_for_places(self) -> None:
        if self._waiting and not self._is_looking:  # once for all that are over by then
            self._is_looking = True
            asyncio.get_running_loop().call_soon(self._begin_waiting, context=self._context)

    def _begin_waiting(self) -> None:
        self._is_looking = False
        begun = 0
        for lane, waiting in list(self._waiting.items()):
            count = min(self._room_of(lane), len(waiting), self.at_a_turn - begun)
            if count > 0:
                self._start([waiting.popleft() for _ in range(count)])
                begun += count
            if not waiting:
                del self._waiting[lane]
        if begun == self.at_a_turn:
            self._look_for_places()

    def _start(self, attempts: Sequence[Attempt]) -> None:
        loop, now = asyncio.get_running_loop(), self._desk.db.clock.epoch()
        begun = loop.time()
        if not self._attempts:
            self.held_since = begun
        ahead = deque(attempts)
        task = loop.create_task(self._see_to(ahead))
        for attempt in attempts:
            lane = attempt.job.lane
            self._meter.begun(lane, now - attempt.job.run_at)
            self._in_lane[lane] += 1
            attempt.task, attempt.begun, attempt.due = task, begun, begun + attempt.timeout_s
        self._attempts.update(attempts)
        self._look_by(min(attempt.due for attempt in attempts))
        if len(attempts) > 1:
            loop.call_soon(self._start_apart, ahead)  # after the first step of that task

    def _start_apart(self, ahead: deque[Attempt]) -> None:
        """Those who stand behind one that waits."""
        loop = asyncio.get_running_loop()
        while ahead:
            attempt = ahead.popleft()
            attempt.task = loop.create_task(self._see_to(deque((attempt,))))

    async def _see_to(self, ahead: deque[Attempt]) -> None:
        task = asyncio.current_task()
        while ahead:
            attempt = ahead.popleft()
            attempt.speak()
            around = copy_context()
            try:
                await attempt.run()
            finally:  # as its last step, not as a callback after it: that would be one more turn of the loop for each of them
                self._over(attempt)
            if (task and task.cancelling()) or copy_context() != around:
                break  # what a job leaves behind in its task is nothing to those behind it

    def _over(self, attempt: Attempt) -> None:
        self._attempts.discard(attempt)
        lane = attempt.job.lane
        self._in_lane[lane] -= 1
        self._meter.ended(lane, attempt.ended_as, asyncio.get_running_loop().time() - attempt.begun)
        self._put_away(attempt)
        self._look_for_places()
        if not self._attempts and not self._waiting and self._timer is not None:  # whoever waits would need it again
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
        for attempt in [attempt for attempt in self._attempts if attempt.due <= now]:
            attempt.interrupt(Interruption.TIMED_OUT)
        if later := [attempt.due for attempt in self._attempts if attempt.due > now]:
            self._look_by(min(later))

    def interrupt_jobs(self, job_ids: Collection[int], why: Interruption) -> None:
        """Stop the attempts at these jobs."""
        self.interrupt((hold for hold in self.held if hold[0] in job_ids), why)

    def interrupt(self, holds: Iterable[Hold], why: Interruption) -> None:
        """Stop these attempts, as far as they are still in hand."""
        held = self.held
        for hold in list(holds):
            if hold in held:
                self._interrupt(held[hold], why)

    def _interrupt(self, attempt: Attempt, why: Interruption) -> None:
        attempt.interrupt(why)
        if attempt.task is None and attempt.is_interrupted:  # there is nothing left to do but to settle it
            waiting = self._waiting[attempt.job.lane]
            waiting.remove(attempt)
            if not waiting:
                del self._waiting[attempt.job.lane]
            self._start([attempt])
