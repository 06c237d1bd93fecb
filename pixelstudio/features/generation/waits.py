"""Expected waits, from what this installation has drawn lately: half of such pictures took so long at most, nine in ten so long.

Counted per lane and size from the queue's own times, so a faster machine or a slower provider tells itself. Nothing is said
when too little is known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import text

from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.statements import HELD, READY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.providers.contract import ImageModel

# Looked at: so many of the newest jobs of the installation, whatever their lane, so that the question stays cheap.
LOOKED_AT: Final = 600
ENOUGH: Final = 3
# A longer line is as good as endless: nobody is shown a wait for it, and counting on would cost everybody.
LINE_MAX: Final = 1_000
_MEDIAN, _MOST = 0.5, 0.9

# One slot per job is enough: all slots of a job have one size.
_LATELY: Final = text(
    """
    SELECT g.width, g.height, j.finished - j.started FROM q_job j
    JOIN generation_slot s ON s.job_id = j.id
    JOIN generation g ON g.id = s.generation_id
    WHERE j.id > (SELECT COALESCE(max(id), 0) FROM q_job) - :looked_at AND j.state = :done AND j.lane = :lane
        AND s.slot = (SELECT min(t.slot) FROM generation_slot t WHERE t.job_id = j.id)
    ORDER BY j.id DESC"""
)
_LINE: Final = text(
    f"""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM q_job WHERE lane = :lane AND {READY} LIMIT {LINE_MAX}) AS ready),
        (SELECT count(*) FROM q_job WHERE lane = :lane AND {HELD})"""  # noqa: S608  # constants of the queue
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
    """What is known of a lane: the pace by size, how many jobs wait there, and how many hold one of its places."""

    paces: Mapping[tuple[int, int], Pace]
    waiting: int
    running: int = 0

    def wait(self, model: ImageModel, width: int, height: int, count: int) -> Wait | None:
        """What a set would take if it were asked for now; None when too little is known of this size."""
        return self.wait_at(model, width, height, self.waiting + math.ceil(count / model.images_per_call))

    def wait_at(self, model: ImageModel, width: int, height: int, position: int) -> Wait | None:
        """How long until a job at this place in line is done, 0 for one that has just begun; None as above, and for an endless line.

        While all places of a lane are taken, one becomes free each time a drawing's length has passed by their number.
        """
        pace = self.paces.get((width, height))
        if pace is None or position > LINE_MAX:
            return None
        places = max(1, model.lane_concurrency)
        before = max(0, position + self.running - places) if position else 0
        return Wait(pace.median_s * (1 + before / places), pace.most_s * (1 + before / places))


async def outlook(reader: Reader, model: ImageModel) -> Outlook:
    """What is known of the lane of `model`, by two bounded reads."""
    asked: dict[str, object] = {"lane": model.lane, "done": int(JobState.DONE), "looked_at": LOOKED_AT}
    taken: list[tuple[Any, ...]] = [tuple(row) for row in await reader.exec(_LATELY, asked)]
    by_size: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for width, height, seconds in taken:
        if seconds is not None and seconds >= 0:
            by_size[width, height].append(seconds)
    paces = {size: _pace(seconds) for size, seconds in by_size.items() if len(seconds) >= ENOUGH}
    return await as_it_stands(reader, Outlook(paces, 0), model)


async def as_it_stands(reader: Reader, known: Outlook, model: ImageModel) -> Outlook:
    """The same paces, with the line as it is now: one small read."""
    waiting, running = cast("tuple[int, int]", (await reader.exec(_LINE, {"lane": model.lane})).one())
    return Outlook(known.paces, waiting, running)


def _pace(seconds: Sequence[float]) -> Pace:
    in_order = sorted(seconds)
    return Pace(_quantile(in_order, _MEDIAN), _quantile(in_order, _MOST))


def _quantile(in_order: Sequence[float], share: float) -> float:
    """The nearest-rank quantile."""
    return in_order[max(0, math.ceil(share * len(in_order)) - 1)]
