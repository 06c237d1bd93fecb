"""How a job ends: the move, the kind's `ended` and what is remembered of the attempt, in one commit or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.failpoints import failpoint
from pixelstudio.jobs.errors import LeaseLost
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Unknown, settles
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind, Outcome


async def end_held(db: Database, job: Job, kind: AnyKind | None, outcome: Outcome, remembered_as: str = "failed") -> None:
    """End a job this worker holds. Raises `LeaseLost` when it does not hold it any more: then nothing at all was written."""
    async with db.transaction() as tx:
        await _end(tx, job, kind, outcome, remembered_as, STATEMENTS[tx.dialect].end_held)


async def end_abandoned(db: Database, job: Job, kind: AnyKind | None, outcome: Outcome) -> None:
    """End a job whose worker went away and which may not be tried again. Raises `LeaseLost` when the worker came back."""
    async with db.transaction() as tx:
        await _end(tx, job, kind, outcome, "lost", STATEMENTS[tx.dialect].end_abandoned)


async def end_unknown(db: Database, job: Job, kind: AnyKind | None, outcome: Outcome) -> None:
    """Decide a job nobody could say the end of. Raises `LeaseLost` when somebody decided it before."""
    async with db.transaction() as tx:
        await _end(tx, job, kind, outcome, "lost", STATEMENTS[tx.dialect].end_unknown)


async def settle(tx: Transaction, job: Job, kind: AnyKind | None, outcome: Outcome) -> None:
    """Let the kind settle what hangs on the job, in the transaction that ends it."""
    if settles(kind):
        await kind.ended(tx, job, outcome)


async def _end(tx: Transaction, job: Job, kind: AnyKind | None, outcome: Outcome, remembered_as: str, statement: str) -> None:
    state, code, sentence = _told(outcome)
    parameters: dict[str, Any] = {"id": job.id, "fence": job.fence, "state": int(state), "now": epoch(tx)}
    # The move comes first: it locks the job, and a worker that was overtaken stops here.
    if (await tx.exec(text(statement), parameters)).first() is None:
        raise LeaseLost
    if not isinstance(outcome, Done):
        remembered = "cancelled" if isinstance(outcome, Cancelled) else remembered_as
        attempt: dict[str, Any] = {"ids": json.dumps([job.id]), "outcome": remembered, "code": code, "sentence": sentence, "now": epoch(tx)}
        await tx.exec(text(STATEMENTS[tx.dialect].record_attempt), attempt)
    await settle(tx, job, kind, outcome)
    await tx.flush()
    failpoint("before_last_commit")


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
