"""How every lane stands: what waits, runs and is stuck in it, how fast it may go, and what holds it up; for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import text

from pixelstudio.jobs.endings import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.db.transaction import Reader

PauseReason: TypeAlias = Literal["throttled", "breaker", "maintainer"]
BreakerState: TypeAlias = Literal["closed", "open", "half_open"]

_STANDING: Final = text(
    """
    SELECT l.id, l.max_inflight,
        COALESCE(r.jobs, 0),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 1),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state IN (3, 4)),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state IN (3, 4) AND j.state = 3 AND j.lease_until < :now),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 8),
        r.since, l.rate, l.declared_rate, l.paused_until, l.pause_reason, l.breaker, l.breaker_since
    FROM q_lane l
    LEFT JOIN (SELECT lane, count(*) AS jobs, min(run_at) AS since FROM q_job WHERE state = 2 GROUP BY lane) r ON r.lane = l.id
    ORDER BY l.id"""
)


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """One lane. `silent` jobs run, but their worker has not been heard of; `unknown` ones may have been paid for and wait to be decided.

    Moments are epochs of the queue, rates are jobs begun a second.
    """

    id: str
    max_inflight: int
    ready: int = 0
    later: int = 0
    running: int = 0
    silent: int = 0
    unknown: int = 0
    oldest_ready_s: float = 0.0
    """How long the first in line has been ready; 0 when nobody waits."""
    rate: float | None = None
    """What it may begin at present; None: as many as there is room for."""
    declared_rate: float | None = None
    paused_until: float | None = None
    """None when it is not paused."""
    pause_reason: PauseReason | None = None
    breaker: BreakerState = "closed"
    breaker_since: float | None = None

    @property
    def is_slowed(self) -> bool:
        """Whether its provider has made it slower than it was declared to be."""
        return self.rate is not None and self.declared_rate is not None and self.rate < self.declared_rate


async def standing(reader: Reader) -> list[LaneStanding]:
    """Every lane that a worker has ever declared, by its name; one query."""
    now = epoch(reader)
    rows: Iterable[tuple[Any, ...]] = await reader.exec(_STANDING, {"now": now})
    return [_lane(now, *row) for row in rows]


def _lane(now: float, *row: Any) -> LaneStanding:
    *counts, ready_since, rate, declared_rate, paused_until, reason, breaker, breaker_since = row
    is_paused = paused_until > now
    return LaneStanding(
        *counts,
        oldest_ready_s=0.0 if ready_since is None else max(0.0, now - ready_since),
        rate=rate,
        declared_rate=declared_rate,
        paused_until=paused_until if is_paused else None,
        pause_reason=reason if is_paused else None,
        breaker=breaker,
        breaker_since=breaker_since,
    )
