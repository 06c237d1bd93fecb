"""Removal: a picture is taken out of the gallery by whoever looks after the installation; its owner keeps it. An appeal may bring it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.gallery.events import PostPublished
from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.images.pictures import give_back, is_public, withdraw

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.gallery.views import Showing


async def remove_post(tx: Transaction, image_id: str) -> Showing:
    """From now on only its owner sees the picture, and it cannot be published again; returns who saw it.

    Called by moderation alone. Safe to repeat.
    """
    was_public = await withdraw(tx, image_id)
    row = await _row(tx, image_id)
    was: Showing = "private" if not was_public else "public" if row is not None and row.is_listed else "link"
    if row is not None:
        row.is_listed = False
        tx.add(row)
        await tx.flush()
    return was


async def put_back(tx: Transaction, image_id: str, was: str) -> None:
    """Show a picture again to whom it was shown when it was removed. Called by moderation alone. Safe to repeat."""
    await give_back(tx, image_id, is_public=was in {"public", "link"})
    row = await _row(tx, image_id)
    if row is not None and was == "public":
        row.is_listed = True
        tx.add(row)
        await tx.flush()
        await tx.publish(PostPublished(image_id=row.image_id, owner_id=row.account_id, is_listed=await is_public(tx, image_id)))


async def _row(tx: Transaction, image_id: str) -> PostRow | None:
    """Locked after its picture, as whoever publishes does it: so that none of the two waits for the other for ever."""
    return (await tx.exec(select(PostRow).where(col(PostRow.image_id) == image_id).with_for_update(key_share=True))).scalar_one_or_none()
