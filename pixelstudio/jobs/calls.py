"""Calls: each request to somebody who charges has a record, written in the commit that lets its bytes leave.

     intent ---> sent ---> accepted ---> settled
      (no row)     |           |            ^
                   +-----------+            | a late answer, a maintainer or a day
                   v                        |
                unknown --------------------+

`intent` is a call in somebody's hand: nothing is written yet, nothing has left. `sent` is marked: bytes may have left. `accepted`: the provider
has named it, so it can be asked for by that name. `settled`: it is clear what became of it. `unknown`: it is not, and nobody can be asked.

The key goes with the request to a provider that honours keys, and names the drawing at one that lets us choose its name; after a crash
the call is found again with the same key. The token goes into the address a provider calls back, and finds the call even when the
answer to the request was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from pixelstudio.core.ids import new_id, new_secret
from pixelstudio.jobs.job import Mark
from pixelstudio.jobs.statements import DIALECTS

if TYPE_CHECKING:
    from pixelstudio.db.script import Script
    from pixelstudio.db.transaction import Reader


class CallPhase(IntEnum):
    """What is known of a call."""

    INTENT = 0
    SENT = 1
    ACCEPTED = 2
    SETTLED = 3
    UNKNOWN = 4


_OPEN: Final = (CallPhase.SENT, CallPhase.ACCEPTED, CallPhase.UNKNOWN)
_IS_OPEN: Final = f"phase IN ({','.join(f'{phase:d}' for phase in _OPEN)})"
_RECORD: Final = {
    name: "INSERT INTO q_call(job_id,seq,provider,idem_key,webhook_token,phase,cost,created,sent)"  # noqa: S608
    f" VALUES(:job_id,(SELECT count(*)+1 FROM q_call WHERE job_id=:job_id),:provider,:key,:token,:phase,:cost,{dialect.now},{dialect.now})"
    " ON CONFLICT(idem_key) DO UPDATE SET sent=excluded.sent"
    for name, dialect in DIALECTS.items()
}
_FIND: Final = {
    name: f"SELECT provider,idem_key,webhook_token,cost,phase,external_id,{dialect.now}-created AS age_s,{dialect.now}-sent AS quiet_s FROM q_call"  # noqa: S608
    f" WHERE job_id=:job_id AND {_IS_OPEN} ORDER BY seq DESC LIMIT 1"
    for name, dialect in DIALECTS.items()
}
_ACCEPT: Final = f"UPDATE q_call SET phase={CallPhase.ACCEPTED:d},external_id=:external_id WHERE job_id=:job_id AND {_IS_OPEN}"  # noqa: S608
_REOPEN: Final = f"UPDATE q_call SET phase={CallPhase.SENT:d} WHERE job_id=:job_id AND phase={CallPhase.UNKNOWN:d}"  # noqa: S608
_CLOSE: Final = f"UPDATE q_call SET phase=:phase WHERE job_id=:job_id AND {_IS_OPEN}"  # noqa: S608
_WAIVE: Final = f"UPDATE q_call SET phase={CallPhase.SETTLED:d},cost=0 WHERE job_id=:job_id AND {_IS_OPEN}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Call:
    """One request to `provider`."""

    provider: str
    key: str
    token: str
    is_traceable: bool
    """Whether it can be asked after, or sent again under its key, without being charged twice."""
    cost: int = 0
    """Credits at stake."""
    phase: CallPhase = CallPhase.INTENT
    external_id: str | None = None
    age_s: float = 0.0
    """How long ago it was marked as sent for the first time."""
    quiet_s: float = 0.0
    """And how long ago for the last time."""

    @property
    def mark(self) -> Mark:
        """What a job is marked with before this call's bytes leave."""
        return Mark.TRACEABLE if self.is_traceable else Mark.SENT


def new_call(provider: str, *, cost: int, is_traceable: bool) -> Call:
    """A call nobody has made yet, under a key and a token that are nobody else's."""
    return Call(provider, new_id(), new_secret(), is_traceable, cost)


async def open_call(reader: Reader, job_id: int) -> Call | None:
    """The job's call of which it is not clear yet what became of it; None when there is none."""
    row = (await reader.exec(text(_FIND[reader.dialect]), {"job_id": job_id, "now": reader.now.timestamp()})).first()
    if row is None:
        return None
    return Call(
        provider=row.provider,
        key=row.idem_key,
        token=row.webhook_token,
        is_traceable=True,  # or its job would not have been taken up again
        cost=row.cost,
        phase=CallPhase(row.phase),
        external_id=row.external_id,
        age_s=row.age_s,
        quiet_s=row.quiet_s,
    )


def record(dialect: str, call: Call, job_id: int, now: float) -> Script[None]:
    """Write that this call's bytes may leave; once more when it is made again under the same key."""
    fields = {"provider": call.provider, "key": call.key, "token": call.token, "phase": int(CallPhase.SENT), "cost": call.cost}
    yield _RECORD[dialect], {**fields, "job_id": job_id, "now": now}


def accept(job_id: int, external_id: str) -> Script[None]:
    """Note the provider's own name for the job's open call. Safe to repeat."""
    yield _ACCEPT, {"job_id": job_id, "external_id": external_id}


def answer(job_id: int, external_id: str | None) -> Script[None]:
    """Note that somebody was heard of the job's open call: it is not unknown any more, and may have been named."""
    yield _REOPEN, {"job_id": job_id}
    if external_id is not None:
        yield from accept(job_id, external_id)


def close(job_id: int, phase: CallPhase) -> Script[None]:
    """Note how the job's open call ended: `SETTLED`, or `UNKNOWN` when nobody can say."""
    yield _CLOSE, {"job_id": job_id, "phase": int(phase)}


def waive(job_id: int) -> Script[None]:
    """Note that the job's open call brought nothing and costs nothing: the provider said so, or was never reached."""
    yield _WAIVE, {"job_id": job_id}
