"""The intake: a delivery is proved, noted in the log and handed to its job, the last two in one commit, and nothing is done twice.

To prove it, somebody outside may have to be asked for a key; so that comes first, and outside any transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.core.log import get_logger
from pixelstudio.features.logbook.entries import note
from pixelstudio.features.webhooks.tables import NAME_MAX, DeliveryLogRow, RefusalRow
from pixelstudio.jobs.parking import NewDelivery, deliver, deliver_again
from pixelstudio.providers.deliveries import Brought, NotGenuine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.deliveries import Told
    from pixelstudio.studio import Studio

Outcome: TypeAlias = Literal["taken", "kept", "known", "late", "noted"]
"""It moved its job; it waits for one; it was brought before; its job had ended; it says nothing that moves anybody."""

_INSERTS: Final = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def receive(studio: Studio, provider: str, headers: Mapping[str, str], body: bytes, call_token: str = "") -> Outcome:
    """Take in what was brought. Safe to repeat, as providers do until they hear that it arrived.

    Raises `NotFound` for a provider nobody reads for, `NotGenuine` for what nobody vouches for, and `Unavailable` when that cannot be
    found out just now: then it is brought again.
    """
    reader = studio.readers.get(provider)
    if reader is None:
        raise NotFound
    try:
        told = await reader.read(Brought(headers, body, studio.clock.epoch()))
    except NotGenuine as refusal:
        get_logger().warning("webhook.refused", provider=provider, code=refusal.code)
        async with studio.db.transaction() as tx:
            await _count_refusal(tx, provider, refusal.code)
        raise
    async with studio.db.transaction() as tx:
        return await _take(tx, studio, provider, told, call_token[:NAME_MAX] or None)


async def replay(tx: Transaction, studio: Studio, delivery: str, *, by: Actor) -> Outcome:
    """Hand a delivery of the log to its job once more, as if it had just come. Raises `NotFound` for everybody but a maintainer.

    Safe to repeat: a job that has ended stays as it ended, and one that is taken up asks its provider before anything else.
    """
    row = await tx.get(DeliveryLogRow, delivery, for_update=True) if by.is_maintainer else None
    if row is None:
        raise NotFound
    placed = await deliver_again(tx, _for_inbox(row), studio.kinds)
    row.placed = placed
    await note(tx, "delivery.replayed", f"{row.provider}: {placed}", by=by)
    get_logger().info("webhook.replayed", provider=row.provider, placed=placed, by=by.id)
    return placed


async def _take(tx: Transaction, studio: Studio, provider: str, told: Told, call_token: str | None) -> Outcome:
    row = DeliveryLogRow(
        id=new_id(),
        provider=provider,
        delivery_id=told.delivery_id,
        external_id=told.external_id,
        call_token=call_token,
        status=told.status,
        placed="noted",
        received_at=tx.now,
        last_at=tx.now,
    )
    if not await _is_new(tx, row):
        return "known"
    placed: Outcome = await deliver(tx, _for_inbox(row), studio.kinds) if told.is_end else "noted"
    await tx.exec(update(DeliveryLogRow).where(col(DeliveryLogRow.id) == row.id).values(placed=placed))
    get_logger().info("webhook.taken", provider=provider, placed=placed)
    return placed


async def _is_new(tx: Transaction, row: DeliveryLogRow) -> bool:
    """Note it; whoever brings the same at the same time waits for this commit, and then counts as the second."""
    insert = _INSERTS[tx.dialect]
    times = {"times": col(DeliveryLogRow.times) + 1, "last_at": row.last_at}
    statement = insert(DeliveryLogRow).values(row.model_dump())
    noted = statement.on_conflict_do_update(index_elements=["provider", "delivery_id"], set_=times).returning(col(DeliveryLogRow.times))
    return (await tx.exec(noted)).scalar_one() == 1


def _for_inbox(row: DeliveryLogRow) -> NewDelivery:
    return NewDelivery(row.provider, row.delivery_id, row.status, external_id=row.external_id, webhook_token=row.call_token)


async def _count_refusal(tx: Transaction, provider: str, code: str) -> None:
    hour = tx.now.replace(minute=0, second=0, microsecond=0)
    statement = _INSERTS[tx.dialect](RefusalRow).values(provider=provider, code=code, hour=hour, times=1, last_at=tx.now)
    times = {"times": col(RefusalRow.times) + 1, "last_at": tx.now}
    await tx.exec(statement.on_conflict_do_update(index_elements=["provider", "code", "hour"], set_=times))
