"""Lanes as a whole: what their providers and maintainers say to them, and how every one of them stands, for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.core.errors import NotFound
from pixelstudio.core.log import get_logger
from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.gate import BreakerState, Gate, PauseReason
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS, Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pixelstudio.db.script import Script
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.job import Job

SPARED_FOR_S: Final = 3_600.0
"""So long after it was put in, a job is spared the attempts that found nobody there. Then they count: nobody waits for ever."""

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


def throttled(sql: Statements, *, job: Job, pause_s: float, now: float) -> Script[None]:
    """The provider found this job one too many: its lane pauses for everybody, and goes on slower."""
    began, at = yield from _moments(sql, job, now)
    gate = yield from _change(sql, job.lane, lambda gate: gate.throttled(began, pause_s, at))
    if gate is not None:
        get_logger().warning("lane.throttled", lane=job.lane, pause_s=round(pause_s, 2), rate=gate.rate)


def failed(sql: Statements, *, job: Job, now: float) -> Script[float | None]:
    """This job found nobody there. When that leaves the breaker open: for how many seconds the job had better not try again.

    The probe waits twice as long: another job tries next, so none that breaks its provider by itself closes the lane to all.
    """
    _, at = yield from _moments(sql, job, now)
    was_probe: list[bool] = []

    def note(gate: Gate) -> Gate:
        was_probe.append(gate.probe == job.id)
        return gate.failed(job.id, at)

    gate = yield from _change(sql, job.lane, note)
    if gate is None or gate.breaker == "closed" or at - job.created > SPARED_FOR_S:
        return None
    get_logger().warning("lane.breaker_open", lane=job.lane, failures=gate.failures, pause_s=round(gate.paused_until - at, 2))
    return max(0.0, gate.paused_until - at) * (2 if was_probe[-1] else 1)


async def pause(tx: Transaction, lane: str, until: float) -> None:
    """Let nobody begin before `until`, an epoch of the queue; a longer pause that holds already stays. Raises `NotFound`."""
    await _command(tx, lane, lambda gate: gate.paused(until, "maintainer", epoch(tx)))


async def resume(tx: Transaction, lane: str) -> None:
    """End the pause of a lane, whatever it was for; an open breaker lets one job through to try. Raises `NotFound`."""
    await _command(tx, lane, Gate.resumed)


async def _command(tx: Transaction, lane: str, to: Callable[[Gate], Gate]) -> None:
    if await tx.script(_change(STATEMENTS[tx.dialect], lane, to)) is None:
        raise NotFound
    tx.announce(JobsWaiting(lanes=(lane,)), JOBS_CHANNEL)


def _moments(sql: Statements, job: Job, now: float) -> Script[tuple[float, float]]:
    rows = yield sql.moment, {"id": job.id, "now": now}
    at, began = rows[0]
    return began or at, at


def _change(sql: Statements, lane: str, to: Callable[[Gate], Gate]) -> Script[Gate | None]:
    rows = yield sql.lock_lane, {"lane": lane}
    if not rows:
        return None
    before = Gate(*rows[0])
    after = to(before)
    if after != before:
        yield sql.move_gate, {"lane": lane, **after.values()}
    return after


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
