"""A job as others see it, its states, and the one table of legal moves.

     enqueue            enqueue later                 enqueue after other jobs
        |                     |                              |
        v        due          v        the last one ended    v
      ready <------------ scheduled <---------------------blocked ---> ready | cancelled
        |  ^                  ^
  claim |  | given back,      | retry
        v  | lease lost       |
      running ----------------+----> done | failed | cancelled | unknown
        |  ^                                                   |
   park |  | un-park (through ready)        a late answer, a person or a day decides
        v  |                                                   v
      parked ----> ready | done | failed | cancelled | unknown   ready | done | failed | cancelled

`ready` and `scheduled` jobs may be put aside by their owner: `paused` ones wait for nobody but them, and go back to where they were or are
`cancelled`. `running` and `parked` hold a slot of their lane; only `running` holds a lease. A job that was sent keeps its `Mark` wherever it
waits. `done`, `failed` and `cancelled` are final. `unknown` is a
job that was sent to somebody who charges and whose answer never came: it runs no more, and what hangs on it stays unsettled.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.core.ids import JobId


class JobState(IntEnum):
    """Where a job is in its life."""

    BLOCKED = 0
    SCHEDULED = 1
    READY = 2
    RUNNING = 3
    PARKED = 4
    DONE = 5
    FAILED = 6
    CANCELLED = 7
    UNKNOWN = 8
    PAUSED = 9


class Mark(IntEnum):
    """Whether bytes may have left for somebody who charges, and what may be done about it after a crash."""

    UNSENT = 0
    SENT = 1
    """Nobody could say what became of it: never taken up again by itself."""
    TRACEABLE = 2
    """It may be asked after, or sent again under its key: taken up again, and never sent a second time."""


_S = JobState
LEGAL_MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    _S.BLOCKED: frozenset({_S.READY, _S.SCHEDULED, _S.CANCELLED}),
    _S.SCHEDULED: frozenset({_S.READY, _S.CANCELLED, _S.PAUSED}),
    _S.READY: frozenset({_S.RUNNING, _S.CANCELLED, _S.PAUSED}),
    _S.PAUSED: frozenset({_S.READY, _S.SCHEDULED, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.READY, _S.SCHEDULED, _S.PARKED, _S.DONE, _S.FAILED, _S.CANCELLED, _S.UNKNOWN}),
    _S.PARKED: frozenset({_S.READY, _S.DONE, _S.FAILED, _S.CANCELLED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.READY, _S.DONE, _S.FAILED, _S.CANCELLED}),
    _S.DONE: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}
FINAL: Final = frozenset(state for state, onward in LEGAL_MOVES.items() if not onward)
WAITING: Final = frozenset({_S.BLOCKED, _S.SCHEDULED, _S.READY, _S.PARKED, _S.PAUSED})


class IllegalMove(AssertionError):
    """A statement was written that moves a job where it may not go."""


def move(to: JobState, *origins: JobState) -> tuple[str, str]:
    """The SQL of one move, `("state=5", "state=3")`; refuses at import what `LEGAL_MOVES` does not allow."""
    for origin in origins:
        if to not in LEGAL_MOVES[origin]:
            msg = f"{origin.name} -> {to.name}"
            raise IllegalMove(msg)
    return f"state={to:d}", state_in(*origins)


def state_in(*states: JobState) -> str:
    """The SQL that holds for rows in one of these states."""
    numbers = sorted(int(state) for state in states)
    return f"state={numbers[0]}" if len(numbers) == 1 else f"state IN ({','.join(map(str, numbers))})"


class Job(NamedTuple):
    """One job, as its kind sees it. `fence` counts the claims: only the newest claim may write."""

    id: JobId
    kind: str
    lane: str
    user_id: str | None
    batch_id: str | None
    state: JobState
    attempt: int
    max_attempts: int
    fence: int
    timeout_s: float | None
    params: dict[str, Any]
    created: float
    run_at: float
    mark: Mark = Mark.UNSENT


# In the order of `Job`'s fields; works after SELECT and after RETURNING on both databases.
JOB_COLUMNS: Final = (
    "q_job.id,q_job.kind,q_job.lane,q_job.user_id,q_job.batch_id,q_job.state,q_job.attempt,q_job.max_attempts,q_job.fence,q_job.timeout_s,"
    "(SELECT p.params FROM q_payload p WHERE p.job_id=q_job.id),q_job.created,q_job.run_at,q_job.phase"
)


def job_from(row: Sequence[Any]) -> Job:
    """The job of a row that begins with `JOB_COLUMNS`."""
    job_id, kind, lane, user_id, batch_id, state, attempt, max_attempts, fence, timeout_s, params, created, run_at, phase = row[:14]
    told, where, mark = _READ(params or "{}")[0], _STATES[state], _MARKS[phase]
    # By its own name it is made by a function of Python's, which takes longer than all that stands above.
    return Job._make((job_id, kind, lane, user_id, batch_id, where, attempt, max_attempts, fence, timeout_s, told, created, run_at, mark))


# Looked up for every job that is taken: three times as fast as asking the enum.
_STATES: Final = {int(state): state for state in JobState}
_MARKS: Final = {int(mark): mark for mark in Mark}
_READ: Final = json.JSONDecoder().raw_decode
"""For what was written here, with nothing around it; `json.loads` takes three times as long to make sure of that."""
