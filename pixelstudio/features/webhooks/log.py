"""The log of deliveries, for whoever looks after the installation: searched, counted, and forgotten after a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, or_, select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.limits import PAGE_SIZE
from pixelstudio.core.text import clean_line
from pixelstudio.features.webhooks.tables import NAME_MAX, DeliveryLogRow, RefusalRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

KEPT: Final = timedelta(days=30)
LATELY: Final = timedelta(hours=1)
WORRYING: Final = 3
"""A clock that jumps or a stray caller brings one or two; more, and a secret does not fit."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as the log shows it."""

    id: str
    provider: str
    delivery_id: str
    external_id: str
    status: str
    placed: str
    times: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RefusalView:
    """How often lately something was brought that was not genuine, and in what it failed."""

    provider: str
    code: str
    times: int
    last_at: datetime


async def deliveries_of(reader: Reader, words: str = "", *, by: Actor, limit: int = PAGE_SIZE) -> list[DeliveryView]:
    """The newest deliveries, of those whose provider, id, drawing or fate holds the words. Raises `NotFound` for all but maintainers."""
    _refuse_all_but_maintainers(by)
    statement = select(DeliveryLogRow).order_by(col(DeliveryLogRow.received_at).desc(), col(DeliveryLogRow.id).desc()).limit(limit)
    for word in clean_line(words)[:NAME_MAX].lower().split():
        columns = (
            DeliveryLogRow.provider,
            DeliveryLogRow.delivery_id,
            DeliveryLogRow.external_id,
            DeliveryLogRow.placed,
            DeliveryLogRow.status,
        )
        statement = statement.where(or_(*(func.lower(col(column)).contains(word, autoescape=True) for column in columns)))
    return [_view(row) for row in (await reader.exec(statement)).scalars()]


async def refusals_of(reader: Reader) -> list[RefusalView]:
    """What was refused lately, summed by provider and reason. For maintainers: what it tells is nobody else's."""
    row = RefusalRow
    times, last_at = func.sum(col(row.times)).label("times"), func.max(col(row.last_at)).label("last_at")
    lately = select(col(row.provider), col(row.code), times, last_at).where(col(row.last_at) >= reader.now - LATELY)
    grouped = lately.group_by(col(row.provider), col(row.code)).order_by(col(row.provider), col(row.code))
    return [RefusalView(found.provider, found.code, found.times, found.last_at) for found in await reader.exec(grouped)]


async def forget_old(studio: Studio) -> None:
    """Drop what is older than a month. Safe to repeat."""
    async with studio.db.transaction() as tx:
        await _forget_old(tx)


async def _forget_old(tx: Transaction) -> None:
    await tx.exec(delete(DeliveryLogRow).where(col(DeliveryLogRow.last_at) < tx.now - KEPT))
    await tx.exec(delete(RefusalRow).where(col(RefusalRow.last_at) < tx.now - KEPT))


def _view(row: DeliveryLogRow) -> DeliveryView:
    return DeliveryView(row.id, row.provider, row.delivery_id, row.external_id or "", row.status, row.placed, row.times, row.received_at)


def _refuse_all_but_maintainers(by: Actor) -> None:
    if not by.is_maintainer:
        raise NotFound
