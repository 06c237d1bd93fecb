"""How a job ends: the move, the kind's `ended` and what is remembered of the attempt, in one commit or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.failpoints import failpoint
from pixelstudio.jobs import calls
from pixelstudio.jobs.dependencies import NOTHING_FOLLOWED, Resolved, resolve
from pixelstudio.jobs.errors import LeaseLost
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Unknown, settles
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.db.engine import Database
    from pixelstudio.db.script import Script
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind, Ended, Outcome


async def end_held(db: Database, job: Job, kinds: Mapping[str, AnyKind], outcome: Outcome, remembered_as: str = "failed") -> None:
    """End a job this worker holds. Raises `LeaseLost` when it does not hold it any more: then nothing at all was written."""
    async with db.transaction() as tx:
        await _end(tx, job, kinds, outcome, remembered_as, STATEMENTS[tx.dialect].end_held)


async def end_abandoned(db: Database, job: Job, kinds: Mapping[str, AnyKind], outcome: Outcome) -> None:
    """End a job whose worker went away and which may not be tried again. Raises `LeaseLost` when the worker came back."""
    async with db.transaction() as tx:
        await _end(tx, job, kinds, outcome, "lost", STATEMENTS[tx.dialect].end_abandoned)


async def end_unknown(db: Database, job: Job, kinds: Mapping[str, AnyKind], outcome: Outcome) -> None:
    """Decide a job nobody could say the end of. Raises `LeaseLost` when somebody decided it before."""
    async with db.transaction() as tx:
        await _end(tx, job, kinds, outcome, "lost", STATEMENTS[tx.dialect].end_unknown)


async def end_parked(tx: Transaction, job: Job, kinds: Mapping[str, AnyKind], outcome: Ended) -> None:
    """End a locked job whose answer came while it was parked, or after it had become unknown."""
    await _end(tx, job, kinds, outcome, "failed", STATEMENTS[tx.dialect].end_parked)


async def settle(tx: Transaction, job: Job, kinds: Mapping[str, AnyKind], outcome: Outcome) -> None:
    """Let its kind settle what hangs on the job, in the transaction that ends it."""
    kind = kinds.get(job.kind)
    if settles(kind):
        await kind.ended(tx, job, outcome)


async def _end(tx: Transaction, job: Job, kinds: Mapping[str, AnyKind], outcome: Outcome, remembered_as: str, statement: str) -> None:
    state, code, sentence = _told(outcome)
    parameters: dict[str, Any] = {"id": job.id, "fence": job.fence, "state": int(state), "now": epoch(tx)}
    # The move comes first: it locks the job, and a worker that was overtaken stops here.
    moved = (await tx.exec(text(statement), parameters)).first()
    if moved is None:
        raise LeaseLost
    # All jobs are locked before `ended` locks rows of its own.
    resolved = (
        await resolved_by(tx, [job.id], are_done=isinstance(outcome, Done)) if moved.is_parent and state in FINAL else NOTHING_FOLLOWED
    )
    if moved.phase:
        await tx.script(_call_closed(job, outcome))
    if not isinstance(outcome, Done):
        remembered = "cancelled" if isinstance(outcome, Cancelled) else remembered_as
        attempt: dict[str, Any] = {"ids": json.dumps([job.id]), "outcome": remembered, "code": code, "sentence": sentence, "now": epoch(tx)}
        await tx.exec(text(STATEMENTS[tx.dialect].record_attempt), attempt)
    await settle(tx, job, kinds, outcome)
    await settle_children(tx, kinds, resolved)
    await tx.flush()
    failpoint("before_last_commit")


async def resolved_by(tx: Transaction, job_ids: Iterable[int], *, are_done: bool) -> Resolved:
    """Tell those who wait for these jobs that they have ended. Who is cancelled by that is still to be settled."""
    return await tx.script(resolve(tx.dialect, job_ids, are_done=are_done, now=epoch(tx)))


async def settle_children(tx: Transaction, kinds: Mapping[str, AnyKind], resolved: Resolved) -> None:
    """Settle those who were cancelled with what they waited for, and ring for those who need not wait any more."""
    for child in resolved.cancelled:
        await settle(tx, child, kinds, Cancelled())
    if resolved.lanes or resolved.has_later:
        tx.announce(JobsWaiting(lanes=tuple(sorted(resolved.lanes)), later=resolved.has_later), JOBS_CHANNEL)


def _call_closed(job: Job, outcome: Outcome) -> Script[None]:
    match outcome:
        case Unknown():
            return calls.close(job.id, calls.CallPhase.UNKNOWN)
        case Cancelled():  # never sent, or stopped where it was drawn
            return calls.waive(job.id)
        case _:
            return calls.close(job.id, calls.CallPhase.SETTLED)


def _told(outcome: Outcome) -> tuple[JobState, str | None, str | None]:
    match outcome:
        case Done():
            return JobState.DONE, None, None
        case Failed(code, sentence):
            return JobState.FAILED, code, sentence
        case Cancelled():
            return JobState.CANCELLED, "cancelled", None
        case Unknown(code, sentence):
            return JobState.UNKNOWN, code, sentence


def epoch(reader: Reader) -> float:
    """The transaction's moment as the queue's SQL wants it; Postgres does not read it."""
    return reader.now.timestamp()
