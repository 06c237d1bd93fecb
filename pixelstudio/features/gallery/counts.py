"""Counts: what is counted of pictures and people, changed by one with what changes it, in its own commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, update
from sqlmodel import col

from pixelstudio.features.gallery.events import PostCounted
from pixelstudio.features.gallery.heat import PERIODS, cooled, warmed
from pixelstudio.features.gallery.tables import CreatorRow

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.gallery.tables import PostRow


def warm(row: PostRow, weight: int, at: datetime) -> None:
    """Something happened to a picture whose row is locked."""
    for period in PERIODS:
        setattr(row, f"heat_{period}", warmed(getattr(row, f"heat_{period}"), weight, at, period))


def cool(row: PostRow, weight: int, at: datetime) -> None:
    """What happened at `at` was taken back."""
    for period in PERIODS:
        setattr(row, f"heat_{period}", cooled(getattr(row, f"heat_{period}"), weight, at, row.published_at, period))


async def tell_counts(tx: Transaction, row: PostRow) -> None:
    """Say what is counted of a picture now."""
    await tx.publish(
        PostCounted(image_id=row.image_id, owner_id=row.account_id, likes=row.likes, comments=row.comments, is_listed=row.is_listed)
    )


async def count_person(tx: Transaction, account_id: str, *, followers: int = 0, following: int = 0, likes: int = 0) -> None:
    """Change what is counted of a person by so much; never below nothing."""
    if await tx.get(CreatorRow, account_id, for_update=True) is None:
        tx.add(CreatorRow(account_id=account_id))
        await tx.flush()
    changes = {"followers": followers, "following": following, "likes": likes}
    values = {
        name: case((getattr(CreatorRow, name) + by > 0, getattr(CreatorRow, name) + by), else_=0) for name, by in changes.items() if by
    }
    await tx.exec(update(CreatorRow).where(col(CreatorRow.account_id) == account_id).values(**values))
