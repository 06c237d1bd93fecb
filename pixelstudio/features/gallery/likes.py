"""Likes of pictures: given once, taken back, and who gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.ids import is_id
from pixelstudio.features.gallery.counts import cool, count_person, tell_counts, warm
from pixelstudio.features.gallery.heat import LIKED
from pixelstudio.features.gallery.posts import opened
from pixelstudio.features.gallery.tables import PostLikeRow, PostRow
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def set_like(tx: Transaction, image_id: str, is_liked: bool, *, by: Actor, since: datetime | None = None) -> tuple[int, bool]:
    """Like a picture, or take the like back; returns how many like it, and whether the actor does. Safe to repeat: twice counts once.

    `since` is the moment of a like that was taken back by mistake: it stands again where it stood. Raises as `posts.opened`.
    """
    row = await opened(tx, image_id, by)
    found = await tx.get(PostLikeRow, (image_id, by.id))
    if is_liked == (found is not None):
        return row.likes, is_liked
    if found is None:
        await _give(tx, row, by, since or tx.now)
    else:
        row.likes = max(0, row.likes - 1)
        cool(row, LIKED, found.created_at)
        await tx.delete(found)
        await count_person(tx, row.account_id, likes=-1)
    tx.add(row)
    await tx.flush()
    await tell_counts(tx, row)
    return row.likes, is_liked


async def liked_since(reader: Reader, image_id: str, *, by: Actor) -> datetime | None:
    """Since when the actor likes a picture; None when they do not."""
    found = await reader.get(PostLikeRow, (image_id, by.id)) if is_id(image_id) else None
    return found.created_at if found else None


async def _give(tx: Transaction, row: PostRow, by: Actor, since: datetime) -> None:
    tx.add(PostLikeRow(image_id=row.image_id, liker_id=by.id, created_at=since))
    row.likes += 1
    warm(row, LIKED, since)
    await count_person(tx, row.account_id, likes=1)
    await tell(tx, Told(account_id=row.account_id, kind="like", from_id=by.id, image_id=row.image_id))
