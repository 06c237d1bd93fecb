"""Places in line that their owner changes: jobs put aside, taken up again, and moved before one's own others. Nobody else's place moves.

A job that is taken up again goes back to its place, or behind its owner's last one when the line has passed that: whoever puts many aside
and takes them up together passes nobody.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text, update
from sqlmodel import col

from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.fairness import FlowKey, Turn, places_for
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobMoved, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.tables import ClassRow, FlowRow, JobRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pixelstudio.db.transaction import Transaction

_READY: Final = int(JobState.READY)


async def set_aside(tx: Transaction, job_ids: Collection[int]) -> list[int]:
    """Take these out of the line until they are taken up again; which of them that were.

    What has begun or ended is left as it is, and so is what was sent to somebody who charges, wherever it waits.
    """
    moved = (await tx.exec(text(STATEMENTS[tx.dialect].set_aside), {"ids": json.dumps(sorted(job_ids))})).all()
    _tell(tx, moved)
    return [row.id for row in moved]


async def take_up(tx: Transaction, job_ids: Collection[int]) -> list[int]:
    """Put these back into the line; which of them that were."""
    paused = col(JobRow.id).in_(job_ids), col(JobRow.state) == int(JobState.PAUSED)
    jobs = (await tx.exec(select(JobRow).where(*paused).order_by(col(JobRow.vft), col(JobRow.id)))).scalars().all()
    vfts = await _places_of(tx, jobs)
    moved: list[Any] = []
    for job in jobs:
        parameters: dict[str, object] = {"id": job.id, "vft": vfts.get(job.id or 0, job.vft), "now": epoch(tx)}
        moved += (await tx.exec(text(STATEMENTS[tx.dialect].take_up), parameters)).all()
    _tell(tx, moved)
    if moved:
        tx.announce(JobsWaiting(lanes=tuple(sorted({row.lane for row in moved})), later=True), JOBS_CHANNEL)
    return [row.id for row in moved]


async def move_first(tx: Transaction, job_id: int) -> list[int]:
    """Let this ready job go before its owner's others in the same lane and class, which each move back by one place of their own.

    Returns those whose place changed: none when it is the first already, or not in line.
    """
    job = await tx.get(JobRow, job_id)
    if job is None or job.state != _READY:
        return []
    own = col(JobRow.lane) == job.lane, col(JobRow.prio) == job.prio, col(JobRow.user_id) == job.user_id, col(JobRow.state) == _READY
    columns = select(col(JobRow.id), col(JobRow.vft), col(JobRow.batch_id), col(JobRow.user_id), col(JobRow.lane))
    line = sorted((await tx.exec(columns.where(*own).order_by(col(JobRow.id)).with_for_update())).all(), key=lambda row: (row.vft, row.id))
    place = next((number for number, row in enumerate(line) if row.id == job_id), 0)
    moved = [line[place], *line[:place]] if place else []
    for row, stood in zip(moved, line, strict=False):
        await tx.exec(update(JobRow).where(col(JobRow.id) == row.id).values(vft=stood.vft))
    _tell(tx, moved)
    return [row.id for row in moved]


async def _places_of(tx: Transaction, jobs: Sequence[JobRow]) -> dict[int, float]:
    """Where those come to stand whose place the line has passed: behind their owner's last one, as if they were asked for now."""
    passed = [job for job in jobs if job.vft <= await _virtual_time(tx, job)]
    turns = [Turn(key := _flow(job), job.cost, await _weight(tx, key)) for job in passed]
    return {job.id or 0: vft for job, vft in zip(passed, await places_for(tx, turns), strict=True)} if passed else {}


async def _virtual_time(tx: Transaction, job: JobRow) -> float:
    of_class = await tx.get(ClassRow, (job.lane, job.prio))
    return of_class.vtime if of_class else 0.0


async def _weight(tx: Transaction, flow: FlowKey) -> float:
    known = await tx.get(FlowRow, tuple(flow))
    return known.weight if known else 1.0


def _flow(job: JobRow) -> FlowKey:
    return FlowKey(job.lane, job.prio, job.user_id or "")


def _tell(tx: Transaction, moved: Iterable[Any]) -> None:
    for row in moved:
        tx.announce(JobMoved(job_id=row.id, batch_id=row.batch_id, audience=row.user_id), JOBS_CHANNEL)
