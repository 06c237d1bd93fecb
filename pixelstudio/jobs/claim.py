"""The transaction scripts by which workers take jobs, keep them and give them back.

Lock order: lane, then jobs. A lane's slots in use are counted from its jobs under the lane's lock, so there is no counter that a crash
could leave wrong and nothing to free: a job that ends leaves the count in the commit that ends it.

Both searches begin where something can be: the count at the oldest claim that is still held, the claim at each class's virtual time. On
Postgres a snapshot that somebody keeps open makes every row that has passed remain in the indices; nobody walks through them here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pixelstudio.core.limits import MARK_TO_SEND_MAX_S
from pixelstudio.db.script import Ahead, Script, Settled
from pixelstudio.jobs import calls
from pixelstudio.jobs.dependencies import NOTHING_FOLLOWED, Resolved, resolve
from pixelstudio.jobs.fairness import Priority
from pixelstudio.jobs.gate import Gate
from pixelstudio.jobs.job import Job, job_from
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import Statements

if TYPE_CHECKING:
    from pixelstudio.core.clock import Clock
    from pixelstudio.db.script import Rows


_MARK: Final = Job._fields.index("mark")


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of jobs of which at most `max_inflight` run at a time, over all workers.

    `rate`: how many may begin in a second, of which `burst` at once; None: as many as there is room for. `breaker_after`: so many failures
    in a row and nobody is asked for a while; 0: never.
    """

    id: str
    max_inflight: int
    rate: float | None = None
    burst: float = 1.0
    breaker_after: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a pump cycle took. `dry` when the lane had fewer ready jobs than there was room for.

    `opens_in_s` when time alone lets more of them begin; `troubled` when the lane wants to hear of jobs that end well.
    """

    jobs: list[Job]
    dry: bool
    opens_in_s: float | None = None
    troubled: bool = False
    freed: Resolved = NOTHING_FOLLOWED
    """What followed for those who had waited for the jobs whose ends were written."""


def declare(sql: Statements, lanes: Iterable[Lane]) -> Script[None]:
    """Write the lanes' limits. Safe to repeat; the last worker started decides."""
    for lane in sorted(lanes, key=lambda lane: lane.id):
        limits = {"max_inflight": lane.max_inflight, "rate": lane.rate, "burst": lane.burst, "breaker_after": lane.breaker_after}
        yield sql.declare_lane, {"lane": lane.id, **limits}
        for prio in Priority:
            yield sql.declare_class, {"lane": lane.id, "prio": int(prio)}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who takes: at most `wanted` jobs, each for `lease_s` unless a beat extends it.

    `thorough`: look through the whole lane. A job that was put in while the virtual time passed it stands before the place where the
    search begins; it is found when the lane runs dry, and by whoever is thorough. `went_well`: so many of its jobs ended well meanwhile.
    """

    worker: str
    wanted: int
    lease_s: float
    clock: Clock
    thorough: bool = False
    went_well: int = 0


@dataclass(frozen=True, slots=True)
class Crowd:
    """What stands at a lane's gate: `held` jobs inside, and the classes in which somebody is ready, with their virtual times."""

    gate: Gate
    held: int
    probing: bool
    at: float
    classes: list[tuple[int, float]]

    @property
    def room(self) -> int:
        """How many may begin."""
        return self.gate.room(self.held, self.at, probing=self.probing)


def count(sql: Statements, lane: str, gate: Gate, now: float) -> Script[Crowd]:
    """Count what stands at the gate, which the caller has locked; read after the lock, so nothing moves any more."""
    return _crowd((yield sql.crowd, {"lane": lane, "now": now}), gate)


def _crowd(rows: Rows, gate: Gate) -> Crowd:
    held, oldest, probing, told = rows[0][:4]
    if told < gate.held_since:  # the clock was set back: all that is held was counted
        gate = replace(gate, held_since=0.0)
    at = gate.moment(told)
    classes = [(prio, vtime) for *_, prio, vtime in rows if prio is not None]
    return Crowd(gate.counted(oldest, at), held, bool(probing) and gate.probe is not None, at, classes)


def pump(sql: Statements, *, lane: str, ended: Sequence[Job], hand: Hand) -> Script[Claimed]:
    """Write the ends of plain jobs of `lane` and take ready ones, as many as the hand wants and the lane's gate lets through.

    The attempt is counted here, before the run: a job that kills its process runs out of attempts like any other.
    """
    now = hand.clock.epoch()  # asked for here, on SQLite within the transaction: it tells when the jobs were taken
    standing = yield Ahead(sql.lock_lane, {"lane": lane})
    acknowledged: list[Rows] = []
    for fence, ids in _by_fence(ended).items():
        acknowledged.append((yield Ahead(sql.acknowledge, {"ids": json.dumps(ids), "fence": fence, "now": now})))
    rows = yield sql.crowd, {"lane": lane, "now": now}
    parents = [row[0] for rows_ended in acknowledged for row in rows_ended if row[1]]
    # Who waits for these jobs is looked for only when somebody does.
    freed = (yield from resolve(sql.dialect, parents, are_done=True, now=now)) if parents else NOTHING_FOLLOWED
    if not standing or (hand.wanted <= 0 and not hand.went_well):
        return Claimed([], dry=not standing, freed=freed)
    before = Gate(*standing[0])
    crowd = _crowd(rows, before.relieved(hand.went_well))
    room = min(max(0, hand.wanted), crowd.room)
    taken = (yield from _take(sql, lane, room, crowd, hand, now)) if room else []
    taken.sort(key=lambda row: (row[-2], row[-1], row[0]))  # RETURNING keeps no order
    gate = crowd.gate.passed([row[0] for row in taken], crowd.at)
    if any(row[_MARK] for row in taken):  # taken up again: it began before what is held now, perhaps
        gate = replace(gate, held_since=0.0)
    if gate != before:
        yield Ahead(sql.move_gate, {"lane": lane, **gate.values()})
    yield Settled()
    jobs = [job_from(row) for row in taken]
    dry = len(jobs) < room
    waits_for_time = not dry and len(jobs) < hand.wanted and crowd.held + len(jobs) < gate.max_inflight
    return Claimed(jobs, dry, gate.opens_in_s(crowd.at) if waits_for_time else None, gate.is_troubled, freed)


def _by_fence(ended: Sequence[Job]) -> dict[int, list[int]]:
    """Their ids. Nearly all are at their first attempt."""
    found: dict[int, list[int]] = {}
    for job in ended:
        found.setdefault(job.fence, []).append(job.id)
    return found


def _take(sql: Statements, lane: str, room: int, crowd: Crowd, hand: Hand, now: float) -> Script[list[tuple[Any, ...]]]:
    asked: dict[str, Any] = {"lane": lane, "worker": hand.worker, "lease_s": hand.lease_s, "at": crowd.at, "now": now}
    rows: list[tuple[Any, ...]] = []
    if sql.along_index:
        yield Ahead(sql.along_index, {})
    for prio, vtime in () if hand.thorough else crowd.classes:
        if len(rows) < room:
            rows += yield sql.claim_from, {**asked, "prio": prio, "vtime": vtime, "wanted": room - len(rows)}
    if len(rows) < room:
        rows += yield sql.claim, {**asked, "wanted": room - len(rows)}
    reached = {prio: max(row[-1] for row in rows if row[-2] == prio) for prio in {row[-2] for row in rows}}
    for prio, vtime in sorted(reached.items()):
        yield Ahead(sql.move_class, {"lane": lane, "prio": prio, "vtime": vtime})
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


def retry(sql: Statements, *, job: Job, again: TryAgain, now: float) -> Script[Parting]:
    """Put the job down for a while and keep why. "unwanted": somebody cancelled it meanwhile, so it must end instead.

    One that is spared is allowed one attempt more. One that keeps its mark may have been paid already: it is taken up again to learn
    that, whoever cancelled it.
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
    yield sql.retry, {**key, "delay_s": again.delay_s, "kept": int(again.keeps_mark), "spared": int(again.spared)}
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
