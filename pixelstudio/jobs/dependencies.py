"""Dependencies: jobs that wait for others, and what becomes of them when those end.

    the parent is done      -> one fewer to wait for; after the last one the child is ready
    it failed, or was cancelled, and the edge says
        CANCEL              -> the child is cancelled, settled by its kind's `ended`, and so on downward
        RUN                 -> as if the parent were done
        IGNORE              -> left out: the child runs if any of its parents is done, and is cancelled if none is

Whatever ends a parent resolves its children in the same transaction. `unknown` is no end: children wait until it is decided. Parents are
named when the child is enqueued and must be there already, so no cycle can be written, and whoever locks a parent and then its
children locks them in the order of ids, as everybody does.
"""

# ruff: noqa: S608  # every text is built here, from constants of this package

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, text

from pixelstudio.core.errors import Conflict
from pixelstudio.core.ids import JobId
from pixelstudio.jobs.job import FINAL, JOB_COLUMNS, Job, JobState, job_from, move, state_in
from pixelstudio.jobs.statements import DIALECTS, STATEMENTS, Dialect, vtime_of
from pixelstudio.jobs.tables import DependencyRow

if TYPE_CHECKING:
    from pixelstudio.db.script import Rows, Script
    from pixelstudio.db.transaction import Transaction


class OnFailure(IntEnum):
    """What becomes of a child whose parent failed or was cancelled."""

    CANCEL = 0
    RUN = 1
    IGNORE = 2


@dataclass(frozen=True, slots=True)
class After:
    """One job to wait for."""

    job_id: int
    on_failure: OnFailure = OnFailure.CANCEL


class ParentFailed(Conflict):
    """What a job was to follow has failed already: it is not put into the queue at all."""

    default_code = "parent_failed"

    def __init__(self) -> None:
        super().__init__(NOT_COME)


NOT_COME: Final = "What this was waiting for did not come."


@dataclass(frozen=True, slots=True)
class Resolved:
    """What followed from the end of jobs: lanes in which some are ready now, and children that were cancelled and must be settled."""

    lanes: frozenset[str] = frozenset()
    has_later: bool = False
    cancelled: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sql:
    lock_parents: str
    note_parents: str
    count_parents: str
    lock_children: str
    lock_descendants: str
    lock_with_descendants: str
    met: str
    let_go: str
    call_off: str


NOTHING_FOLLOWED: Final = Resolved()
_S = JobState


def _sql(d: Dialect) -> _Sql:
    _, blocked = move(_S.READY, _S.BLOCKED)
    move(_S.SCHEDULED, _S.BLOCKED)
    to_cancelled, _ = move(_S.CANCELLED, _S.BLOCKED)
    final, ids = state_in(*FINAL), d.ids
    blocked_child = f"q_job.{blocked} AND q_job.id IN"
    child_of = f"(SELECT child FROM q_dep WHERE parent IN {ids})"
    below = (
        f"WITH RECURSIVE below(id) AS (SELECT child FROM q_dep WHERE parent IN {ids}"
        " UNION SELECT q_dep.child FROM q_dep JOIN below ON q_dep.parent=below.id)"
    )
    is_met = f"(e.on_failure={OnFailure.RUN:d} OR p.state={_S.DONE:d})"
    has_nothing = f"NOT EXISTS (SELECT 1 FROM q_dep e JOIN q_job p ON p.id=e.parent WHERE e.child=q_job.id AND {is_met})"
    is_called_off = f"EXISTS (SELECT 1 FROM q_dep e WHERE e.child=q_job.id AND e.parent IN {ids} AND e.on_failure={OnFailure.CANCEL:d})"
    return _Sql(
        lock_parents=f"SELECT id,state FROM q_job WHERE id IN {ids} ORDER BY id{d.for_update}",
        note_parents=f"UPDATE q_job SET is_parent=TRUE WHERE id IN {ids} AND NOT is_parent",
        count_parents="UPDATE q_job SET nblock=(SELECT count(*) FROM q_dep e JOIN q_job p ON p.id=e.parent WHERE e.child=q_job.id"
        f" AND NOT p.{final}) WHERE id IN {ids}",
        lock_children=f"SELECT id FROM q_job WHERE {blocked_child} {child_of} ORDER BY id{d.for_update}",
        lock_descendants=f"{below} SELECT id FROM q_job WHERE {blocked_child} (SELECT id FROM below) ORDER BY id{d.for_update}",
        lock_with_descendants=f"{below} SELECT id FROM q_job WHERE id IN (SELECT id FROM below UNION SELECT * FROM {ids} AS named)"
        f" ORDER BY id{d.for_update}",
        met=f"UPDATE q_job SET nblock=nblock-(SELECT count(*) FROM q_dep e WHERE e.child=q_job.id AND e.parent IN {ids})"
        f" WHERE {blocked_child} {child_of}",
        let_go=f"UPDATE q_job SET state=CASE WHEN run_at>{d.now} THEN {_S.SCHEDULED:d} ELSE {_S.READY:d} END,"
        f"vft={d.greatest}(vft,{vtime_of('q_job')}) WHERE {blocked_child} {ids} AND nblock=0 RETURNING lane,state",
        call_off=f"UPDATE q_job SET {to_cancelled},finished={d.now} WHERE {blocked_child} {child_of}"
        f" AND ({is_called_off} OR (nblock=0 AND {has_nothing})) RETURNING {JOB_COLUMNS},q_job.is_parent",
    )


_SQL: Final = {name: _sql(dialect) for name, dialect in DIALECTS.items()}


def resolve(dialect: str, ended: Iterable[int], *, are_done: bool, now: float) -> Script[Resolved]:
    """Tell the children of jobs that have just ended, in the transaction that ended them."""
    sql, parents = _SQL[dialect], list(ended)
    waiting = yield (sql.lock_children if are_done else sql.lock_descendants), _ids(parents)
    children = [row[0] for row in waiting]
    cancelled: list[Job] = []
    while parents and children:
        yield sql.met, _ids(parents)
        rows: Rows = [] if are_done else (yield sql.call_off, {**_ids(parents), "now": now})
        cancelled += [job_from(row) for row in rows]
        parents = [row[0] for row in rows if row[-1]]
    if cancelled:
        told: dict[str, Any] = {"outcome": "cancelled", "code": ParentFailed.default_code, "sentence": NOT_COME, "now": now}
        yield STATEMENTS[dialect].record_attempt, {**_ids([job.id for job in cancelled]), **told}
    freed: Rows = (yield sql.let_go, {**_ids(children), "now": now}) if children else []
    lanes = frozenset(lane for lane, state in freed if state == _S.READY)
    return Resolved(lanes, any(state == _S.SCHEDULED for _, state in freed), tuple(cancelled))


def lock_with_descendants(dialect: str, ids: Iterable[int]) -> Script[None]:
    """Lock these jobs and whatever waits for them, directly or not, in the order of ids."""
    yield _SQL[dialect].lock_with_descendants, _ids(ids)


async def tie(tx: Transaction, edges: Mapping[JobId, Sequence[After]]) -> None:
    """Make new, blocked jobs (the keys) wait for others. Those whose others have all ended are let go at once.

    Raises `ParentFailed` for a child that would be cancelled at once, and `ValueError` for a parent the queue does not know.
    """
    sql = _SQL[tx.dialect]
    wanted = sorted({after.job_id for parents in edges.values() for after in parents})
    # From here on no parent ends before this is committed: its end finds the edges.
    found: Rows = [tuple(row) for row in await tx.exec(text(sql.lock_parents), {**_ids(wanted)})]
    states = {row[0]: JobState(row[1]) for row in found}
    for parents in edges.values():
        _refuse_hopeless(parents, states)
    still_open = [job_id for job_id in wanted if states[job_id] not in FINAL]
    await tx.exec(text(sql.note_parents), {**_ids(still_open)})
    rows = [
        {"child": child, "parent": after.job_id, "on_failure": int(after.on_failure)}
        for child, parents in edges.items()
        for after in parents
    ]
    await tx.exec(insert(DependencyRow).values(rows))
    await tx.exec(text(sql.count_parents), {**_ids(edges)})
    await tx.exec(text(sql.let_go), {**_ids(edges), "now": tx.now.timestamp()})


def _refuse_hopeless(parents: Sequence[After], states: Mapping[int, JobState]) -> None:
    if missing := [after.job_id for after in parents if after.job_id not in states]:
        raise ValueError(f"no such jobs to wait for: {missing}")
    failed = [after.on_failure for after in parents if states[after.job_id] in FINAL - {_S.DONE}]
    if OnFailure.CANCEL in failed or (len(failed) == len(parents) and set(failed) == {OnFailure.IGNORE}):
        raise ParentFailed


def _ids(ids: Iterable[int]) -> dict[str, str]:
    return {"ids": json.dumps(sorted(ids))}
