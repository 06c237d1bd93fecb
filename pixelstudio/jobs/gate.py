"""The gate of a lane: how many jobs it lets through at this moment, by its places, its rate, its pause and its breaker.

All workers read and write one gate, in the lane's row and under its lock, so what it allows is exact however many they are:

    places    at most `max_inflight` of its jobs run or are parked
    rate      a token for each job begun; `rate` tokens come in a second, at most `burst` are kept: never more than rate * t + burst
              begin in any t seconds. Whoever is told "too fast" (429) halves the rate; each job that ends well brings a twentieth of the
              declared rate back, never more than that
    pause     nobody begins before `paused_until`: the provider said so, the breaker did, or a maintainer. Of two pauses the longer holds
    breaker   closed --- `breaker_after` failures in a row ---> open, paused for 10 s
              open ----- the pause is over ---> half open: one job, the probe, begins
              half open  a job ends well ---> closed      |  the probe fails ---> open, paused twice as long (at most 5 minutes)
                         the probe ends otherwise, or its worker dies ---> the next job is the probe
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

PauseReason: TypeAlias = Literal["throttled", "breaker", "maintainer"]
BreakerState: TypeAlias = Literal["closed", "open", "half_open"]

SLOWEST: Final = 1 / 32
"""A rate is never halved below this share of the declared one: at some point slower does not help."""
CREEP: Final = 1 / 20
COOL_DOWN_S: Final = 10.0
COOL_DOWN_MAX_S: Final = 300.0
SET_BACK_S: Final = 5.0
"""A clock that is so far behind the last entry was set back, and is believed; a little is only the order of two commits."""
HELD_SINCE_STEP_S: Final = 0.1
"""How far behind the start of the count may lie: moving it at every claim would cost more than it saves."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate as it stands in `q_lane`. Moments are epochs of the queue, rates are jobs begun a second."""

    max_inflight: int
    declared_rate: float | None = None
    rate: float | None = None
    burst: float = 1.0
    tokens: float = 0.0
    refilled: float = 0.0
    throttled_at: float = 0.0
    paused_until: float = 0.0
    pause_reason: PauseReason | None = None
    breaker_after: int = 0
    failures: int = 0
    breaker: BreakerState = "closed"
    breaker_since: float | None = None
    probe: int | None = None
    held_since: float = 0.0

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Its columns in `q_lane`, in the order of its fields."""
        return tuple(field.name for field in fields(cls))

    def values(self) -> dict[str, Any]:
        """Its fields by column."""
        return dict(zip(self.columns(), astuple(self), strict=True))

    @property
    def is_troubled(self) -> bool:
        """Whether it would like to hear of jobs that end well."""
        return self.breaker != "closed" or self.failures > 0 or self._is_slowed

    @property
    def _is_slowed(self) -> bool:
        return self.rate is not None and self.declared_rate is not None and self.rate < self.declared_rate

    def moment(self, now: float) -> float:
        """The time by which the next job begins: never before the last one, unless the clock was set back."""
        return now if self.rate is None or self.refilled - now > SET_BACK_S else max(now, self.refilled)

    def room(self, held: int, at: float, *, probing: bool = False) -> int:
        """How many may begin. `held`: of those running and parked; `probing`: whether the probe is among them."""
        if self.paused_until > at:
            return 0
        places = max(0, self.max_inflight - held)
        if self.breaker != "closed":
            places = min(places, 0 if probing else 1)
        return places if self.rate is None else min(places, int(self._filled(at)))

    def opens_in_s(self, at: float) -> float | None:
        """When time alone opens it; None when it is not time that it waits for."""
        if self.paused_until > at:
            return self.paused_until - at
        missing = 0.0 if self.rate is None else 1.0 - self._filled(at)
        return missing / self.rate if self.rate and missing > 0 else None

    def _filled(self, at: float) -> float:
        since = max(min(self.refilled, at), min(self.paused_until, at))  # a pause brings no tokens
        return min(self.burst, self.tokens + (at - since) * (self.rate or 0.0))

    def passed(self, job_ids: Sequence[int], at: float) -> Self:
        """After these have begun."""
        after = self if self.rate is None or not job_ids else replace(self, tokens=self._filled(at) - len(job_ids), refilled=at)
        return replace(after, breaker="half_open", probe=job_ids[0]) if job_ids and self.breaker != "closed" else after

    def counted(self, oldest: float | None, at: float) -> Self:
        """After the held ones were counted, of which the oldest was claimed at `oldest`, and before some are claimed at `at`.

        Whoever waited for the lane with the time in hand, or was frozen, claims at an earlier moment than others did meanwhile.
        """
        since = at if oldest is None else min(oldest, at)
        return replace(self, held_since=since) if since > self.held_since + HELD_SINCE_STEP_S else self

    def relieved(self, jobs: int) -> Self:
        """After so many have ended well."""
        if not jobs or not self.is_troubled:
            return self
        after = replace(self, failures=0, breaker="closed", breaker_since=None, probe=None)
        if self.pause_reason == "breaker":
            after = replace(after, paused_until=0.0, pause_reason=None)
        if self.rate is not None and self.declared_rate is not None:
            after = replace(after, rate=min(self.declared_rate, self.rate + self.declared_rate * CREEP * jobs))
        return after

    def throttled(self, began: float, pause_s: float, at: float) -> Self:
        """After a job that began at `began` was told "too fast". What began before the last halving tells nothing new."""
        after = self.paused(at + pause_s, "throttled", at)
        if self.rate is None or self.declared_rate is None or began <= self.throttled_at:
            return after
        slower = max(self.rate / 2, self.declared_rate * SLOWEST)
        return replace(after, tokens=min(1.0, self._filled(at)), refilled=max(at, self.refilled), rate=slower, throttled_at=at)

    def failed(self, job_id: int, at: float) -> Self:
        """After `job_id` found nobody there. What had begun before the breaker opened does not count twice."""
        counts = self.breaker == "closed" or (self.breaker == "half_open" and self.probe == job_id)
        if not self.breaker_after or not counts:
            return self
        after = replace(self, failures=self.failures + 1)
        if after.failures < self.breaker_after:
            return after
        cool_down_s = min(COOL_DOWN_MAX_S, COOL_DOWN_S * 2.0 ** min(after.failures - self.breaker_after, 10))
        opened = replace(after, breaker="open", breaker_since=self.breaker_since or at, probe=None)
        return opened.paused(at + cool_down_s, "breaker", at)

    def paused(self, until: float, reason: PauseReason, at: float) -> Self:
        """Closed until then, unless a longer pause holds already."""
        return replace(self, paused_until=until, pause_reason=reason) if until > max(self.paused_until, at) else self

    def resumed(self) -> Self:
        """Open again, whoever closed it; a breaker that is open lets its probe through."""
        return replace(self, paused_until=0.0, pause_reason=None)
