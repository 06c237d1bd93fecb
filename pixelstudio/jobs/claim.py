"""The transaction scripts by which workers take jobs, keep them and give them back.

Lock order: lane, then jobs. A lane's slots in use are counted from its jobs under the lane's lock, so there is no counter that a crash
could leave wrong and nothing to free: a job that ends leaves the count in the commit that ends it.

Both searches begin where something can be: the count at the oldest claim that is still held, the claim at each class's virtual time. On
Postgres a snapshot that somebody keeps open makes every row that has passed remain in the indices; nobody walks through them here.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar

from pixelstudio.jobs.fairness import Priority
from pixelstudio.jobs.job import Job, job_from
from pixelstudio.jobs.statements import Statements

R = TypeVar("R")
_HELD_SINCE_STEP_S: Final = 0.1
"""How far behind the start of the count may lie: moving it at every claim would cost more than it saves."""

Script: TypeAlias = Generator[tuple[str, dict[str, Any]], Sequence[tuple[Any, ...]], R]


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


def declare(sql: Statements, lanes: Iterable[Lane]) -> Script[None]:
    """Write the lanes' limits. Safe to repeat; the last worker started decides."""
    for lane in sorted(lanes, key=lambda lane: lane.id):
        yield sql.declare_lane, {"lane": lane.id, "max_inflight": lane.max_inflight}
        for prio in Priority:
            yield sql.declare_class, {"lane": lane.id, "prio": int(prio)}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who takes: at most `wanted` jobs, each for `lease_s` unless a beat extends it.

    `thorough`: look through the whole lane. A job that was put in while the virtual time passed it stands before the place where the
    search begins; it is found when the lane runs dry, and by whoever is thorough.
    """

    worker: str
    wanted: int
    lease_s: float
    now: float
    thorough: bool = False


def pump(sql: Statements, *, lane: str, ended: Sequence[Job], hand: Hand) -> Script[Claimed]:
    """Write the ends of plain jobs of `lane` and take ready ones, as many as the hand wants and the lane's limits allow.

    The attempt is counted here, before the run: a job that kills its process runs out of attempts like any other.
    """
    limits = yield sql.lock_lane, {"lane": lane}
    if ended:
        yield sql.acknowledge, {"rows": json.dumps([{"id": job.id, "fence": job.fence} for job in ended]), "now": hand.now}
    if not limits or hand.wanted <= 0:
        return Claimed([], dry=not limits)
    max_inflight, held_since = limits[0]
    crowd = yield sql.crowd, {"lane": lane, "held_since": held_since, "now": hand.now}
    held, oldest, now = crowd[0][:3]
    at = max(now, held_since)  # a clock that was set back must not hide what is held
    room = min(hand.wanted, max_inflight - held)
    if room <= 0:
        return Claimed([], dry=False)
    classes = [] if hand.thorough else [(prio, vtime) for *_, prio, vtime in crowd if prio is not None]
    rows = yield from _take(sql, lane, room, at, hand, classes)
    if (since := at if oldest is None else oldest) > held_since + _HELD_SINCE_STEP_S:
        yield sql.move_lane, {"lane": lane, "held_since": since}
    in_order = sorted(rows, key=lambda row: (row[-2], row[-1], row[0]))  # RETURNING keeps no order
    return Claimed([job_from(row) for row in in_order], dry=len(rows) < room)


def _take(
    sql: Statements, lane: str, room: int, at: float, hand: Hand, classes: Sequence[tuple[int, float]]
) -> Script[list[tuple[Any, ...]]]:
    asked: dict[str, Any] = {"lane": lane, "worker": hand.worker, "lease_s": hand.lease_s, "at": at, "now": hand.now}
    rows: list[tuple[Any, ...]] = []
    for prio, vtime in classes:
        if len(rows) < room:
            rows += yield sql.claim_from, {**asked, "prio": prio, "vtime": vtime, "wanted": room - len(rows)}
    if len(rows) < room:
        rows += yield sql.claim, {**asked, "wanted": room - len(rows)}
    reached = {prio: max(row[-1] for row in rows if row[-2] == prio) for prio in {row[-2] for row in rows}}
    for prio, vtime in sorted(reached.items()):
        yield sql.move_class, {"lane": lane, "prio": prio, "vtime": vtime}
    return rows


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


def retry(sql: Statements, *, job: Job, delay_s: float, outcome: str, code: str, sentence: str, now: float) -> Script[Parting]:
    """Put the job down until `delay_s` from now and keep why. "unwanted": somebody cancelled it meanwhile, so it must end instead."""
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    held = yield sql.lock_held, key
    if not held:
        return "lost"
    if held[0][0]:
        return "unwanted"
    yield sql.record_attempt, {"ids": json.dumps([job.id]), "outcome": outcome, "code": code, "sentence": sentence, "now": now}
    yield sql.retry, {**key, "delay_s": delay_s}
    return "moved"


def give_back(sql: Statements, *, job: Job, now: float) -> Script[Parting]:
    """Put the job back at its place, as if it had not been taken: the attempt does not count."""
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    held = yield sql.lock_held, key
    if not held:
        return "lost"
    if held[0][0]:
        return "unwanted"
    yield sql.give_back, key
    return "moved"


def mark_sent(sql: Statements, *, job: Job, now: float) -> Script[Parting]:
    """Commit that bytes may leave for somebody who charges ("moved"). Otherwise this attempt may not send them any more.

    From this commit on a cancellation comes too late; one that was committed before it is heeded here.
    """
    key: dict[str, Any] = {"id": job.id, "fence": job.fence, "now": now}
    if (yield sql.mark_sent, key):
        return "moved"
    held = yield sql.lock_held, key
    return "unwanted" if held and held[0][0] else "lost"
