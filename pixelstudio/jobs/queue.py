"""The queue's public doors: put jobs in, call them off, ask how they stand; all in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from pixelstudio.core.failpoints import failpoint
from pixelstudio.core.ids import JobId
from pixelstudio.core.limits import ATTEMPTS_MAX
from pixelstudio.jobs.dependencies import NOTHING_FOLLOWED, After, lock_with_descendants, tie
from pixelstudio.jobs.endings import epoch, resolved_by, settle, settle_children
from pixelstudio.jobs.job import JobState, job_from
from pixelstudio.jobs.kind import Cancelled
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsUnwanted, JobsWaiting
from pixelstudio.jobs.statements import POSITION_EXACT_MAX, STATEMENTS

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.kind import AnyKind

INTERACTIVE = 1
"""The priority of what a person waits for; smaller goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be put into the queue. `timeout_s` None: as its kind says. `delay_s`: not before so many seconds from now."""

    kind: str
    lane: str
    user_id: str | None = None
    batch_id: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    prio: int = INTERACTIVE
    max_attempts: int = ATTEMPTS_MAX
    timeout_s: float | None = None
    delay_s: float = 0.0
    after: Sequence[After] = ()
    """Jobs to wait for; they are in the queue already."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands. `due_in_s`, of a scheduled one, is counted by the clock of the queue. `position` 1 is next in its lane; only ready jobs have one, and above 1,000 it says 1,001 ("1,000+")."""

    id: JobId
    batch_id: str | None
    kind: str
    lane: str
    state: JobState
    attempt: int
    max_attempts: int
    due_in_s: float | None
    created: float
    started: float | None
    cancel_requested: bool
    position: int | None
    error_code: str | None
    error_sentence: str | None
    phase: int
    finished: float | None

    @property
    def was_sent(self) -> bool:
        """Whether it may have reached somebody who charges: too late to cancel."""
        return self.phase > 0

    @property
    def position_is_exact(self) -> bool:
        """Whether `position` is a number to show, and not "1,000+"."""
        return self.position is not None and self.position <= POSITION_EXACT_MAX


async def enqueue(  # noqa: PLR0913  # the fields of `NewJob`, by name
    tx: Transaction,
    *,
    kind: str,
    lane: str,
    user_id: str | None = None,
    batch_id: str | None = None,
    params: Mapping[str, Any] | None = None,
    prio: int = INTERACTIVE,
    max_attempts: int = ATTEMPTS_MAX,
    timeout_s: float | None = None,
    delay_s: float = 0.0,
    after: Sequence[After] = (),
) -> JobId:
    """Put one job into the queue, in the commit of what it is about; a worker hears of it right after that commit.

    One that is to run `after` others is blocked until they have ended. Raises `ParentFailed` when it would be cancelled at once.
    """
    fields: dict[str, Any] = {"kind": kind, "lane": lane, "user_id": user_id, "batch_id": batch_id, "params": params or {}}
    return (
        await enqueue_many(tx, [NewJob(**fields, prio=prio, max_attempts=max_attempts, timeout_s=timeout_s, delay_s=delay_s, after=after)])
    )[0]


async def enqueue_many(tx: Transaction, jobs: Sequence[NewJob]) -> list[JobId]:
    """Put jobs into the queue, in this order; two statements however many they are, a few more when some wait for others."""
    if not jobs:
        return []
    sql = STATEMENTS[tx.dialect]
    await tx.flush()
    rows = await tx.exec(text(sql.insert_jobs), {"rows": json.dumps([_row(job) for job in jobs]), "now": epoch(tx)})
    ids = sorted(JobId(row[0]) for row in rows)  # given in the order of the rows
    payloads = [{"id": job_id, "params": json.dumps(dict(job.params))} for job_id, job in zip(ids, jobs, strict=True)]
    await tx.exec(text(sql.insert_payloads), {"rows": json.dumps(payloads)})
    if edges := {job_id: job.after for job_id, job in zip(ids, jobs, strict=True) if job.after}:
        await tie(tx, edges)
    lanes = tuple(sorted({job.lane for job in jobs if job.delay_s <= 0}))
    tx.announce(JobsWaiting(lanes=lanes, later=any(job.delay_s > 0 for job in jobs)), JOBS_CHANNEL)
    tx.after_commit(lambda: failpoint("after_submit"))
    return ids


def _row(job: NewJob) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "lane": job.lane,
        "user_id": job.user_id,
        "batch_id": job.batch_id,
        "prio": job.prio,
        "state": int(_first_state(job)),
        "max_attempts": job.max_attempts,
        "timeout_s": job.timeout_s,
        "delay_s": float(job.delay_s),
    }


def _first_state(job: NewJob) -> JobState:
    if job.after:
        return JobState.BLOCKED
    return JobState.SCHEDULED if job.delay_s > 0 else JobState.READY


async def cancel(tx: Transaction, job_ids: Iterable[int], kinds: Mapping[str, AnyKind]) -> int:
    """Call jobs off: waiting ones end now, in this transaction, with their kind's `ended`; running ones are told to stop.

    What was sent to somebody who charges goes on to its end: the wish is noted, and heeded only if it would have to be sent again.
    Whatever waits for one that ends now follows it, as it was agreed when it was enqueued.
    Returns how many were called off; jobs that have ended, were sent, or were called off before, do not count. Safe to repeat.
    """
    sql = STATEMENTS[tx.dialect]
    wanted = set(job_ids)
    ids: dict[str, object] = {"ids": json.dumps(sorted(wanted)), "now": epoch(tx)}
    await tx.follow(lock_with_descendants(tx.dialect, wanted))  # from here on nobody moves them
    rows = [tuple(row) for row in await tx.exec(text(sql.cancel_waiting), ids)]
    waiting = [job_from(row) for row in rows]
    parents = [row[0] for row in rows if row[-1]]
    resolved = await resolved_by(tx, parents, are_done=False) if parents else NOTHING_FOLLOWED
    for job in waiting:
        await settle(tx, job, kinds, Cancelled())
    await settle_children(tx, kinds, resolved)
    asked: list[tuple[int, int]] = [(row[0], row[-1]) for row in await tx.exec(text(sql.ask_cancel), ids)]
    running = [job_id for job_id, phase in asked if not phase]
    if running:
        tx.announce(JobsUnwanted(job_ids=tuple(running)), JOBS_CHANNEL)
    return len(waiting) + len(running)


async def jobs_of_batch(reader: Reader, batch_ids: Iterable[str]) -> list[JobStatus]:
    """How the jobs of these batches stand, oldest first."""
    return await _status(reader, "q_job.batch_id IN :wanted", list(batch_ids))


async def jobs_by_id(reader: Reader, job_ids: Iterable[int]) -> list[JobStatus]:
    """How these jobs stand, oldest first; unknown ids are left out."""
    return await _status(reader, "q_job.id IN :wanted", list(job_ids))


async def _status(reader: Reader, condition: str, wanted: list[Any]) -> list[JobStatus]:
    if not wanted:
        return []
    statement = text(f"{STATEMENTS[reader.dialect].status} WHERE {condition} ORDER BY q_job.id").bindparams(
        bindparam("wanted", expanding=True)
    )
    now: dict[str, object] = {"now": epoch(reader)} if reader.dialect == "sqlite" else {}
    rows = [tuple(row) for row in await reader.exec(statement, {"wanted": wanted} | now)]
    return [_job_status(*row) for row in rows]


def _job_status(job_id: int, batch_id: str | None, kind: str, lane: str, state: int, *rest: Any) -> JobStatus:
    attempt, max_attempts, due_in_s, created, started, cancel_requested, *told = rest
    return JobStatus(
        JobId(job_id),
        batch_id,
        kind,
        lane,
        JobState(state),
        attempt,
        max_attempts,
        due_in_s,
        created,
        started,
        bool(cancel_requested),
        *told,
    )
