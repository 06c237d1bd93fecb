"""What became of jobs: when they ran, and every attempt that did not end well."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.ids import JobId
from pixelstudio.jobs.tables import AttemptRow, JobRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.db.transaction import Reader


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt that brought nothing. `sentence` is "" when it was called off; `ended` is an epoch of the queue."""

    number: int
    ended: float
    outcome: str
    sentence: str


@dataclass(frozen=True, slots=True)
class History:
    """When a job was put in, when its last attempt began and when it ended: epochs of the queue. `attempts` oldest first."""

    created: float
    started: float | None
    finished: float | None
    attempts: tuple[PastAttempt, ...]


async def histories_of(reader: Reader, job_ids: Iterable[int]) -> dict[JobId, History]:
    """What became of these jobs; two queries. A job that was purged long after its end is left out."""
    wanted = sorted(set(job_ids))
    if not wanted:
        return {}
    attempts = await _attempts_of(reader, wanted)
    times = select(col(JobRow.id), col(JobRow.created), col(JobRow.started), col(JobRow.finished)).where(col(JobRow.id).in_(wanted))
    return {
        JobId(row.id): History(row.created, row.started, row.finished, tuple(attempts[row.id])) for row in (await reader.exec(times)).all()
    }


async def _attempts_of(reader: Reader, job_ids: list[int]) -> defaultdict[int, list[PastAttempt]]:
    statement = select(AttemptRow).where(col(AttemptRow.job_id).in_(job_ids)).order_by(col(AttemptRow.job_id), col(AttemptRow.attempt))
    found: defaultdict[int, list[PastAttempt]] = defaultdict(list)
    for row in (await reader.exec(statement)).scalars():
        found[row.job_id].append(PastAttempt(row.attempt, row.ended, row.outcome, row.error_sentence or ""))
    return found
