"""Keeping the queue in order: due jobs are woken, abandoned ones taken up again or given up, old rows purged.

Every statement is idempotent and skips what others hold, so any number of workers may do this at once; nothing waits for a leader.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.core.limits import DONE_JOBS_KEPT, FAILED_JOBS_KEPT, LEASE_S
from pixelstudio.core.log import get_logger
from pixelstudio.jobs import parking
from pixelstudio.jobs.claim import Script
from pixelstudio.jobs.endings import end_abandoned, epoch
from pixelstudio.jobs.errors import LeaseLost
from pixelstudio.jobs.fairness import forget_past
from pixelstudio.jobs.job import FINAL, Job, JobState, job_from, state_in
from pixelstudio.jobs.kind import Cancelled, Failed
from pixelstudio.jobs.retry import ANSWER_LOST, LOST
from pixelstudio.jobs.schedule import Schedule
from pixelstudio.jobs.statements import DIALECTS, STATEMENTS, Dialect, Statements

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import AnyKind, Outcome

PURGE_BATCH = 500
PURGE_LOOK = 10_000
"""As many are looked up at a time; each look reads all that has ended."""
PURGE_EVERY_S = 3_600.0
HOUR_S = 3_600.0
DAY_S = 86_400.0

_DONE: Final = f"state={JobState.DONE:d}"
# What nobody asked for by name, such as periodic work, goes by its age alone.
_SURPLUS: Final = f"""
    SELECT id FROM (
        SELECT id, {_DONE} AS done, row_number() OVER (PARTITION BY user_id, {_DONE} ORDER BY id DESC) AS place
        FROM q_job WHERE {state_in(*FINAL)} AND user_id IS NOT NULL) AS ended
    WHERE place > CASE WHEN done THEN :done ELSE :failed END ORDER BY id LIMIT :batch"""  # noqa: S608  # constants of this package


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: lanes with ready jobs, running jobs nobody wants, jobs that must be given up, seconds to the next due thing."""

    lanes: frozenset[str]
    unwanted: frozenset[int]
    abandoned: tuple[tuple[Job, Outcome], ...]
    rescued: int
    due_in_s: float | None


def look(sql: Statements, *, now: float) -> Script[Look]:
    """Wake what is due, take back what is abandoned, and say where there is work. Writes nothing when nothing is due."""
    moment: dict[str, Any] = {"now": now}
    due_in_s = _next((yield sql.next_due, moment))
    rescued: list[int] = []
    abandoned: list[tuple[Job, Outcome]] = []
    if due_in_s is not None and due_in_s <= 0:
        yield sql.wake, moment
        yield from parking.wake_overdue(sql.dialect, now)
        rescued = sorted(row[0] for row in (yield sql.rescue, moment))
        if rescued:
            yield sql.record_attempt, {**moment, "ids": json.dumps(rescued), "outcome": "lost", "code": "worker_lost", "sentence": LOST}
        abandoned = [(job_from(row), _end_of(unwanted=row[-2], sent=row[-1])) for row in (yield sql.abandoned, moment)]
        due_in_s = _next((yield sql.next_due, moment))
    lanes = yield sql.lanes_ready, {}
    unwanted = yield sql.unwanted, {}
    return Look(frozenset(row[0] for row in lanes), frozenset(row[0] for row in unwanted), tuple(abandoned), len(rescued), due_in_s)


def _next(rows: Any) -> float | None:
    return min((seconds for seconds in rows[0] if seconds is not None), default=None)


def _end_of(*, unwanted: bool, sent: int) -> Outcome:
    if sent:
        return ANSWER_LOST
    return Cancelled() if unwanted else Failed("worker_lost", LOST)


async def rescue(db: Database, kinds: Mapping[str, AnyKind], lease_s: float = LEASE_S) -> Look:
    """One look, and the end of every job that nobody may try again."""
    sql = STATEMENTS[db.dialect]
    found = await db.script(look(sql, now=db.clock.epoch()))
    if found.rescued:
        get_logger().warning("job.rescued", jobs=found.rescued)
    for job, outcome in found.abandoned:
        try:
            await end_abandoned(db, job, kinds, outcome)
        except LeaseLost:
            continue  # its worker was only late, or another process was first
        except Exception:  # noqa: BLE001  # the job runner is one of the four edges
            get_logger().exception("job.not_given_up", job_id=job.id, job_kind=job.kind)
            await db.script(_postpone(sql, job, lease_s, db.clock.epoch()))
    return found


def _postpone(sql: Statements, job: Job, lease_s: float, now: float) -> Script[None]:
    yield sql.postpone_abandoned, {"id": job.id, "fence": job.fence, "lease_s": lease_s, "now": now}


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what is over is kept, and how many jobs of one person: what is older or more than that goes, whichever is first."""

    finished_jobs_s: float = 30 * DAY_S
    facts_s: float = DAY_S
    done_jobs: int = DONE_JOBS_KEPT
    failed_jobs: int = FAILED_JOBS_KEPT


async def purge(db: Database, keeping: Keeping) -> int:
    """Delete finished jobs with all that hangs on them, what is old and past turns, in small commits. Returns how many jobs went."""
    gone = await _purge(db, STATEMENTS[db.dialect].finished_before, age_s=keeping.finished_jobs_s)
    gone += await _purge(db, _SURPLUS, done=keeping.done_jobs, failed=keeping.failed_jobs)
    await db.script(_delete_old(db.clock.epoch(), keeping.facts_s), first=False)
    await db.script(_forget_past(), first=False)
    return gone


async def _purge(db: Database, which: str, **bounds: float) -> int:
    """Found by a reader, which holds no lock, and deleted by key."""
    gone = 0
    while ids := await _found(db, which, bounds):
        for first in range(0, len(ids), PURGE_BATCH):
            await db.script(_delete_jobs(DIALECTS[db.dialect], ids[first : first + PURGE_BATCH]), first=False)
        gone += len(ids)
    return gone


async def _found(db: Database, which: str, bounds: Mapping[str, float]) -> list[int]:
    async with db.reader() as reader:
        now: dict[str, float] = {"now": epoch(reader)} if ":now" in which else {}
        return [row[0] for row in await reader.exec(text(which), {**bounds, **now, "batch": PURGE_LOOK})]


def _delete_jobs(dialect: Dialect, ids: list[int]) -> Script[None]:
    for table, key in (
        ("q_payload", "job_id"),
        ("q_attempt", "job_id"),
        ("q_progress", "job_id"),
        ("q_call", "job_id"),
        ("q_cache", "job_id"),
        ("q_dep", "child"),
        ("q_dep", "parent"),
        ("q_job", "id"),
    ):
        yield f"DELETE FROM {table} WHERE {key} IN {dialect.ids}", {"ids": json.dumps(ids)}  # noqa: S608  # constants of this package


def _delete_old(now: float, facts_s: float) -> Script[None]:
    before = now - facts_s
    yield "DELETE FROM outbox WHERE created<:before", {"before": before}
    yield "DELETE FROM q_inbox WHERE received<:before", {"before": before}
    yield "DELETE FROM q_cache WHERE expires<:now", {"now": now}


def _forget_past() -> Script[None]:
    yield forget_past()


@contextlib.asynccontextmanager
async def keeping_house(db: Database, keeping: Keeping | None = None) -> AsyncGenerator[Schedule]:
    """Purge once an hour over all processes while the block runs; further periodic work may be added to the schedule."""
    schedule = Schedule(db)
    kept = keeping or Keeping()
    schedule.every(PURGE_EVERY_S, "jobs.purge", lambda: purge(db, kept))
    schedule.start()
    try:
        yield schedule
    finally:
        schedule.stop()
