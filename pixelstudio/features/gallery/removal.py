"""Removal: a picture is taken out of the gallery by whoever looks after the installation; its owner keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.images.pictures import withdraw

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction


async def remove_post(tx: Transaction, image_id: str) -> None:
    """From now on only its owner sees the picture, and it cannot be published again. Called by moderation alone. Safe to repeat."""
    row = (await tx.exec(select(PostRow).where(col(PostRow.image_id) == image_id).with_for_update(key_share=True))).scalar_one_or_none()
    if row is not None:
        row.is_listed = False
        tx.add(row)
        await tx.flush()
    await withdraw(tx, image_id)
