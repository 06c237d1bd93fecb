"""Blocks: two people who want nothing of each other; neither sees what the other one shows or says, and neither can answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, or_, select, true
from sqlmodel import col

from pixelstudio.core.errors import Invalid
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.tables import BlockRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView


async def set_block(tx: Transaction, person_id: str, is_blocked: bool, *, by: Actor) -> None:
    """Block somebody, or let them be again. Safe to repeat. `follows.block` ends the following with it."""
    if person_id == by.id:
        raise Invalid("You cannot block yourself.", code="block_self")
    await tx.serialise(f"block:{by.id}")
    await tx.exec(delete(BlockRow).where(col(BlockRow.account_id) == by.id, col(BlockRow.blocked_id) == person_id))
    if is_blocked:
        tx.add(BlockRow(account_id=by.id, blocked_id=person_id, created_at=tx.now))
        await tx.flush()


async def blocked_by(reader: Reader, by: Actor) -> list[PersonView]:
    """Whom the actor has blocked, by handle."""
    mine = select(col(BlockRow.blocked_id)).where(col(BlockRow.account_id) == by.id)
    people = await people_by_id(reader, (await reader.exec(mine)).scalars())
    return sorted(people.values(), key=lambda person: person.handle)


async def are_apart(reader: Reader, one: str, other: str) -> bool:
    """Whether either of the two has blocked the other."""
    return bool((await reader.exec(select(_apart(one, other)))).scalar_one())


def is_near(viewer: Actor | None, other: Any) -> ColumnElement[bool]:
    """Whether nothing stands between the viewer and the person a column names."""
    return ~_apart(viewer.id, other) if viewer else true()


def _apart(one: str, other: Any) -> ColumnElement[bool]:
    mine = and_(col(BlockRow.account_id) == one, col(BlockRow.blocked_id) == other)
    theirs = and_(col(BlockRow.account_id) == other, col(BlockRow.blocked_id) == one)
    return or_(exists().where(mine), exists().where(theirs))
