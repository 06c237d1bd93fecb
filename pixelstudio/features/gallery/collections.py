"""Collections: pictures somebody hangs together, under a title, for themselves, with others, for whoever has the link, or for everybody.

A collection shows each viewer those of its pictures that they may see (`admission`): being collected makes no picture more visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import delete, exists, func, literal, select, tuple_, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.pages import Cursor, Mark, Page, decoded, marked
from pixelstudio.core.text import clean_line, clean_text, within
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.admission import is_open_to, own_collection, shared_collection, shown_in
from pixelstudio.features.gallery.events import CollectionChanged
from pixelstudio.features.gallery.folders import ensure_room_in, lift_out
from pixelstudio.features.gallery.posts import post_views, row_of
from pixelstudio.features.gallery.tables import CollaboratorRow, CollectionPictureRow, CollectionRow, PostRow
from pixelstudio.features.gallery.views import CollectionView, CollectionVisibility
from pixelstudio.features.images.pictures import hanging_by_id, images_by_id
from pixelstudio.features.images.visibility import is_met_by
from pixelstudio.features.wording.blocked import refuse_blocked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import Part, PostView

COVER: Final = 4
"""How many pictures stand for a collection."""
COLLECTED_AT_ONCE: Final = 100
"""So many pictures are put in or taken out in one commit."""
_NUMBER: Final[Any] = col(CollectionPictureRow.number)
PICTURE: Final[tuple[Any, ...]] = (PostRow, _NUMBER.label("number"))
"""What is asked of each picture of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionForm:
    """A collection's title and words, and who sees it, as typed."""

    title: str
    description: str = ""
    visibility: str = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A picture that was taken out of a collection: where it hung there, and whether it stood for it."""

    collection_id: str
    image_id: str
    number: int
    was_cover: bool
    title: str
    """Of the collection."""


async def create(tx: Transaction, form: CollectionForm, *, by: Actor, inside: str = "") -> str:
    """Begin a collection, perhaps inside another own one; returns its id.

    Raises `Invalid` naming the field, and `Conflict` when there is no room for more.
    """
    if inside:
        await ensure_room_in(tx, inside, by=by)
    held = select(func.count()).select_from(CollectionRow).where(col(CollectionRow.account_id) == by.id)
    if (await tx.exec(held)).scalar_one() >= limits.COLLECTIONS_PER_PERSON:
        raise Conflict(
            f"You have {limits.COLLECTIONS_PER_PERSON} collections. Delete one first.", code="too_many_collections", field="title"
        )
    row = CollectionRow(id=new_id(), account_id=by.id, title="", parent_id=inside or None, created_at=tx.now, changed_at=tx.now)
    await _fill_in(tx, row, form)
    return row.id


async def change(tx: Transaction, collection_id: str, form: CollectionForm, *, by: Actor) -> None:
    """Give an own collection another title, other words, or other viewers. Raises as `create`, and `NotFound`."""
    row = await own_collection(tx, collection_id, by)
    await _fill_in(tx, row, form)


async def delete_collection(tx: Transaction, collection_id: str, *, by: Actor) -> None:
    """Delete an own collection; the pictures stay where they are, and collections in it lie where it lay."""
    row = await own_collection(tx, collection_id, by)
    await lift_out(tx, row)
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=by.id))
    await tx.exec(delete(CollectionRow).where(col(CollectionRow.id) == row.id))


async def set_collected(tx: Transaction, collection_id: str, image_id: str, is_in: bool, *, by: Actor) -> None:
    """`set_all_collected`, for one picture."""
    await set_all_collected(tx, collection_id, [image_id], is_in, by=by)


async def set_all_collected(tx: Transaction, collection_id: str, image_ids: Sequence[str], is_in: bool, *, by: Actor) -> None:
    """Put pictures one may see into an own collection, or pictures of one's own into one that was joined; or take them out: all or none.

    At most `COLLECTED_AT_ONCE`. Safe to repeat. Raises `NotFound`, `NotAllowed` and `Conflict`.
    """
    row = await shared_collection(tx, collection_id, by)
    if not image_ids or len(image_ids) > COLLECTED_AT_ONCE or not all(is_id(image_id) for image_id in image_ids):
        raise NotFound
    this, picture = col(CollectionPictureRow.collection_id) == row.id, col(CollectionPictureRow.image_id)
    held = set((await tx.exec(select(picture).where(this, picture.in_(image_ids)))).scalars())
    due = [image_id for image_id in dict.fromkeys(image_ids) if (image_id in held) != is_in]
    if not due:
        return
    if is_in:
        seen = await images_by_id(tx, by, due)
        for image_id in sorted(due):
            if image_id not in seen:
                raise NotFound
            await row_of(tx, seen[image_id], by)
    await _ensure_theirs(tx, row, due, by)
    if is_in:
        count = (await tx.exec(select(func.count()).select_from(CollectionPictureRow).where(this))).scalar_one()
        if count + len(due) > limits.COLLECTION_PICTURES_MAX:
            sentence = f"A collection holds {limits.COLLECTION_PICTURES_MAX:,} pictures. Begin another one."
            raise Conflict(sentence, code="collection_full")
        for image_id in due:
            tx.add(CollectionPictureRow(collection_id=row.id, image_id=image_id))
            await tx.flush()  # the last one that is named hangs first
    else:
        await tx.exec(delete(CollectionPictureRow).where(this, picture.in_(due)))
        if row.cover_id in due:
            row.cover_id = None
    row.changed_at = tx.now
    tx.add(row)
    await tx.flush()
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=row.account_id))


async def take_out(tx: Transaction, collection_id: str, image_id: str, *, by: Actor) -> TakenOut | None:
    """Take a picture out as `set_collected` does; returns what `put_back` needs, or None when it did not hang there."""
    row = await shared_collection(tx, collection_id, by)
    hangs = await _hanging(tx, row.id, image_id) if is_id(image_id) else None
    was_cover = row.cover_id == image_id
    await set_collected(tx, row.id, image_id, is_in=False, by=by)
    if hangs is None:
        return None
    return TakenOut(collection_id=row.id, image_id=image_id, number=hangs, was_cover=was_cover, title=row.title)


async def put_back(tx: Transaction, taken: TakenOut, *, by: Actor) -> None:
    """Put in again what was taken out: where it hung if that place is still free, else in front. Raises as `set_collected`.

    Whoever made the collection has it stand for it again, unless another picture does by now. Safe to repeat.
    """
    row = await shared_collection(tx, taken.collection_id, by)
    if await _hanging(tx, row.id, taken.image_id) is not None:
        return
    await set_collected(tx, row.id, taken.image_id, is_in=True, by=by)
    if (await tx.exec(select(_NUMBER).where(taken.number == _NUMBER))).scalar_one_or_none() is None:
        here = (col(CollectionPictureRow.collection_id) == row.id, col(CollectionPictureRow.image_id) == taken.image_id)
        await tx.exec(update(CollectionPictureRow).where(*here).values(number=taken.number))
    if taken.was_cover and row.account_id == by.id and row.cover_id is None:
        await set_cover(tx, row.id, taken.image_id, by=by)


async def set_cover(tx: Transaction, collection_id: str, image_id: str, *, by: Actor) -> None:
    """Let a picture of an own collection stand for it. Raises `NotFound`."""
    row = await own_collection(tx, collection_id, by)
    if not is_id(image_id):
        raise NotFound
    here = (col(CollectionPictureRow.collection_id) == row.id, col(CollectionPictureRow.image_id) == image_id)
    if (await tx.exec(select(CollectionPictureRow).where(*here))).scalar_one_or_none() is None:
        raise NotFound
    row.cover_id, row.changed_at = image_id, tx.now
    tx.add(row)
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=by.id))


async def collection_for(reader: Reader, viewer: Actor | None, collection_id: str) -> CollectionView:
    """One collection. Raises the same `NotFound` for a missing one and for somebody else's private one."""
    if not is_id(collection_id):
        raise NotFound
    rows = await reader.exec(select(CollectionRow).where(col(CollectionRow.id) == collection_id, is_open_to(viewer)))
    row = rows.scalar_one_or_none()
    found = await _views(reader, viewer, [row]) if row else []
    if not found:
        raise NotFound
    return found[0]


async def collections_of(
    reader: Reader,
    viewer: Actor | None,
    person_id: str,
    *,
    before: str | None = None,
    limit: int = limits.PAGE_SIZE,
    about: Sequence[str] = (),
    inside: str | None = None,
) -> Page[CollectionView]:
    """Somebody's collections, the one changed last first: their own all of them, others' those for everybody. A fixed number of queries.

    `inside` asks for those that lie in one collection, "" for the outermost; None for all.
    """
    is_own = viewer is not None and viewer.id == person_id
    statement = select(CollectionRow).where(col(CollectionRow.account_id) == person_id, is_open_to(viewer))
    if inside is not None:
        statement = statement.where(col(CollectionRow.parent_id) == inside if inside else col(CollectionRow.parent_id).is_(None))
    if not is_own:
        statement = statement.where(col(CollectionRow.visibility) == "public")
    place = tuple_(col(CollectionRow.changed_at), col(CollectionRow.id))
    if (after := decoded(before)) is not None:
        statement = statement.where(place < tuple_(literal(after.created_at, UtcDateTime), literal(after.id)))
    newest = (col(CollectionRow.changed_at).desc(), col(CollectionRow.id).desc())
    rows: list[CollectionRow] = list((await reader.exec(statement.order_by(*newest).limit(limit + 1))).scalars())
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = Cursor(last.changed_at, last.id).encoded() if last else ""
    return Page(await _views(reader, viewer, rows[:limit], about), cursor)


async def joined_by(reader: Reader, by: Actor, *, about: Sequence[str] = ()) -> list[CollectionView]:
    """Others' collections the actor is invited to or has joined, the one changed last first; a page of them at most."""
    invited = exists().where(col(CollaboratorRow.collection_id) == col(CollectionRow.id), col(CollaboratorRow.account_id) == by.id)
    statement = select(CollectionRow).where(invited, col(CollectionRow.account_id) != by.id, is_open_to(by))
    newest = (col(CollectionRow.changed_at).desc(), col(CollectionRow.id).desc())
    rows: list[CollectionRow] = list((await reader.exec(statement.order_by(*newest).limit(limits.PAGE_SIZE_MAX))).scalars())
    return await _views(reader, by, rows, about)


async def pictures_of(
    reader: Reader, viewer: Actor | None, collection_id: str, *, before: str | None = None, limit: int = limits.PAGE_SIZE
) -> Page[PostView]:
    """The pictures of a collection that this viewer may see, the last one put in first. Raises `NotFound`."""
    return await page_shown(reader, viewer, await _shown_in_one(reader, viewer, collection_id), before, limit)


async def those_in(reader: Reader, viewer: Actor | None, collection_id: str, image_ids: Sequence[str]) -> list[PostView]:
    """Those of these pictures that hang in a collection for this viewer; at most a page of ids is looked at. Raises `NotFound`."""
    named = col(PostRow.image_id).in_([image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)])
    shown = (await _shown_in_one(reader, viewer, collection_id)).where(named)
    return (await page_shown(reader, viewer, shown, None, limits.PAGE_SIZE_MAX)).items


async def page_shown(reader: Reader, viewer: Actor | None, shown: Select[Any], before: str | None, limit: int) -> Page[PostView]:
    """A page of `PICTURE`s that a query shows this viewer, the last one put in first. Four queries. Within the slice."""
    size, number = max(1, min(limit, limits.PAGE_SIZE_MAX)), col(CollectionPictureRow.number)
    if (after := marked(before)) is not None:
        shown = shown.where(number < int(after.value))
    rows = (await reader.exec(shown.order_by(number.desc()).limit(size + 1))).all()
    images = await hanging_by_id(reader, viewer, [row.PostRow.image_id for row in rows[:size]])
    places = {row.PostRow.image_id: float(row.number) for row in rows}
    views = await post_views(reader, viewer, [row.PostRow for row in rows[:size]], images, places)
    last = rows[size - 1] if len(rows) > size else None
    return Page(views, Mark(float(last.number), last.PostRow.image_id).encoded() if last else "")


async def _hanging(reader: Reader, collection_id: str, image_id: str) -> int | None:
    here = (col(CollectionPictureRow.collection_id) == collection_id, col(CollectionPictureRow.image_id) == image_id)
    return (await reader.exec(select(_NUMBER).where(*here))).scalar_one_or_none()


async def _shown_in_one(reader: Reader, viewer: Actor | None, collection_id: str) -> Select[Any]:
    view = await collection_for(reader, viewer, collection_id)
    return shown_in(viewer, *PICTURE).where(col(CollectionRow.id) == view.id)


async def _views(reader: Reader, viewer: Actor | None, rows: Sequence[CollectionRow], about: Sequence[str] = ()) -> list[CollectionView]:
    ids = [row.id for row in rows]
    people = await people_by_id(reader, {row.account_id for row in rows})
    counts = await _counts(reader, viewer, ids)
    cover_ids = await _covers(reader, viewer, ids)
    images = await images_by_id(
        reader, viewer, {i for found in cover_ids.values() for i in found} | {r.cover_id for r in rows if r.cover_id}
    )
    holding = await _holding(reader, ids, about)
    mine = await _memberships(reader, viewer, ids)
    return [
        CollectionView(
            id=row.id,
            person=people[row.account_id],
            title=row.title,
            description=row.description,
            visibility=cast("CollectionVisibility", row.seen_by),
            is_mine=viewer is not None and viewer.id == row.account_id,
            count=counts.get(row.id, 0),
            cover=tuple(images[i] for i in dict.fromkeys([row.cover_id or "", *cover_ids.get(row.id, ())]) if i in images)[:COVER],
            changed_at=row.changed_at,
            holds=holding.get(row.id, 0),
            part=_part(viewer, row, mine),
            parent_id=row.parent_id or "" if viewer is not None and viewer.id == row.account_id else "",
            shows_private=_lets_see(viewer, row, mine),
        )
        for row in rows
        if row.account_id in people
    ]


async def _counts(reader: Reader, viewer: Actor | None, ids: Sequence[str]) -> dict[str, int]:
    group = col(CollectionPictureRow.collection_id)
    rows: Any = await reader.exec(shown_in(viewer, group, func.count()).where(group.in_(ids)).group_by(group))
    return {collection_id: min(count, limits.COUNTED_MAX + 1) for collection_id, count in rows}


async def _covers(reader: Reader, viewer: Actor | None, ids: Sequence[str]) -> dict[str, list[str]]:
    """The pictures put in last of each collection, of those this viewer may see anywhere."""
    group, number = col(CollectionPictureRow.collection_id), col(CollectionPictureRow.number)
    rank = func.row_number().over(partition_by=group, order_by=number.desc()).label("rank")
    shown = (group.in_(ids), is_met_by(viewer, col(CollectionPictureRow.image_id)))
    columns: Any = (group.label("collection_id"), col(CollectionPictureRow.image_id).label("image_id"), rank)
    ranked: Any = select(*columns).where(*shown).subquery()
    found: dict[str, list[str]] = {}
    for row in await reader.exec(select(ranked).where(ranked.c.rank <= COVER).order_by(ranked.c.rank)):
        found.setdefault(row.collection_id, []).append(row.image_id)
    return found


async def _holding(reader: Reader, ids: Sequence[str], image_ids: Sequence[str]) -> dict[str, int]:
    known = [image_id for image_id in image_ids if is_id(image_id)]
    if not known:
        return {}
    group = col(CollectionPictureRow.collection_id)
    holding = (group.in_(ids), col(CollectionPictureRow.image_id).in_(known))
    rows: Any = await reader.exec(select(group, func.count()).where(*holding).group_by(group))
    return {row[0]: row[1] for row in rows}


async def _fill_in(tx: Transaction, row: CollectionRow, form: CollectionForm) -> None:
    title, description = clean_line(form.title), clean_text(form.description)
    if not title:
        raise Invalid("Give the collection a title.", code="title_empty", field="title")
    within(title, limits.COLLECTION_TITLE_MAX, "The title has", code="title_too_long", field="title")
    within(description, limits.COLLECTION_DESCRIPTION_MAX, "The description has", code="description_too_long", field="description")
    await refuse_blocked(tx, title, "title")
    await refuse_blocked(tx, description, "description")
    if form.visibility not in {"private", "collaborative", "unlisted", "public"}:
        raise Invalid("Choose who sees the collection.", code="visibility_invalid", field="visibility")
    row.title, row.description, row.changed_at = title, description, tx.now
    row.is_collaborative = form.visibility == "collaborative"
    row.visibility = "private" if row.is_collaborative else form.visibility
    tx.add(row)
    await tx.flush()
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=row.account_id))


async def _ensure_theirs(tx: Transaction, row: CollectionRow, image_ids: Sequence[str], by: Actor) -> None:
    """Raise unless the actor made the collection, or the pictures are their own."""
    if row.account_id == by.id:
        return
    mine = select(func.count()).select_from(PostRow).where(col(PostRow.image_id).in_(image_ids), col(PostRow.account_id) == by.id)
    if (await tx.exec(mine)).scalar_one() < len(image_ids):
        raise NotAllowed("Here you put in and take out pictures of your own.", code="picture_not_yours")


async def _memberships(reader: Reader, viewer: Actor | None, ids: Sequence[str]) -> dict[str, CollaboratorRow]:
    if viewer is None:
        return {}
    mine = (col(CollaboratorRow.account_id) == viewer.id, col(CollaboratorRow.collection_id).in_(ids))
    return {row.collection_id: row for row in (await reader.exec(select(CollaboratorRow).where(*mine))).scalars()}


def _part(viewer: Actor | None, row: CollectionRow, mine: Mapping[str, CollaboratorRow]) -> Part:
    if viewer is not None and viewer.id == row.account_id:
        return "maker"
    found = mine.get(row.id)
    if found is None or row.seen_by == "private":
        return ""
    return "joined" if found.joined_at else "invited"


def _lets_see(viewer: Actor | None, row: CollectionRow, mine: Mapping[str, CollaboratorRow]) -> bool:
    if viewer is not None and viewer.id == row.account_id:
        return row.shows_private
    return row.id in mine and mine[row.id].shows_private
