"""Walls: which pictures hang where, page by page: everybody's by heat, likes or age; of people followed; of one person; what one likes.

Every list is one query along an index for the order, or a few that are bounded; then a fixed number for what is shown of it, however many
pictures there are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import literal, select, true, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import is_id
from pixelstudio.core.pages import Mark, Page, marked
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.gallery.blocks import is_near
from pixelstudio.features.gallery.exhibits import PLACES, exhibited
from pixelstudio.features.gallery.heat import PERIODS
from pixelstudio.features.gallery.nearness import Wish, nearest
from pixelstudio.features.gallery.search import asked_by, query_of
from pixelstudio.features.gallery.signs import FOUND_MAX, newest
from pixelstudio.features.gallery.tables import FollowRow, PostLikeRow, PostRow
from pixelstudio.features.images.visibility import is_met_by
from pixelstudio.imaging.looks import COLOURS, Colour, colour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.caching.cache import Cache
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView

Sort = Literal["trending", "liked", "newest"]
SORTS: Final = ("trending", "liked", "newest")
PERIOD: Final = "7d"
LATELY: Final = 500
"""Among so many pictures of anybody a full page is looked for first: whoever follows every tenth person finds it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFilter:
    """Which pictures that everybody may see; an empty field asks for nothing."""

    sort: Sort = "trending"
    period: str = PERIOD
    """Of `heat.PERIODS`; matters to what is trending."""
    words: str = ""
    """As typed into the search field, with its filters."""
    palette: tuple[Colour, ...] = ()
    """Pictures of these colours, the nearest first, whatever `sort` says."""
    like: str = ""
    """Pictures that look like this one, the nearest first, whatever `sort` says."""
    person_id: str = ""
    followed_by: str = ""
    """Of the people this account follows."""
    liked_by: str = ""


def wall_filter(fields: Mapping[str, str], sort: Sort = "trending") -> WallFilter:
    """The filter an address names, ordered by `sort` when it names no order. What is not understood asks for nothing."""
    named: Any = fields.get("sort", "")
    period = fields.get("period", "")
    colours = (colour_of(text) for text in fields.get("colours", "").split("-")[:COLOURS])
    return WallFilter(
        sort=named if named in SORTS else sort,
        period=period if period in PERIODS else PERIOD,
        words=fields.get("q", "")[: limits.SEARCH_MAX],
        palette=tuple(colour for colour in colours if colour is not None),
        like=fields.get("similar", ""),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture with its place, as queries over an order return them too."""

    image_id: str
    place: float


async def wall(
    reader: Reader,
    viewer: Actor | None,
    wanted: WallFilter,
    *,
    before: str | None = None,
    limit: int = limits.PAGE_SIZE,
    cache: Cache | None = None,
) -> Page[PostView]:
    """A page of pictures everybody may see, after the mark `before`. A bounded number of queries. Raises `Invalid` for a mark that is not
    ours.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    after = marked(before)
    if wanted.palette or wanted.like:
        rows = await _nearest(reader, viewer, wanted, after, size + 1, cache)
    elif wanted.words and wanted.sort == "newest" and not query_of(wanted.words).asks_for_liked:
        rows = await _found(reader, viewer, wanted, after, size + 1)
    elif wanted.followed_by:
        rows = await _of_followed(reader, viewer, wanted, after, size + 1)
    else:
        rows = await _in_order(reader, wanted, await _wanted(reader, viewer, wanted), after, size + 1)
    views = await exhibited(reader, viewer, _places(rows[:size]), cache)
    last = rows[size - 1] if len(rows) > size else None
    return Page(views, Mark(_number(last.place), last.image_id).encoded() if last else "")


async def those_on(
    reader: Reader, viewer: Actor | None, wanted: WallFilter, image_ids: Sequence[str], cache: Cache | None = None
) -> list[PostView]:
    """Those of these pictures that hang on this wall, in its order; at most a page of ids is looked at."""
    known = [image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)]
    if wanted.palette or wanted.like:
        rows = await _nearest(reader, viewer, wanted, None, len(known), cache, known) if known else []
        return await exhibited(reader, viewer, _places(rows), cache)
    statement = (await _wanted(reader, viewer, wanted)).where(col(PostRow.image_id).in_(known))
    return await exhibited(reader, viewer, _places(await _in_order(reader, wanted, statement, None, len(known))), cache)


async def _in_order(reader: Reader, wanted: WallFilter, statement: Select[Any], after: Mark | None, count: int) -> Sequence[Any]:
    order, key = _order_of(wanted), _id_of(wanted)
    if after is not None:
        statement = statement.where(tuple_(order, key) < tuple_(_value(after, wanted), literal(after.id)))
    return (await reader.exec(statement.order_by(order.desc(), key.desc()).limit(count))).all()


async def _wanted(reader: Reader, viewer: Actor | None, wanted: WallFilter) -> Select[Any]:
    shown = _is_liked_still(viewer) if wanted.liked_by else is_on_walls(viewer, though_muted=bool(wanted.person_id))
    statement: Any = select(col(PostRow.image_id), _order_of(wanted).label("place")).where(*shown)
    if wanted.person_id:
        statement = statement.where(col(PostRow.account_id) == wanted.person_id)
    if wanted.followed_by:
        followed = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == wanted.followed_by)
        statement = statement.where(col(PostRow.account_id).in_(followed))
    if wanted.liked_by:
        likes = (col(PostLikeRow.image_id) == col(PostRow.image_id), col(PostLikeRow.liker_id) == wanted.liked_by)
        statement = statement.join(PostLikeRow, likes[0] & likes[1])
    if wanted.words:
        query = query_of(wanted.words)
        asked = await asked_by(reader, viewer, query)
        if asked or not query.asks_for_liked:
            statement = statement.where(col(PostRow.number).in_(await newest(reader, asked) if asked else []))
        if query.asks_for_liked:
            statement = statement.where(col(PostRow.image_id).in_(_liked_last(viewer)))
    return statement


async def _found(reader: Reader, viewer: Actor | None, wanted: WallFilter, after: Mark | None, count: int) -> list[Any]:
    """What is found, the newest first. Of what the index finds some may be out of sight: then the next are looked at, `FOUND_MAX` at most."""
    asked = await asked_by(reader, viewer, query_of(wanted.words))
    number: Any = col(PostRow.number)
    rows: list[Any] = []
    below, looked_at = None if after is None else int(after.value), 0
    while asked and len(rows) < count and looked_at < FOUND_MAX:
        numbers = await newest(reader, asked, below=below, at_most=2 * count)
        statement: Any = select(col(PostRow.image_id), number.label("place")).where(*is_on_walls(viewer), number.in_(numbers))
        rows += (await reader.exec(statement.order_by(number.desc()).limit(count - len(rows)))).all()
        if len(numbers) < 2 * count:
            break
        below, looked_at = numbers[-1], looked_at + len(numbers)
    return rows


async def _of_followed(reader: Reader, viewer: Actor | None, wanted: WallFilter, after: Mark | None, count: int) -> Sequence[Any]:
    """The newest of many people: among what anybody showed lately, or, when that is not enough, of whoever of them showed something last.

    So it costs the same however many they are, and however seldom they show something.
    """
    followed: Any = col(FollowRow.followed_id)
    older = () if after is None else (tuple_(col(PostRow.published_at), col(PostRow.image_id)) < tuple_(_value(after, wanted), after.id),)
    number: Any = col(PostRow.number)
    everyone: Any = select(number.label("number")).where(*older)
    anybody = everyone.order_by(col(PostRow.published_at).desc(), col(PostRow.image_id).desc()).limit(LATELY).subquery()
    joined = (await _wanted(reader, viewer, wanted)).join(anybody, anybody.c.number == number)
    if len(rows := await _in_order(reader, wanted, joined, None, count)) == count:
        return rows
    theirs: Any = select(PostRow).where(col(PostRow.account_id) == followed, *is_on_walls(viewer), *older)
    theirs = theirs.order_by(col(PostRow.published_at).desc(), col(PostRow.image_id).desc())
    last = theirs.with_only_columns(col(PostRow.published_at)).limit(1).scalar_subquery()
    people: Any = select(followed.label("id"), last.label("at")).where(col(FollowRow.follower_id) == wanted.followed_by).subquery()
    lately = select(people).where(people.c.at.is_not(None)).order_by(people.c.at.desc()).limit(count)
    found: Any = (await reader.exec(lately)).all()
    if len(found) == count:  # each of them showed something since then: nothing older comes on this page
        theirs = theirs.where(col(PostRow.published_at) >= found[-1].at)
    mine = (col(FollowRow.follower_id) == wanted.followed_by, followed.in_([person.id for person in found]))
    numbers = (await reader.exec(_of_each(reader.dialect, theirs.limit(count)).where(*mine))).scalars().all()
    return await _in_order(reader, wanted, (await _wanted(reader, viewer, wanted)).where(col(PostRow.number).in_(numbers)), None, count)


def _of_each(dialect: str, theirs: Any) -> Select[Any]:
    """The numbers of `theirs`, which speaks of one person followed, for each of them. SQLite has no LATERAL, and Postgres needs it."""
    if dialect == "postgresql":
        beside = theirs.with_only_columns(col(PostRow.number).label("number")).lateral()
        return select(beside.c.number).select_from(FollowRow).join(beside, true())
    post: Any = aliased(PostRow)
    return select(post.number).select_from(FollowRow).join(post, post.number.in_(theirs.with_only_columns(col(PostRow.number))))


async def _nearest(
    reader: Reader, viewer: Actor | None, wanted: WallFilter, after: Mark | None, count: int, cache: Cache | None, only: Sequence[str] = ()
) -> list[_Placed]:
    """The nearest to a palette, or to a picture, of what the index finds first; each with how far it is off, as a place below nought.

    What was found may be kept from a moment ago, so whether each hangs for this viewer is asked here.
    """
    query = query_of(wanted.words)
    asked = await asked_by(reader, viewer, query)
    away: Mapping[str, float] = {} if asked is None else await _far_off(reader, viewer, Wish(wanted.palette, wanted.like, asked), cache)
    order = sorted(((place, image_id) for image_id, place in away.items() if not only or image_id in only), reverse=True)
    nearest_first = [_Placed(image_id, place) for place, image_id in order if after is None or (place, image_id) < (after.value, after.id)]
    rows: list[_Placed] = []
    while nearest_first and len(rows) < count:
        looked_at, nearest_first = nearest_first[:count], nearest_first[count:]
        hangs = [col(PostRow.image_id).in_([row.image_id for row in looked_at]), *is_on_walls(viewer)]
        hangs += [col(PostRow.image_id).in_(_liked_last(viewer))] if query.asks_for_liked else []
        hanging = set((await reader.exec(select(col(PostRow.image_id)).where(*hangs))).scalars())
        rows += [row for row in looked_at if row.image_id in hanging]
    return rows[:count]


async def _far_off(reader: Reader, viewer: Actor | None, wish: Wish, cache: Cache | None) -> Mapping[str, float]:
    """As `nearest`; each page of one wish, and each look at what is new, begins with all that was found."""
    if cache is None:
        return await nearest(reader, viewer, wish, is_on_walls(viewer))
    key = f"{viewer.id if viewer else ''}.{viewer.sees if viewer else ''}.{hashlib.sha256(repr(wish).encode()).hexdigest()}"
    kept = await cache.known(PLACES, [key])
    if key not in kept:
        kept = {key: await nearest(reader, viewer, wish, is_on_walls(viewer))}
        await cache.keep(PLACES, kept, since=reader.heard)
    return kept[key]


def is_on_walls(viewer: Actor | None, *, though_muted: bool = False) -> tuple[ColumnElement[bool], ...]:
    """What hangs where everybody may look: listed and public, not even one's own private ones; and nobody blocked either way.

    A person who is muted hangs on their own wall alone.
    """
    is_met = is_met_by(viewer, col(PostRow.image_id), openly=True, though_muted=though_muted)
    return (col(PostRow.is_listed) == true(), is_met, is_near(viewer, col(PostRow.account_id)))


def _is_liked_still(viewer: Actor | None) -> tuple[ColumnElement[bool], ...]:
    """What one likes stays among one's likes when it is shown by its link alone: whoever likes it has the link."""
    return (is_met_by(viewer, col(PostRow.image_id), openly=True), is_near(viewer, col(PostRow.account_id)))


def _liked_last(viewer: Actor | None) -> Any:
    """The pictures somebody liked last: `FOUND_MAX` of them at most are searched; nobody likes anything without an account."""
    likes: Any = aliased(PostLikeRow)
    liked = select(likes.image_id).where(likes.liker_id == (viewer.id if viewer else ""))
    return liked.order_by(likes.created_at.desc(), likes.image_id.desc()).limit(FOUND_MAX)


def _order_of(wanted: WallFilter) -> Any:
    if wanted.liked_by:
        return col(PostLikeRow.created_at)
    if wanted.words and wanted.sort == "newest":
        return col(PostRow.number)
    match wanted.sort:
        case "trending":
            return getattr(PostRow, f"heat_{wanted.period}")
        case "liked":
            return col(PostRow.likes)
        case "newest":
            return col(PostRow.published_at)


def _id_of(wanted: WallFilter) -> Any:
    return col(PostLikeRow.image_id) if wanted.liked_by else col(PostRow.image_id)


def _value(after: Mark, wanted: WallFilter) -> ColumnElement[Any]:
    if wanted.liked_by or (wanted.sort == "newest" and not wanted.words):
        return literal(datetime.fromtimestamp(max(0.0, after.value), UTC), UtcDateTime)
    return literal(after.value) if wanted.sort == "trending" else literal(int(after.value))


def _number(place: Any) -> float:
    return place.timestamp() if isinstance(place, datetime) else float(place)


def _places(rows: Iterable[Any]) -> dict[str, float]:
    return {row.image_id: _number(row.place) for row in rows}
