"""The transaction scripts by which workers take jobs, keep them and give them back.

Lock order: lane, then jobs. A lane's slots in use are counted from its jobs under the lane's lock, so there is no counter that a crash
could leave wrong and nothing to free: a job that ends leaves the count in the commit that ends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pixelstudio.core.limits import MARK_TO_SEND_MAX_S
from pixelstudio.db.script import Script
from pixelstudio.jobs import calls
from pixelstudio.jobs.dependencies import NOTHING_FOLLOWED, Resolved, resolve
from pixelstudio.jobs.job import Job, job_from
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import Statements


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of jobs of which at most `max_inflight` run at a time, over all workers."""

    id: str
    max_inflight: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a pump cycle took. `dry` when the lane had fewer ready jobs than there was room for."""

    jobs: list[Job]
    dry: bool
    freed: Resolved = NOTHING_FOLLOWED
    """What followed for those who had waited for the jobs whose ends were written."""


def declare(sql: Statements, lanes: Iterable[Lane]) -> Script[None]:
    """Write the lanes' limits. Safe to repeat; the last worker started decides."""
    for lane in sorted(lanes, key=lambda lane: lane.id):
        yield sql.declare_lane, {"lane": lane.id, "max_inflight": lane.max_inflight}


def pump(sql: Statements, *, lane: str, ended: Sequence[Job], wanted: int, worker: str, lease_s: float, now: float) -> Script[Claimed]:
    """Write the ends of plain jobs of `lane` and take at most `wanted` of its ready ones, within its limit.

    The attempt is counted here, before the run: a job that kills its process runs out of attempts like any other.
    """
    limits = yield sql.lock_lane, {"lane": lane}
    freed = NOTHING_FOLLOWED
    if ended:
        freed = yield from _acknowledge(sql, ended, now)
    if not limits or wanted <= 0:
        return Claimed([], dry=not limits, freed=freed)
    held = yield sql.held_in_lane, {"lane": lane}
    room = min(wanted, limits[0][0] - held[0][0])
    if room <= 0:
        return Claimed([], dry=False, freed=freed)
    rows = yield sql.claim, {"lane": lane, "wanted": room, "worker": worker, "lease_s": lease_s, "now": now}
    in_order = sorted(rows, key=lambda row: (row[-2], row[-1], row[0]))  # RETURNING keeps no order
    return Claimed([job_from(row) for row in in_order], dry=len(rows) < room, freed=freed)


def _acknowledge(sql: Statements, ended: Sequence[Job], now: float) -> Script[Resolved]:
    """Who waits for these jobs is looked for only when somebody does."""
    rows = yield sql.acknowledge, {"rows": json.dumps([{"id": job.id, "fence": job.fence} for job in ended]), "now": now}
    if not (parents := [row[0] for row in rows if row[1]]):
        return NOTHING_FOLLOWED
    return (yield from resolve(sql.dialect, parents, are_done=True, now=now))


@dataclass(frozen=True, slots=True)
class Beat:
    """What the beat found: the fence of every job still held, and which of them somebody wants stopped."""

    fences: dict[int, int]
    unwanted: set[int]


def beat(sql: Statements, *, ids: Iterable[int], worker: str, lease_s: float, now: float) -> Script[Beat]:
    """Extend the leases of `ids`; who is not in the answer has been taken from this worker."""
    # In id order, the order in which everybody locks jobs.
    rows = yield sql.beat, {"ids": json.dumps(sorted(ids)), "worker": worker, "lease_s": lease_s, "now": now}
    return Beat({row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2]})


Parting: TypeAlias = Literal["moved", "unwanted", "lost"]


def retry(sql: Statements, *, job: Job, again: TryAgain, now: float) -> Script[Parting]:
    """Put the job down for a while and keep why. "unwanted": somebody cancelled it meanwhile, so it must end instead.

    One that keeps its mark may have been paid already: it is taken up again to learn that, whoever cancelled it.
    """
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    held = yield sql.lock_held, key
    if not held:
        return "lost"
    unwanted, mark = held[0]
    if unwanted and not again.keeps_mark:
        return "unwanted"
    if mark and not again.keeps_mark:
        yield from calls.waive(job.id)
    why: dict[str, Any] = {"outcome": again.outcome, "code": again.code, "sentence": again.sentence}
    yield sql.record_attempt, {**why, "ids": json.dumps([job.id]), "now": now}
    yield sql.retry, {**key, "delay_s": again.delay_s, "kept": int(again.keeps_mark)}
    return "moved"


def give_back(sql: Statements, *, job: Job, now: float) -> Script[Parting]:
    """Put the job back at its place, as if it had not been taken: the attempt does not count, a mark stays."""
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    held = yield sql.lock_held, key
    if not held:
        return "lost"
    unwanted, mark = held[0]
    if unwanted and not mark:
        return "unwanted"
    yield sql.give_back, key
    return "moved"


def mark_sent(sql: Statements, *, job: Job, call: calls.Call, now: float) -> Script[Parting]:
    """Commit that the bytes of `call` may leave ("moved"), and its record. Otherwise this attempt may not send them any more.

    The lease must outlast the time in which they may leave, so that whoever takes the job up after it asks later than that. From this
    commit on a cancellation comes too late; one that was committed before it is heeded here.
    """
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    if (yield sql.mark_sent, {**key, "mark": int(call.mark), "margin_s": MARK_TO_SEND_MAX_S}):
        yield from calls.record(sql.dialect, call, job.id, now)
        return "moved"
    held = yield sql.lock_held, key
    return "unwanted" if held and held[0][0] else "lost"
