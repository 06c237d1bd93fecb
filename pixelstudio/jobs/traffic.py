"""How a lane moves at this moment, for a page that shows a place in it: asked often, so counted no further than anybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import bindparam, text

from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.statements import HELD, POSITION_EXACT_MAX, READY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.jobs.fairness import FlowKey
    from pixelstudio.jobs.lanes import BreakerState, PauseReason

_TRAFFIC: Final = text(
    f"""
    SELECT l.id, l.max_inflight,
        (SELECT count(*) FROM (SELECT 1 FROM q_job j WHERE j.lane = l.id AND j.{READY} LIMIT {POSITION_EXACT_MAX + 1}) AS ready),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.{HELD}),
        l.rate, l.declared_rate, l.paused_until, l.pause_reason, l.breaker
    FROM q_lane l WHERE l.id IN :lanes"""  # noqa: S608  # constants of this package
).bindparams(bindparam("lanes", expanding=True))

_COMES_TO: Final = text(
    """
    SELECT COALESCE((SELECT c.vtime FROM q_class c WHERE c.lane = :lane AND c.prio = :prio), 0),
        COALESCE((SELECT f.last_vft FROM q_flow f WHERE f.lane = :lane AND f.prio = :prio AND f.user_id = :user_id), 0)"""
)


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


async def ahead_of(reader: Reader, flow: FlowKey, spans: Sequence[float]) -> list[int]:
    """How many are before the last of what somebody puts in now, for each of `spans`: how far that would move them on in fair turns.

    However much another person has in line, only their share of it is before. Above 1,000 it says 1,001; two queries.
    """
    vtime, last_vft = cast("tuple[float, float]", (await reader.exec(_COMES_TO, flow._asdict())).one())
    places = {f"place{number}": max(vtime, last_vft) + span for number, span in enumerate(spans)}
    counts = ",".join(f"({_before(name)})" for name in places)
    row = (await reader.exec(text(f"SELECT {counts}"), {"lane": flow.lane, "prio": int(flow.prio), **places})).one()
    return [int(count) for count in row]


def _before(place: str) -> str:
    ready = f"SELECT 1 FROM q_job WHERE lane=:lane AND {READY} AND (prio,vft)<=(:prio,:{place}) ORDER BY prio,vft LIMIT {POSITION_EXACT_MAX + 1}"  # noqa: S608
    return f"SELECT count(*) FROM ({ready}) AS {place}"  # noqa: S608  # as above
