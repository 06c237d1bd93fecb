"""Expected waits, from what this installation has drawn lately: half of such pictures took so long at most, nine in ten so long.

Counted per lane and size from the queue's own times, so a faster machine or a slower provider tells itself. Nothing is said
when too little is known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.features.generation.requests import calls_for, share_of
from pixelstudio.jobs.fairness import FlowKey, Priority
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.statements import POSITION_EXACT_MAX
from pixelstudio.jobs.traffic import Traffic, ahead_of, traffic_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.providers.contract import ImageModel

# Looked at: so many of the newest jobs of the installation, whatever their lane, so that the question stays cheap.
LOOKED_AT: Final = 600
ENOUGH: Final = 3
_MEDIAN, _MOST = 0.5, 0.9
# While a person or a broken provider holds a lane up, nobody knows until when.
_ENDLESS: Final = frozenset({"maintainer", "breaker"})

# One slot per job is enough: all slots of a job have one size.
_LATELY: Final = text(
    """
    SELECT g.width, g.height, j.finished - j.started FROM q_job j
    JOIN generation_slot s ON s.job_id = j.id
    JOIN generation g ON g.id = s.generation_id
    WHERE j.id > (SELECT COALESCE(max(id), 0) FROM q_job) - :looked_at AND j.state = :done AND j.lane = :lane
        AND NOT s.is_copy AND s.slot = (SELECT min(t.slot) FROM generation_slot t WHERE t.job_id = j.id)
    ORDER BY j.id DESC"""
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one call of a lane takes at one size, in seconds: at the median, and for nine in ten."""

    median_s: float
    most_s: float


@dataclass(frozen=True, slots=True)
class Wait:
    """How long until the last picture of a set is there, in seconds, from P50 to P90."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a lane: the pace by size, and how it moves at this moment."""

    paces: Mapping[tuple[int, int], Pace]
    traffic: Traffic
    before: tuple[int, ...] = ()
    """How many are before the last job of a set of one, of two, and so on, if this person asked for it now; empty when nobody waits."""

    def wait(self, model: ImageModel, width: int, height: int, count: int) -> Wait | None:
        """What a set would take if it were asked for now; None when too little is known of this size."""
        before = self.before[count - 1] if count <= len(self.before) else self.traffic.waiting
        return self.wait_at(model, width, height, before + len(calls_for(model, range(count))))

    def wait_at(self, model: ImageModel, width: int, height: int, position: int) -> Wait | None:
        """How long until a job at this place in line is done, 0 for one that has just begun.

        While all places of a lane are taken, one becomes free each time a drawing's length has passed by their number; where the provider
        takes only so many a minute, that is the least. None as above, for an endless line, and while nobody can say when it goes on.
        """
        pace, traffic = self.paces.get((width, height)), self.traffic
        if pace is None or position > POSITION_EXACT_MAX or traffic.held_by in _ENDLESS:
            return None
        places = max(1, traffic.places or model.lane_concurrency)
        rounds = max(0, position + traffic.running - places) / places if position else 0.0
        at_least = (position - 1) / traffic.rate if position and traffic.rate else 0.0
        low, high = (max(rounds * span_s, at_least) + traffic.held_for_s + span_s for span_s in (pace.median_s, pace.most_s))
        return Wait(low, high)


async def outlook(reader: Reader, model: ImageModel, asked_by: str = "") -> Outlook:
    """What is known of the lane of `model`, by a few bounded reads; for a member who may ask now, also where they would come to stand."""
    asked: dict[str, object] = {"lane": model.lane, "done": int(JobState.DONE), "looked_at": LOOKED_AT}
    taken: list[tuple[Any, ...]] = [tuple(row) for row in await reader.exec(_LATELY, asked)]
    by_size: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for width, height, seconds in taken:
        if seconds is not None and seconds >= 0:
            by_size[width, height].append(seconds)
    paces = {size: _pace(seconds) for size, seconds in by_size.items() if len(seconds) >= ENOUGH}
    traffic = (await traffic_in(reader, [model.lane]))[model.lane]
    return Outlook(paces, traffic, await _before(reader, model, asked_by) if asked_by and traffic.waiting else ())


async def _before(reader: Reader, model: ImageModel, asked_by: str) -> tuple[int, ...]:
    flow = FlowKey(model.lane, Priority.INTERACTIVE, asked_by)
    shares = [sum(share_of(model, len(call)) for call in calls_for(model, range(count))) for count in range(1, model.max_images + 1)]
    return tuple(await ahead_of(reader, flow, shares))


async def outlooks(reader: Reader, models: Iterable[ImageModel], known: Mapping[str, Outlook]) -> dict[str, Outlook]:
    """The lanes of these models as they move now. Of those in `known` the paces are taken over: they change slowly, and cost more to ask."""
    by_lane = {model.lane: model for model in models}
    moving = await traffic_in(reader, known.keys() & by_lane.keys())
    return {
        lane: Outlook(known[lane].paces, moving[lane]) if lane in known else await outlook(reader, model) for lane, model in by_lane.items()
    }


def _pace(seconds: Sequence[float]) -> Pace:
    in_order = sorted(seconds)
    return Pace(_quantile(in_order, _MEDIAN), _quantile(in_order, _MOST))


def _quantile(in_order: Sequence[float], share: float) -> float:
    """The nearest-rank quantile."""
    return in_order[max(0, math.ceil(share * len(in_order)) - 1)]
