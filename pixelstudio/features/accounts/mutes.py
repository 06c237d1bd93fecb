"""Mutes: people one does not want to hear of. Nothing ends by it, nothing is refused, and whoever is muted never learns of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select, true
from sqlmodel import col

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.accounts.tables import MuteRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView


async def set_mute(tx: Transaction, person_id: str, is_muted: bool, *, by: Actor) -> None:
    """Hear no more of somebody, or hear of them again. Safe to repeat. Raises `NotFound`, and `Invalid` for oneself."""
    if not is_id(person_id) or person_id not in await people_by_id(tx, [person_id]):
        raise NotFound("Nobody here has this handle.", code="person_not_found")
    if person_id == by.id:
        raise Invalid("You cannot mute yourself.", code="mute_self")
    await tx.serialise(f"mute:{by.id}")
    await tx.exec(delete(MuteRow).where(col(MuteRow.account_id) == by.id, col(MuteRow.muted_id) == person_id))
    if is_muted:
        tx.add(MuteRow(account_id=by.id, muted_id=person_id, created_at=tx.now))
        await tx.flush()
    await tx.publish(WishesChanged(account_id=by.id))


async def muted_by(reader: Reader, by: Actor) -> list[PersonView]:
    """Whom the actor has muted, by handle. Two queries."""
    mine = select(col(MuteRow.muted_id)).where(col(MuteRow.account_id) == by.id)
    people = await people_by_id(reader, (await reader.exec(mine)).scalars())
    return sorted(people.values(), key=lambda person: person.handle)


async def is_muted(reader: Reader, by: Actor | None, person_id: str) -> bool:
    """Whether the actor has muted this person."""
    return by is not None and await reader.get(MuteRow, (by.id, person_id)) is not None


async def forget_mutes(tx: Transaction, account_id: UserId) -> None:
    """An account leaves: nobody has it muted any more. Safe to repeat."""
    await tx.exec(delete(MuteRow).where(col(MuteRow.muted_id) == account_id))


def is_heard(viewer: Actor | None, other: Any) -> ColumnElement[bool]:
    """Whether the viewer has not muted the person a column names."""
    return ~exists().where(col(MuteRow.account_id) == viewer.id, col(MuteRow.muted_id) == other) if viewer else true()
