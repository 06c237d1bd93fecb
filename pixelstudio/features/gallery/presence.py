"""Presence: which people of a collection have it open just now. A row for each open tab, renewed while it is open and removed when it closes.

A tab that could not say goodbye is not there any more once it has missed a beat. Told to the people of the collection alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.admission import part_in
from pixelstudio.features.gallery.blocks import is_near
from pixelstudio.features.gallery.events import PresenceChanged
from pixelstudio.features.gallery.tables import CollectionRow, PresenceRow

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

GONE_AFTER: Final = timedelta(seconds=2.5 * limits.PRESENCE_BEAT_S)


async def arrive(tx: Transaction, collection_id: str, *, by: Actor) -> str:
    """Count a tab of the actor's in; returns its id, "" when they do not belong to the collection or it is full."""
    row: Any = await tx.get(CollectionRow, collection_id) if is_id(collection_id) else None
    if row is None or row.seen_by == "private" or await part_in(tx, by, row) not in {"maker", "joined"}:
        return ""
    await tx.exec(delete(PresenceRow).where(col(PresenceRow.collection_id) == row.id, col(PresenceRow.seen_at) < tx.now - GONE_AFTER))
    here = select(func.count()).select_from(PresenceRow).where(col(PresenceRow.collection_id) == row.id)
    if (await tx.exec(here)).scalar_one() >= limits.PRESENT_MAX:
        return ""
    tab = PresenceRow(id=new_id(), collection_id=row.id, account_id=by.id, seen_at=tx.now)
    tx.add(tab)
    await tx.publish(PresenceChanged(collection_id=row.id))
    return tab.id


async def stay(tx: Transaction, tab_id: str) -> None:
    """The tab is still open."""
    await tx.exec(update(PresenceRow).where(col(PresenceRow.id) == tab_id).values(seen_at=tx.now))


async def go(tx: Transaction, tab_id: str) -> None:
    """The tab has closed. Safe to repeat."""
    tab: Any = await tx.get(PresenceRow, tab_id)
    if tab is not None:
        await tx.delete(tab)
        await tx.publish(PresenceChanged(collection_id=tab.collection_id))


async def present_in(reader: Reader, viewer: Actor, collection_id: str) -> list[PersonView]:
    """Who else of the collection's people has it open, by name; nobody for whoever is not one of them. Four small queries."""
    row: Any = await reader.get(CollectionRow, collection_id) if is_id(collection_id) else None
    if row is None or await part_in(reader, viewer, row) not in {"maker", "joined"}:
        return []
    others = (col(PresenceRow.account_id) != viewer.id, is_near(viewer, col(PresenceRow.account_id)))
    here = (col(PresenceRow.collection_id) == row.id, col(PresenceRow.seen_at) >= reader.now - GONE_AFTER)
    ids: set[UserId] = set((await reader.exec(select(col(PresenceRow.account_id)).where(*here, *others))).scalars())
    return sorted((await people_by_id(reader, ids)).values(), key=lambda person: (person.name.casefold(), person.handle))
