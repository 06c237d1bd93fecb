"""Posts: show a picture with a title and tags, change how it is shown, and look at one as somebody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, true
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed
from pixelstudio.core.text import clean_line, clean_text, clip, within, words_of
from pixelstudio.db.questions import Question, among, told
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.conduct.strikes import refuse_paused
from pixelstudio.features.gallery.blocks import are_apart
from pixelstudio.features.gallery.events import PostPublished
from pixelstudio.features.gallery.heat import PERIODS, PUBLISHED, heat_of
from pixelstudio.features.gallery.signs import sign
from pixelstudio.features.gallery.tables import PostLikeRow, PostRow, PostTagRow
from pixelstudio.features.gallery.views import PostView, Showing
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.images.copies import seen_as
from pixelstudio.features.images.curation import Changed, public_among, set_titles, set_visibility_of
from pixelstudio.features.images.pictures import image_for, images_by_id, owner_of, set_visibility
from pixelstudio.features.images.ratings import checked_rating, set_rating, set_rating_as_far
from pixelstudio.features.images.visibility import shows_picture
from pixelstudio.features.wording.blocked import refuse_blocked
from pixelstudio.providers.contract import SKETCHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixelstudio.core.ratings import Rating
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.curation import Chosen
    from pixelstudio.features.images.views import ImageView

SHOWN_AT_ONCE: Final = 20
"""So many are shown, each by several statements, in one commit: everybody else who writes waits for it."""
_TITLE_PROPOSED: Final = 60
_SKETCHED: Final = "A sketch in the colours and mood of the words “{}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostForm:
    """How a person wants a picture shown, as typed. `tags` are held apart by commas or blanks; empty texts take what is proposed."""

    title: str = ""
    description: str = ""
    tags: str = ""
    alt: str = ""
    showing: str = "public"
    rating: str = ""
    """For whom it is; "" leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the form of a picture that was never shown begins with: from its recipe."""

    title: str
    alt: str
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """How a picture was shown before a command showed it otherwise."""

    is_public: bool
    is_listed: bool
    tags: tuple[str, ...]
    rating: Rating
    title: str
    """In its owner's library."""


@dataclass(frozen=True, slots=True)
class Reshown(Changed):
    """What a command changed, and how each of it was shown before: enough to put it back."""

    before: Mapping[str, Before]


def proposed(image: ImageView) -> Proposal:
    """A title and words for those who do not see the picture, from its prompt without the words its style put there.

    A sketch takes colours and mood from them and draws few of the things they name: its words promise none.
    """
    prompt, style = parted(image.prompt)
    said = clean_line(prompt)
    first = said.partition(",")[0]
    return Proposal(clip(first or "Untitled", _TITLE_PROPOSED), _described(said, is_sketch=image.model.startswith(SKETCHES)), style.id)


def _described(said: str, *, is_sketch: bool) -> str:
    if not said:
        return "A sketch without words" if is_sketch else "A picture without words"
    if not is_sketch:
        return clip(said, limits.ALT_MAX)
    return _SKETCHED.format(clip(said, limits.ALT_MAX - len(_SKETCHED.format(""))))


async def publish(tx: Transaction, image_id: str, form: PostForm, *, by: Actor) -> None:
    """Show an own picture as the form says, or show it differently. Safe to repeat.

    Raises `Invalid` naming the field, `NotFound`, and `NotAllowed` for somebody else's, for one that was withdrawn, for less than a
    maintainer rated it, and while publishing is paused.
    """
    if form.showing not in {"private", "link", "public"}:
        raise Invalid("Choose who sees the picture.", code="showing_invalid", field="showing")
    image = await set_visibility(tx, image_id, "private" if form.showing == "private" else "public", by=by)
    if form.rating:
        await set_rating(tx, image_id, form.rating, by=by)
    row = await row_of(tx, image, by)
    if form.showing == "public" and not row.is_listed:
        await refuse_paused(tx, by)
    proposal, tags = proposed(image), checked_tags(form.tags)
    row.title = within(clean_line(form.title), limits.TITLE_MAX, "A title has", code="title_too_long", field="title") or proposal.title
    described = clean_text(form.description)
    row.description = within(described, limits.DESCRIPTION_MAX, "A description has", code="description_too_long", field="description")
    row.alt = within(clean_line(form.alt), limits.ALT_MAX, "An alternative text has", code="alt_too_long", field="alt") or proposal.alt
    for field, text in (("title", row.title), ("description", row.description), ("tags", " ".join(tags)), ("alt", row.alt)):
        await refuse_blocked(tx, text, field)
    if image.title != row.title:
        await set_titles(tx, {image.id: row.title}, by=by)
    await _show(tx, row, image, tags, is_listed=form.showing == "public")


async def publish_many(tx: Transaction, chosen: Chosen, tags: str, rating: str = "", *, by: Actor) -> Reshown:
    """Show own pictures to everybody, each with what is proposed for it, these tags, and this rating or what a maintainer said beyond it;
    those that are shown to everybody already stay as they are. It is a command as those of `curation`, and changes at most `SHOWN_AT_ONCE`.
    """
    added = checked_tags(tags)
    wanted = checked_rating(rating) if rating else None
    await refuse_blocked(tx, " ".join(added), "tags")
    changed = await set_visibility_of(tx, chosen, "public", by=by, at_most=SHOWN_AT_ONCE)
    were_private, room = set(changed.image_ids), SHOWN_AT_ONCE - len(changed.image_ids)
    unlisted = [image_id for image_id in await _unlisted(tx, chosen, by) if image_id not in were_private]
    images = await images_by_id(tx, by, [*changed.image_ids, *unlisted[:room]])
    tags_before = await tags_of(tx, images)
    before: dict[str, Before] = {}
    titles: dict[str, str] = {}
    for image in images.values():
        if wanted:
            await set_rating_as_far(tx, image.id, wanted, by=by)
        row, kept = await row_of(tx, image, by), tags_before.get(image.id, ())
        await refuse_blocked(tx, row.title, "title")
        titles[image.id] = row.title
        is_public = image.id not in were_private
        before[image.id] = Before(is_public=is_public, is_listed=row.is_listed, tags=kept, rating=image.rating, title=image.title)
        await _show(tx, row, image, (*kept, *added)[: limits.TAGS_MAX], is_listed=True)
    await set_titles(tx, titles, by=by)
    return Reshown(list(before), changed.has_more or len(unlisted) > room, before)


async def hide_many(tx: Transaction, chosen: Chosen, *, by: Actor) -> Reshown:
    """Make own pictures private; how each is shown stays written down for the day it is shown again. As `curation` it changes `AT_ONCE`."""
    changed = await set_visibility_of(tx, chosen, "private", by=by)
    rows = (await tx.exec(select(PostRow).where(col(PostRow.image_id).in_(changed.image_ids)))).scalars()
    listed = {row.image_id for row in rows if row.is_listed}
    tags = await tags_of(tx, changed.image_ids)
    images = await images_by_id(tx, by, changed.image_ids)
    before = {
        i: Before(is_public=True, is_listed=i in listed, tags=tags.get(i, ()), rating=image.rating, title=image.title)
        for i, image in images.items()
    }
    return Reshown(changed.image_ids, changed.has_more, before)


async def put_back(tx: Transaction, before: Mapping[str, Before], *, by: Actor) -> Changed:
    """Show own pictures as they were shown before; what has left the library meanwhile stays away. Safe to repeat.

    `before` has `SHOWN_AT_ONCE` at most.
    """
    images = {i: image for i, image in (await images_by_id(tx, by, before)).items() if image.is_mine}
    for visibility in ("public", "private"):
        ids = [image_id for image_id in images if before[image_id].is_public == (visibility == "public")]
        if ids:
            await set_visibility_of(tx, ids, visibility, by=by)
    for image_id in sorted(images):
        await set_rating_as_far(tx, image_id, before[image_id].rating, by=by)
    await set_titles(tx, {image_id: before[image_id].title for image_id in images}, by=by)
    images = await images_by_id(tx, by, images)
    locked = select(PostRow).where(col(PostRow.image_id).in_(list(images))).order_by(col(PostRow.image_id)).with_for_update(key_share=True)
    for row in (await tx.exec(locked)).scalars().all():
        was = before[row.image_id]
        await _show(tx, row, images[row.image_id], was.tags, is_listed=was.is_listed)
    return Changed(list(images), has_more=False)


async def post_for(reader: Reader, viewer: Actor | None, image_id: str) -> PostView | None:
    """A picture as it is shown, or None when it never was. Raises `NotFound` for one this viewer may not see. Six small queries."""
    image = await image_for(reader, viewer, image_id)
    row = (await reader.exec(select(PostRow).where(col(PostRow.image_id) == image_id))).scalar_one_or_none()
    return (await post_views(reader, viewer, [row], {image.id: image}))[0] if row else None


async def opened(tx: Transaction, image_id: str, by: Actor) -> PostRow:
    """The locked row of a picture that others may see, made when it has none: for whoever likes it or writes under it.

    Raises `NotFound` for one the actor may not see, and `NotAllowed` when it is private, or either of the two wants nothing of the other.
    """
    if by.is_guest:
        raise NotAllowed("Create an account first: then you can like and comment.", code="guests_only_look")
    image = await image_for(tx, by, image_id)
    if image.visibility != "public":
        raise NotAllowed("Nobody else sees this picture yet. Publish it first.", code="not_published")
    row = await row_of(tx, image, by)
    if await are_apart(tx, by.id, row.account_id):
        raise NotAllowed("You cannot do this here.", code="blocked")
    return row


async def post_views(
    reader: Reader,
    viewer: Actor | None,
    rows: Sequence[PostRow],
    images: Mapping[str, ImageView],
    places: Mapping[str, float] | None = None,
) -> list[PostView]:
    """What leaves the slice of these rows, in their order; those whose picture is not among `images` are left out. Three queries."""
    shown = [row for row in rows if row.image_id in images]
    people = await people_by_id(reader, {row.account_id for row in shown})
    liked = await liked_among(reader, viewer, [row.image_id for row in shown])
    tags = await tags_of(reader, [row.image_id for row in shown])
    return [
        PostView(
            image=images[row.image_id],
            person=people[row.account_id],
            showing=_showing(images[row.image_id], row),
            title=row.title,
            description=row.description,
            alt=row.alt,
            tags=tags.get(row.image_id, ()),
            style=row.style,
            likes=row.likes,
            comments=row.comments,
            is_liked=row.image_id in liked,
            published_at=row.published_at,
            place=(places or {}).get(row.image_id, 0.0),
        )
        for row in shown
        if row.account_id in people
    ]


async def rows_shown(reader: Reader, image_ids: Sequence[str]) -> Sequence[PostRow]:
    """What `post_views` shows of these pictures' rows: the signs they are found by, the longest part of a row, are not read for it. One query."""
    return await reader.ask(_shown(), ids=image_ids)


@cache
def _shown() -> Question:
    columns = (PostRow.image_id, PostRow.account_id, PostRow.title, PostRow.description, PostRow.alt, PostRow.style, PostRow.is_listed)
    counted = (PostRow.published_at, PostRow.likes, PostRow.comments)
    return Question(select(*map(col, (*columns, *counted))).where(among(col(PostRow.image_id), "ids")))


async def titles_of(reader: Reader, viewer: Actor | None, image_ids: Iterable[str]) -> dict[str, str]:
    """The titles of those of these pictures that this viewer may see; one query."""
    shown = (col(PostRow.image_id).in_(list(image_ids)), shows_picture(viewer, col(PostRow.image_id)))
    rows = await reader.exec(select(col(PostRow.image_id), col(PostRow.title)).where(*shown))
    return {row.image_id: row.title for row in rows}


async def liked_among(reader: Reader, viewer: Actor | None, image_ids: Sequence[str]) -> set[str]:
    """Which of these pictures the viewer likes; one query. Within the slice."""
    if viewer is None:
        return set()
    return {row.image_id for row in await reader.ask(_liked(), viewer=viewer.id, ids=image_ids)}


@cache
def _liked() -> Question:
    mine = (col(PostLikeRow.liker_id) == told("viewer"), among(col(PostLikeRow.image_id), "ids"))
    return Question(select(col(PostLikeRow.image_id)).where(*mine))


async def tags_of(reader: Reader, image_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The tags of each picture, in the order of the alphabet; one query."""
    found: dict[str, tuple[str, ...]] = {}
    for row in await reader.ask(_tags(), ids=image_ids):
        found[row.image_id] = (*found.get(row.image_id, ()), row.tag)
    return found


@cache
def _tags() -> Question:
    named = among(col(PostTagRow.image_id), "ids")
    return Question(select(col(PostTagRow.image_id), col(PostTagRow.tag)).where(named).order_by(col(PostTagRow.tag)))


def checked_tags(text: str) -> tuple[str, ...]:
    """Tags as they are kept: lower case, a hyphen for what is no letter or digit, each once. Raises `Invalid`."""
    parts = text.split(",") if "," in text else clean_line(text).split(" ")
    tags = tuple(dict.fromkeys(filter(None, ("-".join(words_of(part)) for part in parts))))
    if len(tags) > limits.TAGS_MAX:
        raise Invalid(
            f"A picture has at most {limits.TAGS_MAX} tags. Take {len(tags) - limits.TAGS_MAX} away.", code="too_many_tags", field="tags"
        )
    long = next((tag for tag in tags if len(tag) > limits.TAG_MAX), None)
    if long:
        raise Invalid(f"A tag has at most {limits.TAG_MAX} characters: {clip(long, 40)} is longer.", code="tag_too_long", field="tags")
    return tags


async def row_of(tx: Transaction, image: ImageView, by: Actor) -> PostRow:
    """The locked row of a picture; a new one with what is proposed when there is none. Within the slice."""
    found = (await tx.exec(select(PostRow).where(col(PostRow.image_id) == image.id).with_for_update(key_share=True))).scalar_one_or_none()
    if found is not None:
        return found
    proposal = proposed(image)
    row = PostRow(
        image_id=image.id,
        account_id=by.id if image.is_mine else await owner_of(tx, by, image.id),
        title=proposal.title,
        alt=proposal.alt,
        model=image.model,
        style=parted(image.prompt)[1].id,
        published_at=tx.now,
    )
    _begin(row)
    tx.add(row)
    await tx.flush()
    return row


async def _unlisted(reader: Reader, chosen: Chosen, by: Actor) -> list[str]:
    """Of pictures that are named, those of the actor's that others may see and the gallery does not show. Two queries."""
    named = [chosen] if isinstance(chosen, str) else chosen if isinstance(chosen, (list, tuple)) else ()
    public = await public_among(reader, named, by=by) if named else []
    listed = select(col(PostRow.image_id)).where(col(PostRow.image_id).in_(public), col(PostRow.is_listed) == true())
    shown = set((await reader.exec(listed)).scalars())
    return [image_id for image_id in public if image_id not in shown]


async def _show(tx: Transaction, row: PostRow, image: ImageView, tags: Sequence[str], *, is_listed: bool) -> None:
    if is_listed and not row.is_listed and not row.likes and not row.comments:
        row.published_at = tx.now
        _begin(row)
    row.is_listed = is_listed
    seen = await seen_as(tx, None, image.id) if is_listed else None
    await sign(tx, row, image, tags, seen and seen.look)
    await tx.exec(delete(PostTagRow).where(col(PostTagRow.image_id) == row.image_id))
    for tag in dict.fromkeys(tags):
        tx.add(PostTagRow(image_id=row.image_id, tag=tag))
    await tx.flush()
    await tx.publish(PostPublished(image_id=row.image_id, owner_id=row.account_id, is_listed=is_listed and image.visibility == "public"))


def _begin(row: PostRow) -> None:
    for period in PERIODS:
        setattr(row, f"heat_{period}", heat_of(PUBLISHED, row.published_at, period))


def _showing(image: ImageView, row: PostRow) -> Showing:
    if image.visibility == "private":
        return "private"
    return "public" if row.is_listed else "link"
