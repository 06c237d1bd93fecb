"""Comments: threads under a picture, one level deep; written, edited, liked, and deleted without tearing their thread.

Who answers an answer answers in the same thread. Words are text and nothing else: `mentions_in` finds the handles in them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, or_, select, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound, TooMany
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.pages import Cursor, Page, decoded
from pixelstudio.core.text import clean_text, clip, within
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.accounts.mutes import is_heard
from pixelstudio.features.accounts.people import people_by_handle, people_by_id
from pixelstudio.features.gallery.blocks import are_apart, is_near
from pixelstudio.features.gallery.counts import cool, tell_counts, warm
from pixelstudio.features.gallery.events import CommentChanged
from pixelstudio.features.gallery.heat import COMMENTED
from pixelstudio.features.gallery.posts import opened
from pixelstudio.features.gallery.tables import CommentLikeRow, CommentRow, PostRow
from pixelstudio.features.gallery.views import CommentView, ThreadView
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.notifications.inbox import Told, tell
from pixelstudio.features.wording.blocked import refuse_blocked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

THREADS: Final = 20
"""So many threads are told at once."""
ANSWERS: Final = 3
"""So many answers of each thread are told with it; the rest when asked for."""
_QUOTED: Final = 140
_MENTION: Final = re.compile(rf"(?<![\w@])@([a-z0-9_]{{{limits.HANDLE_MIN},{limits.HANDLE_MAX}}})(?!\w)", re.IGNORECASE)


def mentions_in(words: str) -> list[str]:
    """The handles that are mentioned, each once, `MENTIONS_MAX` at most."""
    return list(dict.fromkeys(handle.lower() for handle in _MENTION.findall(words)))[: limits.MENTIONS_MAX]


def mentions_at(words: str) -> list[tuple[int, int, str]]:
    """Where the mentions stand, from and to, each with its handle."""
    return [(found.start(), found.end(), found[1].lower()) for found in _MENTION.finditer(words)]


async def write(tx: Transaction, image_id: str, words: str, *, by: Actor, parent_id: str = "") -> str:
    """Write under a picture, or answer a comment; returns the new id. Tells the picture's owner, who is answered, and who is mentioned.

    Raises `Invalid`, `TooMany`, `NotFound` for a comment that is not under this picture, and what `posts.opened` raises.
    """
    said = await _checked(tx, words)
    await _refuse_haste(tx, by)
    post = await opened(tx, image_id, by)
    answered = await _answered(tx, image_id, parent_id, by) if parent_id else None
    root = answered and (answered.parent_id or answered.id)
    row = CommentRow(id=new_id(), image_id=image_id, writer_id=by.id, parent_id=root, words=said, created_at=tx.now)
    tx.add(row)
    await _count(tx, post, row, 1)
    await _tell(tx, post, row, answered, by)
    return row.id


async def edit(tx: Transaction, comment_id: str, words: str, *, by: Actor) -> None:
    """Say one's own comment in other words. Raises as `write`; who is mentioned now is told."""
    row = await _own(tx, comment_id, by)
    said = await _checked(tx, words)
    if said == row.words:
        return
    row.words, row.edited_at = said, tx.now
    tx.add(row)
    await _tell_mentioned(tx, row, by)
    await tx.publish(CommentChanged(image_id=row.image_id, comment_id=row.id))


async def delete(tx: Transaction, comment_id: str, *, by: Actor) -> None:
    """Delete a comment: one's own, or under one's own picture; the maintainer any. Its thread stays. Safe to repeat."""
    row = await _seen(tx, comment_id, by)
    post = await _post(tx, row.image_id)
    if row.deleted_at is None and by.id not in {row.writer_id, post.account_id} and not by.is_maintainer:
        raise NotAllowed("Only who wrote this, and who shows the picture, can delete it.", code="comment_not_yours")
    await _take_down(tx, post, comment_id)


async def remove(tx: Transaction, comment_id: str) -> str:
    """Delete anybody's comment, for moderation alone; returns its words, "" when it is gone already. Safe to repeat."""
    row = await tx.get(CommentRow, comment_id)
    return await _take_down(tx, await _post(tx, row.image_id), comment_id) if row else ""


async def bring_back(tx: Transaction, comment_id: str, words: str, writer_id: str) -> None:
    """Give a deleted comment its words and its writer again, for moderation alone. Safe to repeat; its likes are gone."""
    row = await tx.get(CommentRow, comment_id)
    if row is None or row.deleted_at is None:
        return
    row.deleted_at, row.words, row.writer_id = None, words, writer_id
    tx.add(row)
    await _count(tx, await _post(tx, row.image_id), row, 1)


async def set_comment_like(tx: Transaction, comment_id: str, is_liked: bool, *, by: Actor) -> None:
    """Like a comment, or take the like back. Safe to repeat. Raises `NotFound`, and `NotAllowed` between two who are apart."""
    row = await _seen(tx, comment_id, by)
    if row.writer_id and await are_apart(tx, by.id, row.writer_id):
        raise NotAllowed("You cannot do this here.", code="blocked")
    await tx.get(CommentRow, comment_id, for_update=True)
    found = await tx.get(CommentLikeRow, (comment_id, by.id))
    if is_liked == (found is not None):
        return
    if found is None:
        tx.add(CommentLikeRow(comment_id=comment_id, liker_id=by.id))
        row.likes += 1
    else:
        await tx.delete(found)
        row.likes = max(0, row.likes - 1)
    tx.add(row)
    await tx.flush()
    await tx.publish(CommentChanged(image_id=row.image_id, comment_id=row.id))


async def threads_of(
    reader: Reader, viewer: Actor | None, image_id: str, *, before: str | None = None, limit: int = THREADS
) -> Page[ThreadView]:
    """The threads under a picture, the newest first, each with its first answers. Raises `NotFound`. A bounded number of queries."""
    await image_for(reader, viewer, image_id)
    statement = _under(viewer, image_id).where(col(CommentRow.parent_id).is_(None), _is_worth_showing())
    place = tuple_(col(CommentRow.created_at), col(CommentRow.id))
    if (after := decoded(before)) is not None:
        statement = statement.where(place < tuple_(literal(after.created_at, UtcDateTime), literal(after.id)))
    newest = (col(CommentRow.created_at).desc(), col(CommentRow.id).desc())
    roots: list[CommentRow] = list((await reader.exec(statement.order_by(*newest).limit(limit + 1))).scalars())
    answers = await _first_answers(reader, viewer, [row.id for row in roots[:limit] if row.answers])
    views = await _views(reader, viewer, image_id, [*roots[:limit], *answers])
    by_root: dict[str, list[CommentView]] = {row.id: [] for row in roots[:limit]}
    for row in answers:
        by_root[row.parent_id or ""].append(views[row.id])
    last = roots[limit - 1] if len(roots) > limit else None
    cursor = Cursor(last.created_at, last.id).encoded() if last else ""
    return Page([ThreadView(views[row.id], tuple(by_root[row.id])) for row in roots[:limit]], cursor)


async def answers_of(reader: Reader, viewer: Actor | None, comment_id: str) -> list[CommentView]:
    """Every answer in a thread, the first first, a page of them at most. Raises `NotFound`."""
    root = await _seen(reader, comment_id, viewer)
    statement = _under(viewer, root.image_id).where(col(CommentRow.parent_id) == comment_id, col(CommentRow.deleted_at).is_(None))
    oldest = (col(CommentRow.created_at), col(CommentRow.id))
    rows = list((await reader.exec(statement.order_by(*oldest).limit(limits.PAGE_SIZE_MAX))).scalars())
    views = await _views(reader, viewer, root.image_id, rows)
    return [views[row.id] for row in rows]


async def comment_for(reader: Reader, viewer: Actor | None, comment_id: str) -> tuple[str, str, str]:
    """The picture of a comment, its writer's id and its words, for whoever reports it. Raises `NotFound`."""
    row = await _seen(reader, comment_id, viewer)
    return row.image_id, row.writer_id or "", row.words


def _under(viewer: Actor | None, image_id: str) -> Select[Any]:
    return select(CommentRow).where(col(CommentRow.image_id) == image_id, _is_said_to(viewer))


def _is_said_to(viewer: Actor | None) -> ColumnElement[bool]:
    """Not by somebody from whom a block keeps the viewer, nor by whom they have muted. What was deleted is nobody's."""
    writer = col(CommentRow.writer_id)
    return or_(writer.is_(None), and_(is_near(viewer, writer), is_heard(viewer, writer)))


def _is_worth_showing() -> ColumnElement[bool]:
    """A deleted comment keeps its place for the sake of its answers alone."""
    return or_(col(CommentRow.deleted_at).is_(None), col(CommentRow.answers) > 0)


async def _first_answers(reader: Reader, viewer: Actor | None, root_ids: Sequence[str]) -> list[CommentRow]:
    if not root_ids:
        return []
    rank = func.row_number().over(partition_by=col(CommentRow.parent_id), order_by=(col(CommentRow.created_at), col(CommentRow.id)))
    ranked = (
        select(col(CommentRow.id), rank.label("rank"))
        .where(col(CommentRow.parent_id).in_(root_ids), col(CommentRow.deleted_at).is_(None), _is_said_to(viewer))
        .subquery()
    )
    first = select(CommentRow).join(ranked, ranked.c.id == col(CommentRow.id)).where(ranked.c.rank <= ANSWERS)
    return list((await reader.exec(first.order_by(col(CommentRow.created_at), col(CommentRow.id)))).scalars())


async def _views(reader: Reader, viewer: Actor | None, image_id: str, rows: Sequence[CommentRow]) -> dict[str, CommentView]:
    if not rows:
        return {}
    people = await people_by_id(reader, {row.writer_id for row in rows if row.writer_id})
    handles = {handle for row in rows for handle in mentions_in(row.words)}
    known = frozenset(await people_by_handle(reader, handles)) if handles else frozenset[str]()
    liked = await _liked(reader, viewer, [row.id for row in rows])
    owner = (await reader.exec(select(col(PostRow.account_id)).where(col(PostRow.image_id) == image_id))).scalar_one_or_none()
    return {row.id: _view(row, viewer, people, known, row.id in liked, owner) for row in rows}


def _view(
    row: CommentRow, viewer: Actor | None, people: dict[str, PersonView], known: frozenset[str], is_liked: bool, owner: str | None
) -> CommentView:
    is_mine = viewer is not None and viewer.id == row.writer_id
    may_delete = viewer is not None and row.deleted_at is None and (is_mine or viewer.id == owner or viewer.is_maintainer)
    return CommentView(
        id=row.id,
        parent_id=row.parent_id or "",
        person=people.get(row.writer_id or ""),
        words=row.words,
        mentioned=known.intersection(mentions_in(row.words)),
        likes=row.likes,
        answers=row.answers,
        is_liked=is_liked,
        is_mine=is_mine,
        may_delete=may_delete,
        is_edited=row.edited_at is not None,
        is_deleted=row.deleted_at is not None,
        created_at=row.created_at,
    )


async def _liked(reader: Reader, viewer: Actor | None, comment_ids: Sequence[str]) -> set[str]:
    if viewer is None:
        return set()
    mine = (col(CommentLikeRow.liker_id) == viewer.id, col(CommentLikeRow.comment_id).in_(comment_ids))
    return set((await reader.exec(select(col(CommentLikeRow.comment_id)).where(*mine))).scalars())


async def _checked(reader: Reader, words: str) -> str:
    said = clean_text(words)
    if not said:
        raise Invalid("Write something first.", code="comment_empty", field="words")
    within(said, limits.COMMENT_MAX, "A comment has", code="comment_too_long", field="words")
    await refuse_blocked(reader, said, "words")
    return said


async def _refuse_haste(reader: Reader, by: Actor) -> None:
    lately = (col(CommentRow.writer_id) == by.id, col(CommentRow.created_at) > reader.now - timedelta(minutes=1))
    if (await reader.exec(select(func.count()).select_from(CommentRow).where(*lately))).scalar_one() >= limits.COMMENTS_PER_MINUTE:
        raise TooMany("You have written a lot in the last minute. Wait a moment.", retry_after_s=60, code="comments_too_many")


async def _answered(tx: Transaction, image_id: str, comment_id: str, by: Actor) -> CommentRow:
    row = await _seen(tx, comment_id, by)
    if row.image_id != image_id:
        raise NotFound
    if row.writer_id and await are_apart(tx, by.id, row.writer_id):
        raise NotAllowed("You cannot do this here.", code="blocked")
    return row


async def _seen(reader: Reader, comment_id: str, viewer: Actor | None) -> CommentRow:
    """A comment under a picture this viewer may see, not deleted but for its thread. Raises `NotFound`."""
    row = await reader.get(CommentRow, comment_id) if is_id(comment_id) else None
    if row is None or (row.deleted_at is not None and not row.answers):
        raise NotFound
    await image_for(reader, viewer, row.image_id)
    return row


async def _own(tx: Transaction, comment_id: str, by: Actor) -> CommentRow:
    row = await _seen(tx, comment_id, by)
    await tx.get(CommentRow, comment_id, for_update=True)
    if row.deleted_at is not None or row.writer_id != by.id:
        raise NotAllowed("Only who wrote this can change it.", code="comment_not_yours")
    return row


async def _post(tx: Transaction, image_id: str) -> PostRow:
    return (await tx.exec(select(PostRow).where(col(PostRow.image_id) == image_id).with_for_update(key_share=True))).scalar_one()


async def _take_down(tx: Transaction, post: PostRow, comment_id: str) -> str:
    """Take the words and the writer of a comment under this locked post away, once; returns the words, "" when they are gone already."""
    row = await tx.get(CommentRow, comment_id, for_update=True)
    if row is None or row.deleted_at is not None:
        return ""
    words = row.words
    row.deleted_at, row.words, row.writer_id, row.likes = tx.now, "", None, 0
    tx.add(row)
    await _count(tx, post, row, -1)
    return words


async def _count(tx: Transaction, post: PostRow, row: CommentRow, by: int) -> None:
    """One comment more or less: of the picture, and of the thread."""
    post.comments = max(0, post.comments + by)
    if by > 0:
        warm(post, COMMENTED, row.created_at)
    else:
        cool(post, COMMENTED, row.created_at)
    tx.add(post)
    if row.parent_id:
        root = await tx.get(CommentRow, row.parent_id, for_update=True)
        if root is not None:
            root.answers = max(0, root.answers + by)
            tx.add(root)
    await tx.flush()
    await tx.publish(CommentChanged(image_id=row.image_id, comment_id=row.id))
    await tell_counts(tx, post)


async def _tell(tx: Transaction, post: PostRow, row: CommentRow, answered: CommentRow | None, by: Actor) -> None:
    told = await _tell_mentioned(tx, row, by)
    if answered is not None and answered.writer_id and answered.writer_id not in told:
        await tell(tx, _told(answered.writer_id, "answer", row, by))
        told.add(answered.writer_id)
    if post.account_id not in told:
        await tell(tx, _told(post.account_id, "comment", row, by))


async def _tell_mentioned(tx: Transaction, row: CommentRow, by: Actor) -> set[str]:
    """Each is told once, and by nobody they have blocked; returns who was."""
    handles = mentions_in(row.words)
    told: set[str] = set()
    for person in (await people_by_handle(tx, handles)).values() if handles else ():
        if not await are_apart(tx, by.id, person.id):
            await tell(tx, _told(person.id, "mention", row, by))
            told.add(person.id)
    return told


def _told(account_id: str, kind: Any, row: CommentRow, by: Actor) -> Told:
    words = clip(" ".join(row.words.split()), _QUOTED)
    return Told(account_id=account_id, kind=kind, from_id=by.id, image_id=row.image_id, about_id=row.id, words=words)
