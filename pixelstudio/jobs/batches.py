"""Batches: jobs put in under one name, such as a set, and going on where one stopped.

Going on asks again for what failed or was cancelled, and for nothing else. Ended jobs stay as they ended: each is asked for again by a new
job that waits for the same others, or for what now stands for those, and an `AGAIN` edge keeps it from being asked for twice.
"""

# ruff: noqa: S608  # every text is built here, from constants of this package

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.core.ids import JobId
from pixelstudio.jobs.dependencies import After, OnFailure, lock_with_descendants, parents_of
from pixelstudio.jobs.job import FINAL, JobState, state_in
from pixelstudio.jobs.queue import NewJob, enqueue_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixelstudio.db.transaction import Transaction

_STANDS: Final = f"NOT EXISTS (SELECT 1 FROM q_dep e WHERE e.parent=q_job.id AND e.on_failure={OnFailure.AGAIN:d})"
_NOT_COME: Final = f"batch_id=:batch AND {state_in(*(FINAL - {JobState.DONE}))} AND {_STANDS}"
_FAILED_IDS: Final = text(f"SELECT id FROM q_job WHERE {_NOT_COME} ORDER BY id")
_FAILED: Final = text(
    "SELECT q_job.id,kind,lane,user_id,prio,max_attempts,timeout_s,p.params FROM q_job JOIN q_payload p ON p.job_id=q_job.id"
    f" WHERE {_NOT_COME} ORDER BY q_job.id"
)


async def resume(tx: Transaction, batch_id: str) -> dict[JobId, JobId]:
    """Ask again for every job of the batch that failed or was cancelled; returns which job now stands for which.

    What hangs on the old jobs was settled when they ended: whoever calls this gives the new ones theirs, in the same transaction.
    Safe to repeat: what was asked for again already is left alone.
    """
    failed = [row[0] for row in await tx.exec(_FAILED_IDS, {"batch": batch_id})]
    await tx.script(lock_with_descendants(tx.dialect, failed))  # of two who resume, the second finds nothing left
    left = {row[0]: tuple(row) for row in await tx.exec(_FAILED, {"batch": batch_id})}
    parents = await parents_of(tx, left)
    stands_for: dict[JobId, JobId] = {}
    while left:
        # Those first whose parents are not asked for again, or stand already.
        wave = [job_id for job_id in left if not any(after.job_id in left for after in parents[job_id])]
        again = [_again(batch_id, left.pop(job_id), parents[job_id], stands_for) for job_id in wave]
        stands_for |= zip(map(JobId, wave), await enqueue_many(tx, again), strict=True)
    return stands_for


def _again(batch_id: str, row: tuple[Any, ...], parents: Sequence[After], stands_for: Mapping[JobId, JobId]) -> NewJob:
    job_id, kind, lane, user_id, prio, max_attempts, timeout_s, params = row
    awaited = [After(stands_for.get(JobId(after.job_id), after.job_id), after.on_failure) for after in parents]
    return NewJob(
        kind=kind,
        lane=lane,
        user_id=user_id,
        batch_id=batch_id,
        params=json.loads(params),
        prio=prio,
        max_attempts=max_attempts,
        timeout_s=timeout_s,
        after=[After(job_id, OnFailure.AGAIN), *(after for after in awaited if after.on_failure is not OnFailure.AGAIN)],
    )
