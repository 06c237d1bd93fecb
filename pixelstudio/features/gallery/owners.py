"""Everything one person did in the gallery, at once: taken back when they leave, told when they ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.tables import (
    BlockRow,
    CollectionPictureRow,
    CollectionRow,
    CommentLikeRow,
    CommentRow,
    CreatorRow,
    FollowRow,
    PostLikeRow,
    PostRow,
)

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def leave(tx: Transaction, account_id: UserId) -> None:
    """Take back what an account did for others' counts, and its words; its own rows go with everything else of it. Safe to repeat.

    The heat of what it liked stays: it halves by itself.
    """
    liked = select(col(PostLikeRow.image_id)).where(col(PostLikeRow.liker_id) == account_id)
    per_owner: Any = (
        select(col(PostRow.account_id), func.count())
        .join(PostLikeRow, col(PostLikeRow.image_id) == col(PostRow.image_id))
        .where(col(PostLikeRow.liker_id) == account_id)
        .group_by(col(PostRow.account_id))
        .order_by(col(PostRow.account_id))
    )
    likes: Any = (await tx.exec(per_owner)).all()
    await tx.exec(update(PostRow).where(col(PostRow.image_id).in_(liked)).values(likes=_less(PostRow.likes)))
    await tx.exec(delete(PostLikeRow).where(col(PostLikeRow.liker_id) == account_id))
    await _silence(tx, account_id)
    liked_words = select(col(CommentLikeRow.comment_id)).where(col(CommentLikeRow.liker_id) == account_id)
    await tx.exec(update(CommentRow).where(col(CommentRow.id).in_(liked_words)).values(likes=_less(CommentRow.likes)))
    await tx.exec(delete(CommentLikeRow).where(col(CommentLikeRow.liker_id) == account_id))
    for owner_id, count in likes:
        await tx.exec(update(CreatorRow).where(col(CreatorRow.account_id) == owner_id).values(likes=_less(CreatorRow.likes, count)))
    both: Any = (
        (FollowRow.follower_id, FollowRow.followed_id, CreatorRow.followers),
        (FollowRow.followed_id, FollowRow.follower_id, CreatorRow.following),
    )
    for mine, theirs, counted in both:
        others = select(col(theirs)).where(col(mine) == account_id)
        await tx.exec(update(CreatorRow).where(col(CreatorRow.account_id).in_(others)).values({counted.key: _less(counted)}))
        await tx.exec(delete(FollowRow).where(col(mine) == account_id))
    await tx.exec(delete(BlockRow).where(col(BlockRow.blocked_id) == account_id))


async def words_by(reader: Reader, by: Actor) -> list[dict[str, object]]:
    """Every comment of the actor, the last first, for their export."""
    mine = select(CommentRow).where(col(CommentRow.writer_id) == by.id).order_by(col(CommentRow.created_at).desc())
    rows = (await reader.exec(mine)).scalars()
    return [{"id": row.id, "image_id": row.image_id, "words": row.words, "created_at": row.created_at} for row in rows]


async def followed_by(reader: Reader, by: Actor) -> list[str]:
    """The handles of whom the actor follows, for their export. Two queries."""
    mine = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == by.id)
    people = await people_by_id(reader, (await reader.exec(mine)).scalars())
    return sorted(person.handle for person in people.values())


async def likes_after(reader: Reader, by: Actor, last: str) -> list[dict[str, object]]:
    """A page of what the actor likes, in the order of the pictures' ids after `last`, for their export. One query."""
    mine = select(PostLikeRow).where(col(PostLikeRow.liker_id) == by.id, col(PostLikeRow.image_id) > last)
    rows = (await reader.exec(mine.order_by(col(PostLikeRow.image_id)).limit(limits.PAGE_SIZE_MAX))).scalars()
    return [{"image_id": row.image_id, "created_at": row.created_at} for row in rows]


async def collections_after(reader: Reader, by: Actor, last: str) -> list[dict[str, object]]:
    """The actor's collection next in the order of ids after `last`, with its pictures as they were put in, for their export. Two queries."""
    mine = select(CollectionRow).where(col(CollectionRow.account_id) == by.id, col(CollectionRow.id) > last)
    row = (await reader.exec(mine.order_by(col(CollectionRow.id)).limit(1))).scalar_one_or_none()
    if row is None:
        return []
    number = col(CollectionPictureRow.number)
    held = select(col(CollectionPictureRow.image_id)).where(col(CollectionPictureRow.collection_id) == row.id).order_by(number)
    told: dict[str, object] = {name: getattr(row, name) for name in ("id", "title", "description", "seen_by", "parent_id", "created_at")}
    return [{**told, "pictures": list((await reader.exec(held)).scalars())}]


async def _silence(tx: Transaction, account_id: UserId) -> None:
    """The words of an account go from every thread, which keeps its shape. Three statements, however many they are."""
    said: Any = aliased(CommentRow)
    is_theirs = (said.writer_id == account_id, said.deleted_at.is_(None))
    counted: Any = (
        (PostRow, PostRow.comments, col(PostRow.image_id), said.image_id),
        (CommentRow, CommentRow.answers, col(CommentRow.id), said.parent_id),
    )
    for table, count, key, under in counted:
        gone = select(func.count()).where(*is_theirs, under == key).correlate(table).scalar_subquery()
        await tx.exec(update(table).where(key.in_(select(under).where(*is_theirs))).values({count.key: _less(count, gone)}))
    blank = {"deleted_at": tx.now, "words": "", "likes": 0, "writer_id": None}
    mine = (col(CommentRow.writer_id) == account_id, col(CommentRow.deleted_at).is_(None))
    await tx.exec(update(CommentRow).where(*mine).values(**blank))


def _less(column: Any, by: Any = 1) -> Any:
    return case((column > by, column - by), else_=0)
