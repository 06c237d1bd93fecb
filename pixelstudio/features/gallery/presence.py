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
    if not await belongs_to(tx, by, collection_id):
        return ""
    here_once = col(PresenceRow.collection_id) == collection_id
    await tx.exec(delete(PresenceRow).where(here_once, col(PresenceRow.seen_at) < tx.now - GONE_AFTER))
    here = select(func.count()).select_from(PresenceRow).where(here_once)
    if (await tx.exec(here)).scalar_one() >= limits.PRESENT_MAX:
        return ""
    tab = PresenceRow(id=new_id(), collection_id=collection_id, account_id=by.id, seen_at=tx.now)
    tx.add(tab)
    await tx.flush()
    await tx.publish(PresenceChanged(collection_id=collection_id))
    return tab.id


async def stay(tx: Transaction, collection_id: str, tab_id: str, *, by: Actor) -> str:
    """The tab is still open: returns its id, another one when it was given up meanwhile, "" once the actor no longer belongs here."""
    if not await belongs_to(tx, by, collection_id):
        await go(tx, tab_id)
        return ""
    renewed = await tx.exec(update(PresenceRow).where(col(PresenceRow.id) == tab_id).values(seen_at=tx.now))
    return tab_id if renewed.rowcount else await arrive(tx, collection_id, by=by)


async def go(tx: Transaction, tab_id: str) -> None:
    """The tab has closed. Safe to repeat."""
    tab: Any = await tx.get(PresenceRow, tab_id)
    if tab is not None:
        await tx.delete(tab)
        await tx.publish(PresenceChanged(collection_id=tab.collection_id))


async def belongs_to(reader: Reader, viewer: Actor, collection_id: str) -> bool:
    """Whether the viewer is one of the people of a collection that has others than its maker."""
    row: Any = await reader.get(CollectionRow, collection_id) if is_id(collection_id) else None
    return row is not None and row.seen_by != "private" and await part_in(reader, viewer, row) in {"maker", "joined"}


async def present_in(reader: Reader, viewer: Actor, collection_id: str) -> list[PersonView]:
    """Who else of the collection's people has it open, by name; nobody for whoever is not one of them. Four small queries."""
    if not await belongs_to(reader, viewer, collection_id):
        return []
    others = (col(PresenceRow.account_id) != viewer.id, is_near(viewer, col(PresenceRow.account_id)))
    here = (col(PresenceRow.collection_id) == collection_id, col(PresenceRow.seen_at) >= reader.now - GONE_AFTER)
    ids: set[UserId] = set((await reader.exec(select(col(PresenceRow.account_id)).where(*here, *others))).scalars())
    return sorted((await people_by_id(reader, ids)).values(), key=lambda person: (person.name.casefold(), person.handle))
