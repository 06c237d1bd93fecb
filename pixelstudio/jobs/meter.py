"""The meter: what the worker of this process has done since it started, lane by lane. Plain counts; who shows them is elsewhere.

It is read at every job, so it costs about a microsecond: a look into a short list and a few additions, no lock and no label to make.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

BOUNDS_S: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0)
"""Upper ends of the spans that are counted apart, in seconds; what took longer is counted last."""


@dataclass(slots=True)
class Spread:
    """How long something took, each time: how many times within each of `BOUNDS_S`, and all of it together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    total_s: float = 0.0

    def note(self, seconds: float) -> None:
        """Take down one time. A clock that went back counts as no time at all."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        if seconds > 0:
            self.total_s += seconds


@dataclass(slots=True)
class LaneMeter:
    """One lane: how long jobs were due before they were begun, how long attempts took, and how each attempt ended."""

    waited: Spread = field(default_factory=Spread)
    ran: Spread = field(default_factory=Spread)
    ended: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Meter:
    """One for a process. `rescued` counts jobs taken back from workers that went silent."""

    lanes: dict[str, LaneMeter] = field(default_factory=dict[str, LaneMeter])
    rescued: int = 0

    def begun(self, lane: str, waited_s: float) -> None:
        """An attempt begins."""
        (self.lanes.get(lane) or self._new(lane)).waited.note(waited_s)

    def ended(self, lane: str, outcome: str, ran_s: float) -> None:
        """An attempt is over."""
        found = self.lanes.get(lane) or self._new(lane)
        found.ran.note(ran_s)
        found.ended[outcome] += 1

    def _new(self, lane: str) -> LaneMeter:
        found = self.lanes[lane] = LaneMeter()
        return found
