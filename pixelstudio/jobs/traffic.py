"""How a lane moves at this moment, for a page that shows a place in it: asked often, so counted no further than anybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, text

from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.statements import HELD, POSITION_EXACT_MAX, READY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pixelstudio.db.transaction import Reader
    from pixelstudio.jobs.lanes import BreakerState, PauseReason

_TRAFFIC: Final = text(
    f"""
    SELECT l.id, l.max_inflight,
        (SELECT count(*) FROM (SELECT 1 FROM q_job j WHERE j.lane = l.id AND j.{READY} LIMIT {POSITION_EXACT_MAX + 1}) AS ready),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.{HELD}),
        l.rate, l.declared_rate, l.paused_until, l.pause_reason, l.breaker
    FROM q_lane l WHERE l.id IN :lanes"""  # noqa: S608  # constants of this package
).bindparams(bindparam("lanes", expanding=True))


@dataclass(frozen=True, slots=True)
class Traffic:
    """One lane. `waiting` above 1,000 says 1,001; `rate` is jobs begun a second, None for as many as there is room for."""

    lane: str
    places: int = 0
    """0: no worker has ever declared this lane."""
    waiting: int = 0
    running: int = 0
    rate: float | None = None
    is_slowed: bool = False
    """Whether its provider has made it slower than it was declared to be."""
    held_by: PauseReason | None = None
    """What keeps it from beginning anything, for `held_for_s` from now."""
    held_for_s: float = 0.0
    breaker: BreakerState = "closed"

    @property
    def has_room(self) -> bool:
        """Whether a place is free."""
        return self.running < self.places


async def traffic_in(reader: Reader, lanes: Collection[str]) -> dict[str, Traffic]:
    """How these lanes move; one query. One that no worker has declared has no places."""
    if not lanes:
        return {}
    now = epoch(reader)
    rows: Iterable[tuple[Any, ...]] = await reader.exec(_TRAFFIC, {"lanes": sorted(lanes)})
    known = {row[0]: _traffic(now, *row) for row in rows}
    return {lane: known.get(lane, Traffic(lane)) for lane in lanes}


def _traffic(now: float, *row: Any) -> Traffic:
    lane, places, waiting, running, rate, declared_rate, paused_until, reason, breaker = row
    held_for_s = max(0.0, paused_until - now)
    is_slowed = rate is not None and declared_rate is not None and rate < declared_rate
    return Traffic(lane, places, waiting, running, rate, is_slowed, reason if held_for_s else None, held_for_s, breaker)
