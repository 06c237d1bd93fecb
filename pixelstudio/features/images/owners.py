"""All pictures of one person at once: told one by one, given to another account, or taken down for good."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select, update
from sqlmodel import col

from pixelstudio.features.images.events import ImageDeleted
from pixelstudio.features.images.forgetting import AT_ONCE, LATELY_S, forget_pictures
from pixelstudio.features.images.pictures import view_of
from pixelstudio.features.images.tables import ImageRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.studio import Studio

TOLD_AT_ONCE: Final = 100


async def owned_after(reader: Reader, by: Actor, last_id: str) -> Sequence[tuple[ImageView, str]]:
    """The next `TOLD_AT_ONCE` of the actor's pictures, in the order of their ids, each with the digest of its original; not the trash."""
    mine = (col(ImageRow.owner_id) == by.id, col(ImageRow.deleted_at).is_(None), col(ImageRow.id) > last_id)
    rows = await reader.exec(select(ImageRow).where(*mine).order_by(col(ImageRow.id)).limit(TOLD_AT_ONCE))
    return [(view_of(row, by), row.digest) for row in rows.scalars()]


async def give_pictures(tx: Transaction, giver: UserId, taker: UserId) -> int:
    """Make every picture of `giver` the taker's, ids and all; returns how many."""
    return (await tx.exec(update(ImageRow).where(col(ImageRow.owner_id) == giver).values(owner_id=taker))).rowcount


async def take_down(tx: Transaction, owner_id: UserId) -> None:
    """Take every picture of an account away from everybody, now, and the words with it; rows and bytes go by `forget_owned`."""
    public = select(col(ImageRow.id)).where(
        col(ImageRow.owner_id) == owner_id, col(ImageRow.visibility) == "public", col(ImageRow.deleted_at).is_(None)
    )
    for image_id in (await tx.exec(public)).scalars().all():  # private ones were in nobody else's caches
        await tx.publish(ImageDeleted(image_id=image_id, owner_id=owner_id, was_public=True))
    blank = {"deleted_at": tx.now, "prompt": "", "negative_prompt": "", "title": "", "visibility": "private"}
    await tx.exec(update(ImageRow).where(col(ImageRow.owner_id) == owner_id).values(**blank))


async def forget_owned(studio: Studio, owner_id: UserId) -> int:
    """Forget up to `AT_ONCE` deleted pictures of an account, rows and bytes; returns how many. Safe to repeat.

    One stored within the hour waits: somebody who drew the same may be about to name its bytes.
    """
    async with studio.db.reader() as reader:
        due = select(col(ImageRow.id)).where(
            col(ImageRow.owner_id) == owner_id,
            col(ImageRow.deleted_at).is_not(None),
            col(ImageRow.created_at) <= reader.now - timedelta(seconds=LATELY_S),
        )
        image_ids = list((await reader.exec(due.limit(AT_ONCE))).scalars())
    if image_ids:
        await forget_pictures(studio, image_ids)
    return len(image_ids)


async def owns_pictures(reader: Reader, owner_id: UserId) -> bool:
    """Whether a row of any picture, a deleted one too, is left."""
    return bool((await reader.exec(select(exists().where(col(ImageRow.owner_id) == owner_id)))).scalar_one())
