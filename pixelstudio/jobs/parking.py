"""Parking: a job that waits for somebody else holds its lane's slot, and no worker; deliveries and deadlines take it up again.

                     park                          a delivery
     running ------------------> parked ---------------------------> ready ---> running (`resume`)
                                    |                                  ^
                                    +----------------------------------+
                                         the deadline passed: ask

A delivery that comes before the job is parked waits in the inbox and is found by `park`; one that comes twice is dropped by its id; one
nobody can place is kept until somebody can; one that comes for an `unknown` job answers it; one that comes for an ended job changes
nothing. A job taken up again keeps its mark, does not lose an attempt by it, and goes before the others of its lane: it is paid for.
"""

# ruff: noqa: S608  # every text is built here, from constants of this package

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import text

from pixelstudio.core.log import get_logger
from pixelstudio.jobs import calls
from pixelstudio.jobs.endings import end_parked, epoch
from pixelstudio.jobs.fairness import Priority
from pixelstudio.jobs.job import JOB_COLUMNS, JobState, Mark, job_from, move
from pixelstudio.jobs.kind import Delivery
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.statements import DIALECTS, RESCUE_BATCH, Dialect, chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.db.script import Rows, Script
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind, Ended, Park

Placed: TypeAlias = Literal["taken", "kept", "known", "late"]
"""What became of a delivery: it moved its job; it waits in the inbox; it was there before; its job had ended."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """What somebody brought, verified by whoever took it in. It is placed by the provider's name for the call, by its token, or by both."""

    provider: str
    delivery_id: str
    body: str
    external_id: str | None = None
    webhook_token: str | None = None


@dataclass(frozen=True, slots=True)
class _Sql:
    called: str
    serialise: str
    park: str
    unpark: str
    overdue: str
    hasten: str
    receive: str
    forget: str
    place: str
    find_calls: str
    find_job: str
    match: str
    unread: str
    read: str


_S = JobState


def _sql(d: Dialect) -> _Sql:
    to_parked, from_running = move(_S.PARKED, _S.RUNNING)
    to_ready, from_parked = move(_S.READY, _S.PARKED)
    _, answerable = move(_S.READY, _S.PARKED, _S.UNKNOWN)
    up_again = (
        f"{to_ready},phase={Mark.TRACEABLE:d},prio={Priority.FIRST:d},attempt=attempt-1,lease_until=NULL,"
        f"vft={d.greatest}(vft,COALESCE((SELECT c.vtime FROM q_class c WHERE c.lane=q_job.lane AND c.prio={Priority.FIRST:d}),0))"
    )
    brought = "SELECT i.provider,i.delivery_id FROM q_call c JOIN q_inbox i ON i.provider=c.provider AND i.job_id IS NULL"
    for_job = f"{brought} AND i.external_id=c.external_id WHERE c.job_id=:id UNION {brought} AND i.webhook_token=c.webhook_token WHERE c.job_id=:id"
    serialise = "pg_advisory_xact_lock(hashtextextended(CAST(:name AS text),0))" if d.for_update else ":name"
    return _Sql(
        called="SELECT provider FROM q_call WHERE job_id=:id ORDER BY seq DESC LIMIT 1",
        serialise=f"SELECT {serialise}",
        park=f"UPDATE q_job SET {to_parked},phase={Mark.TRACEABLE:d},lease_until=NULL,run_at={d.now}+:poll_in_s"
        f" WHERE id=:id AND fence=:fence AND {from_running} RETURNING id",
        unpark=f"UPDATE q_job SET {up_again} WHERE id=:id AND {answerable}",
        overdue=f"UPDATE q_job SET {up_again} WHERE "
        + chosen(d, f"SELECT id FROM q_job WHERE {from_parked} AND run_at<={d.now} ORDER BY run_at LIMIT {RESCUE_BATCH}"),
        hasten=f"UPDATE q_job SET {up_again} WHERE id=:id AND {from_parked} RETURNING lane",
        receive="INSERT INTO q_inbox(provider,delivery_id,external_id,webhook_token,body,received)"
        f" VALUES(:provider,:delivery_id,:external_id,:token,:body,{d.now}) ON CONFLICT DO NOTHING RETURNING received",
        forget="DELETE FROM q_inbox WHERE provider=:provider AND delivery_id=:delivery_id",
        place="UPDATE q_inbox SET job_id=:id WHERE provider=:provider AND delivery_id=:delivery_id",
        find_calls="SELECT DISTINCT job_id FROM q_call WHERE provider=:provider AND (external_id=:external_id OR webhook_token=:token)",
        find_job=f"SELECT {JOB_COLUMNS} FROM q_job WHERE id=:id{d.for_update}",
        match=f"UPDATE q_inbox SET job_id=:id WHERE (provider,delivery_id) IN ({for_job}) RETURNING delivery_id",
        unread="SELECT delivery_id,body,received FROM q_inbox WHERE job_id=:id AND NOT is_read ORDER BY received DESC,delivery_id DESC LIMIT 1",
        read="UPDATE q_inbox SET is_read=TRUE WHERE job_id=:id AND NOT is_read",
    )


_SQL: Final = {name: _sql(dialect) for name, dialect in DIALECTS.items()}


def park(dialect: str, job: Job, until: Park, now: float) -> Script[Literal["parked", "delivered", "lost"]]:
    """Put a running job down until it is answered; "delivered" when the answer was there already, so it is ready now."""
    sql, key = _SQL[dialect], {"id": job.id, "now": now}
    if until.external_id is not None:
        called: Rows = yield sql.called, {"id": job.id}
        yield sql.serialise, {"name": _name(called[0][0], until.external_id)}
    if not (yield sql.park, {**key, "fence": job.fence, "poll_in_s": until.poll_in_s}):
        return "lost"
    if until.external_id is not None:
        yield from calls.accept(job.id, until.external_id)
    if not (yield sql.match, {"id": job.id}):
        return "parked"
    yield sql.unpark, key
    return "delivered"


def take_up(dialect: str, job_id: int) -> Script[Delivery | None]:
    """The newest delivery nobody has read yet, with everything that has come for the job meanwhile; None when nothing has."""
    sql = _SQL[dialect]
    yield sql.match, {"id": job_id}
    rows: Rows = yield sql.unread, {"id": job_id}
    if not rows:
        return None
    yield sql.read, {"id": job_id}
    return Delivery(*rows[0])


def wake_overdue(dialect: str, now: float) -> Script[None]:
    """Take up again what nothing was delivered for by its deadline: it asks."""
    yield _SQL[dialect].overdue, {"now": now}


async def hasten(tx: Transaction, job_id: int) -> bool:
    """Take a parked job up now instead of at its deadline: there is news to ask for. False when it is not parked. Safe to repeat."""
    row = (await tx.exec(text(_SQL[tx.dialect].hasten), {"id": job_id})).first()
    if row is not None:
        tx.announce(JobsWaiting(lanes=(row.lane,)), JOBS_CHANNEL)
    return row is not None


async def deliver(tx: Transaction, delivery: NewDelivery, kinds: Mapping[str, AnyKind], *, ends_as: Ended | None = None) -> Placed:
    """Keep what was brought and let its job go on, in one commit. Safe to repeat: the second time changes nothing.

    `ends_as` is for whoever can tell the end from the body alone: then the job ends here, otherwise a worker takes it up again.
    """
    sql = _SQL[tx.dialect]
    row: dict[str, Any] = {
        "provider": delivery.provider,
        "delivery_id": delivery.delivery_id,
        "external_id": delivery.external_id,
        "token": delivery.webhook_token,
    }
    if delivery.external_id is not None:  # whoever parks under this name just now is waited for, or waits and finds the inbox
        await tx.exec(text(sql.serialise), {"name": _name(delivery.provider, delivery.external_id)})
    if (await tx.exec(text(sql.receive), {**row, "body": delivery.body, "now": epoch(tx)})).first() is None:
        return "known"
    found = (await tx.exec(text(sql.find_calls), row)).scalars().all()
    if len(found) != 1:
        get_logger().info("inbox.kept", provider=delivery.provider, candidates=len(found))
        return "kept"
    job_row = (await tx.exec(text(sql.find_job), {"id": found[0]})).first()
    if job_row is None:
        return "late"
    job = job_from(tuple(job_row))
    if job.state in {_S.DONE, _S.FAILED, _S.CANCELLED}:
        get_logger().info("inbox.late", provider=delivery.provider, job_id=job.id)
        return "late"
    await tx.script(calls.answer(job.id, delivery.external_id))
    if job.state not in {_S.PARKED, _S.UNKNOWN}:
        return "kept"  # found when it parks, or is taken up
    await tx.exec(text(sql.place), {**row, "id": job.id})
    if ends_as is not None:
        await end_parked(tx, job, kinds, ends_as)
        return "taken"
    await tx.exec(text(sql.unpark), {"id": job.id})
    tx.announce(JobsWaiting(lanes=(job.lane,)), JOBS_CHANNEL)
    return "taken"


async def deliver_again(tx: Transaction, delivery: NewDelivery, kinds: Mapping[str, AnyKind]) -> Placed:
    """Place what was brought before as if it came for the first time. Safe to repeat: what has ended stays as it ended."""
    await tx.exec(text(_SQL[tx.dialect].forget), {"provider": delivery.provider, "delivery_id": delivery.delivery_id})
    return await deliver(tx, delivery, kinds)


def _name(provider: str, external_id: str) -> str:
    return f"{provider} {external_id}"
