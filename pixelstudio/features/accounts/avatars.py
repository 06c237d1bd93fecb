"""Avatars: the picture beside a person's name. Everybody with its address may see it; it is there until its owner takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.features.accounts.events import PersonChanged
from pixelstudio.features.accounts.tables import AvatarRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def set_avatar(tx: Transaction, content: bytes, *, by: Actor) -> str:
    """Put a WebP picture made by us in the place of the one before; returns its public id."""
    await tx.serialise(f"avatar:{by.id}")
    await _taken_away(tx, by)
    row = AvatarRow(account_id=by.id, id=new_id(), content=content, created_at=tx.now)
    tx.add(row)
    await tx.flush()
    await tx.publish(PersonChanged(account_id=by.id))
    return row.id


async def remove_avatar(tx: Transaction, *, by: Actor) -> None:
    """Take the actor's picture away. Safe to repeat."""
    if await _taken_away(tx, by):
        await tx.publish(PersonChanged(account_id=by.id))


async def _taken_away(tx: Transaction, by: Actor) -> bool:
    return bool((await tx.exec(delete(AvatarRow).where(col(AvatarRow.account_id) == by.id))).rowcount)


async def avatar_of(reader: Reader, by: Actor) -> str:
    """The public id of the actor's picture, "" when there is none."""
    found = await reader.exec(select(col(AvatarRow.id)).where(col(AvatarRow.account_id) == by.id))
    return found.scalar_one_or_none() or ""


async def avatar_content(reader: Reader, avatar_id: str) -> bytes:
    """The WebP bytes; raises `NotFound` for what was never there and what was taken away."""
    if not is_id(avatar_id):
        raise NotFound
    found = (await reader.exec(select(col(AvatarRow.content)).where(col(AvatarRow.id) == avatar_id))).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
