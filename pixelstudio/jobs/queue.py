"""The queue's public doors: put jobs in, call them off, ask how they stand; all in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.core.failpoints import failpoint
from pixelstudio.core.ids import JobId
from pixelstudio.core.limits import ATTEMPTS_MAX
from pixelstudio.jobs.dependencies import NOTHING_FOLLOWED, After, lock_with_descendants, tie
from pixelstudio.jobs.endings import epoch, resolved_by, settle, settle_children
from pixelstudio.jobs.fairness import FlowKey, Place, Priority, Turn, arrivals_of, lock_flows, take_back
from pixelstudio.jobs.job import Job, JobState, Mark, job_from
from pixelstudio.jobs.kind import Cancelled, recalls
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsUnwanted, JobsWaiting
from pixelstudio.jobs.statements import POSITION_EXACT_MAX, READY, SCHEDULED, STATEMENTS

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.hands import Grip, Hands
    from pixelstudio.jobs.kind import AnyKind

_WAITING: Final = f"""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM q_job WHERE {READY} LIMIT :at_most) AS ready)
        + (SELECT count(*) FROM (SELECT 1 FROM q_job WHERE {SCHEDULED} LIMIT :at_most) AS later)"""  # noqa: S608  # constants of this package


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be put into the queue. `timeout_s` None: as its kind says. `delay_s`: not before so many seconds from now.

    `cost` is what it takes of its owner's share of the lane, in any unit the lane's jobs agree on; `weight` is how large that share is.
    """

    kind: str
    lane: str
    user_id: str | None = None
    batch_id: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    prio: int = Priority.INTERACTIVE
    max_attempts: int = ATTEMPTS_MAX
    timeout_s: float | None = None
    delay_s: float = 0.0
    cost: float = 1.0
    weight: float = 1.0
    after: Sequence[After] = ()
    """Jobs to wait for; they are in the queue already."""

    @property
    def turn(self) -> Turn:
        """What decides where it stands."""
        return Turn(FlowKey(self.lane, self.prio, self.user_id or ""), self.cost, self.weight)


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
    prio: int = Priority.INTERACTIVE,
    max_attempts: int = ATTEMPTS_MAX,
    timeout_s: float | None = None,
    delay_s: float = 0.0,
    cost: float = 1.0,
    after: Sequence[After] = (),
    hands: Hands | None = None,
) -> JobId:
    """Put one job into the queue, in the commit of what it is about; a worker hears of it right after that commit.

    With `hands` it is begun in that very commit where nobody stands before it. One that is to run `after` others is blocked until they
    have ended. Raises `ParentFailed` when it would be cancelled at once.
    """
    fields: dict[str, Any] = {"kind": kind, "lane": lane, "user_id": user_id, "batch_id": batch_id, "params": params or {}}
    fields |= {"prio": prio, "max_attempts": max_attempts, "timeout_s": timeout_s, "delay_s": delay_s, "cost": cost, "after": after}
    return (await enqueue_many(tx, [NewJob(**fields)], hands))[0]


async def enqueue_many(tx: Transaction, jobs: Sequence[NewJob], hands: Hands | None = None) -> list[JobId]:
    """Put jobs into the queue, in this order; a handful of statements however many they are. `hands`: as in `enqueue`."""
    if not jobs:
        return []
    grip = await _grip(tx, jobs, hands)
    begun = grip.places if grip else 0
    asked = [json.dumps(dict(job.params)) for job in jobs]
    # Whoever waits for another has the larger id, whichever process that one came by.
    edges = {n: job.after for n, job in enumerate(jobs) if job.after}
    ids = [JobId(number) for number in await tx.ids_for("q_job", len(jobs), are_last=bool(edges))]
    new = _rows(ids, jobs, asked, grip)
    for statement in STATEMENTS[tx.dialect].put_in:
        await tx.write(statement, new | {"now": epoch(tx)})
    if edges:
        await tie(tx, {ids[n]: after for n, after in edges.items()})
    _announce(tx, jobs[begun:])
    tx.after_commit(lambda: failpoint("after_submit"))
    if grip:
        in_hand = [_in_hand(ids[n], jobs[n], asked[n], grip.at) for n in range(begun)]
        tx.after_commit(lambda: grip.begin(in_hand))
    return ids


def _rows(ids: Sequence[JobId], jobs: Sequence[NewJob], asked: Sequence[str], grip: Grip | None) -> dict[str, object]:
    """The new rows, the first of them as running where they are gripped, and how far the owners of the others come by them."""
    begun = grip.places if grip else 0
    arrivals = arrivals_of([job.turn for job in jobs[begun:]])
    rows = [_row(*one) for one in zip(ids, jobs, asked, strict=True)]
    held = _held(grip) if grip else {}
    rows[:begun] = [row | held for row in rows[:begun]]
    rows[begun:] = [row | {"behind": behind} for row, behind in zip(rows[begun:], arrivals.behind, strict=True)]
    return {"rows": json.dumps(rows), "flows": arrivals.flows}


async def _grip(tx: Transaction, jobs: Sequence[NewJob], hands: Hands | None) -> Grip | None:
    lanes = {job.lane for job in jobs}
    if hands is None or len(lanes) > 1 or any(job.delay_s > 0 or job.after for job in jobs):
        return None
    return await hands.grasp(tx, lanes.pop(), len(jobs))


def _announce(tx: Transaction, waiting: Sequence[NewJob]) -> None:
    lanes = tuple(sorted({job.lane for job in waiting if job.delay_s <= 0}))
    if waiting:
        tx.announce(JobsWaiting(lanes=lanes, later=any(job.delay_s > 0 for job in waiting)), JOBS_CHANNEL)


def _row(job_id: JobId, job: NewJob, params: str) -> dict[str, Any]:
    return {
        "id": job_id,
        "kind": job.kind,
        "lane": job.lane,
        "user_id": job.user_id,
        "batch_id": job.batch_id,
        "prio": job.prio,
        "state": int(_first_state(job)),
        "max_attempts": job.max_attempts,
        "timeout_s": job.timeout_s,
        "delay_s": float(job.delay_s),
        "cost": job.cost,
        "params": params,
        "fence": 0,
        "attempt": 0,
    }


def _first_state(job: NewJob) -> JobState:
    if job.after:
        return JobState.BLOCKED
    return JobState.SCHEDULED if job.delay_s > 0 else JobState.READY


def _held(grip: Grip) -> dict[str, Any]:
    """What differs in a row that runs from the start: as if it had been claimed by the worker that keeps a place for it."""
    held = {"worker": grip.worker.worker_id, "lease_s": grip.worker.lease_s, "started": grip.at, "fence": 1, "attempt": 1}
    return held | {"state": int(JobState.RUNNING)}


def _in_hand(job_id: JobId, job: NewJob, params: str, at: float) -> Job:
    identity = (job_id, job.kind, job.lane, job.user_id, job.batch_id, JobState.RUNNING)
    return Job(*identity, 1, job.max_attempts, 1, job.timeout_s, json.loads(params), at, at)


async def cancel(tx: Transaction, job_ids: Iterable[int], kinds: Mapping[str, AnyKind]) -> int:
    """Call jobs off: waiting ones end now, in this transaction, with their kind's `ended`; running ones are told to stop.

    What was sent to somebody who charges is asked to stop where its kind can have that done (`recall`); otherwise it goes on to its end: the
    wish is noted, and heeded only if it would have to be sent again.
    Whatever waits for one that ends now follows it, as it was agreed when it was enqueued.
    Returns how many were called off or asked to stop; jobs that have ended, go on to their end, or were called off before, do not count. Safe to repeat.
    """
    sql = STATEMENTS[tx.dialect]
    wanted = sorted(set(job_ids))
    ids: dict[str, object] = {"ids": json.dumps(wanted), "now": epoch(tx)}
    await tx.flush()
    flows = await lock_flows(tx, wanted)
    await tx.script(lock_with_descendants(tx.dialect, wanted))  # from here on nobody moves them
    rows = [tuple(row) for row in await tx.exec(text(sql.cancel_waiting), ids)]
    waiting = [job_from(row) for row in rows]
    await take_back(tx, flows, [_place(job, *row[-4:-1]) for job, row in zip(waiting, rows, strict=True) if not job.attempt])
    parents = [row[0] for row in rows if row[-1]]
    resolved = await resolved_by(tx, parents, are_done=False) if parents else NOTHING_FOLLOWED
    for job in waiting:
        await settle(tx, job, kinds, Cancelled())
    await settle_children(tx, kinds, resolved)
    asked = [job_from(tuple(row)) for row in await tx.exec(text(sql.ask_cancel), ids)]
    running = [job.id for job in asked if job.mark is Mark.UNSENT]
    if running:
        tx.announce(JobsUnwanted(job_ids=tuple(running)), JOBS_CHANNEL)
    recalled = [await kind.recall(tx, job) for job in asked if job.mark is not Mark.UNSENT and recalls(kind := kinds.get(job.kind))]
    return len(waiting) + len(running) + sum(recalled)


def _place(job: Job, prio: int, vft: float, cost: float) -> Place:
    return Place(FlowKey(job.lane, prio, job.user_id or ""), vft, cost)


async def jobs_of_batch(reader: Reader, batch_ids: Iterable[str]) -> list[JobStatus]:
    """How the jobs of these batches stand, oldest first."""
    return await _status(reader, STATEMENTS[reader.dialect].status_of_batches, list(batch_ids))


async def jobs_by_id(reader: Reader, job_ids: Iterable[int]) -> list[JobStatus]:
    """How these jobs stand, oldest first; unknown ids are left out."""
    return await _status(reader, STATEMENTS[reader.dialect].status, list(job_ids))


async def count_waiting(reader: Reader, at_most: int) -> int:
    """How many jobs wait in all lanes, now or for later. Counted no further than is asked for, so a long line costs little."""
    return min(at_most, int((await reader.exec(text(_WAITING), {"at_most": at_most})).scalar_one()))


async def _status(reader: Reader, sql: str, wanted: list[Any]) -> list[JobStatus]:
    if not wanted:
        return []
    return [_job_status(*row) for row in await reader.rows(sql, {"ids": json.dumps(wanted), "now": epoch(reader)})]


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
