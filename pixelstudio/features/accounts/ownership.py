"""Rows of one's own: for whoever asks, somebody else's are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import is_id

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor


class Owned(Protocol):
    """A row with an id that belongs to one account."""

    id: str
    account_id: str


Row = TypeVar("Row", bound=Owned)


async def own_row(reader: Reader, table: type[Row], row_id: str, *, by: Actor, for_update: bool = False) -> Row:
    """The actor's own row with this id, locked when asked. Raises `NotFound` for a missing one and for somebody else's."""
    if not is_id(row_id):
        raise NotFound
    statement = select(table).where(col(table.id) == row_id, col(table.account_id) == by.id)
    if for_update:
        statement = statement.with_for_update(key_share=True)
    row: Row | None = (await reader.exec(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row
