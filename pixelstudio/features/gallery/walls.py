"""Walls: which pictures hang where, page by page: everybody's by heat, likes or age; of people followed; of one person; what one likes.

Every list is one query along an index for the order, or a few that are bounded; then a fixed number for what is shown of it, however many
pictures there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, select, true, tuple_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import is_id
from pixelstudio.core.pages import Mark, Page, marked
from pixelstudio.db.questions import Question, among, told
from pixelstudio.features.accounts.onlookers import onlooker, seen_by
from pixelstudio.features.gallery.exhibits import PLACES, exhibited
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.heat import PERIODS
from pixelstudio.features.gallery.nearness import Wish, nearest
from pixelstudio.features.gallery.search import all_found, asked_by, first_found, query_of, with_kin
from pixelstudio.features.gallery.signs import FOUND_MAX, newest
from pixelstudio.features.gallery.tables import FollowRow, PostLikeRow, PostRow
from pixelstudio.features.gallery.visibility import is_liked_still, is_on_walls, liked_last

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.caching.cache import Cache
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.onlookers import Onlooker
    from pixelstudio.features.gallery.signs import Asked
    from pixelstudio.features.gallery.views import PostView

LATELY: Final = 500
"""Among so many pictures of anybody a full page is looked for first: whoever follows every tenth person finds it there."""

_BEHIND: Final = 2_000_000_000
"""More than there are pictures: so far behind what has the very words stands what is of their kind, so that its place says what it is."""

_LIKED, _FOUND = "liked by", "found"
_ORDERS: Final[Mapping[str, Any]] = {
    **{f"trending_{period}": col(getattr(PostRow, f"heat_{period}")) for period in PERIODS},
    "liked": col(PostRow.likes),
    "newest": col(PostRow.published_at),
    _LIKED: col(PostLikeRow.created_at),
    _FOUND: case((among(col(PostRow.number), "kin"), col(PostRow.number) - _BEHIND), else_=col(PostRow.number)),
}
_CHOSEN: Final[Mapping[str, str]] = {"ids": "image_id", "numbers": "number", "found": "number"}
_MOST: Final = (limits.PAGE_SIZE + 1, limits.PAGE_SIZE_MAX + 1)
"""A question says how much is wanted in its words: one of these, and what is more than that is left."""


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
        rows = await _in_order(reader, viewer, wanted, after, size + 1)
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
    rows = await _in_order(reader, viewer, wanted, None, len(known), ids=known)
    return await exhibited(reader, viewer, _places(rows), cache)


async def latest_by(
    reader: Reader, viewer: Actor | None, person_ids: Sequence[str], each: int, cache: Cache | None = None
) -> dict[str, list[PostView]]:
    """The newest `each` of what each of a few people shows, by their ids. As many queries for one of them as for all."""
    if not person_ids:
        return {}
    moment: Any = col(PostRow.published_at)
    shown: Any = select(col(PostRow.image_id), moment.label("place")).where(*is_on_walls(viewer))
    shown = shown.order_by(moment.desc(), col(PostRow.image_id).desc()).limit(each)
    theirs = [select(shown.where(col(PostRow.account_id) == person_id).subquery()) for person_id in person_ids]
    rows = sorted((await reader.exec(union_all(*theirs))).all(), key=lambda row: (row.place, row.image_id), reverse=True)
    latest: dict[str, list[PostView]] = {}
    for post in await exhibited(reader, viewer, _places(rows), cache):
        latest.setdefault(post.person.id, []).append(post)
    return latest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What of a wall its question is built of. Whose it is, after which mark and among which, is told each time."""

    sort: Onlooker | None
    order: str
    is_of_person: bool
    is_of_followed: bool
    is_liked_by_viewer: bool
    chosen: frozenset[str]
    is_after: bool
    is_lately: bool
    """Only of the newest `LATELY` of anybody; then `is_after` is meant of these."""
    most: int


async def _in_order(
    reader: Reader,
    viewer: Actor | None,
    wanted: WallFilter,
    after: Mark | None,
    count: int,
    *,
    is_lately: bool = False,
    **chosen: Sequence[Any],
) -> Sequence[Any]:
    """The first of a wall in its order; of those alone which have one of the `ids` or `numbers`, when there are any."""
    query, kin = query_of(wanted.words), list[int]()
    if query.asks:
        asked, numbers, kin = await all_found(reader, viewer, query)
        chosen |= {"found": [*numbers, *kin]} if asked or not query.asks_for_liked else {}
    shape = _Shape(
        sort=onlooker(viewer),
        order=_order_of(wanted),
        is_of_person=bool(wanted.person_id),
        is_of_followed=bool(wanted.followed_by),
        is_liked_by_viewer=query.asks_for_liked,
        chosen=frozenset(chosen),
        is_after=after is not None,
        is_lately=is_lately,
        most=next(most for most in _MOST if count <= most),
    )
    told_now = {"viewer": _id_of(viewer), "person": wanted.person_id, "follower": wanted.followed_by, "liker": wanted.liked_by, **chosen}
    told_now |= {"kin": kin, **({"place": _value(after, shape.order), "id": after.id} if after else {})}
    return (await reader.ask(_question(shape), **told_now))[:count]


@cache
def _question(shape: _Shape) -> Question:
    viewer = seen_by(shape.sort)
    older = _older(shape) if shape.is_after else ()
    post: Any = _of_lately(older) if shape.is_lately else PostRow
    order: Any = post.published_at if shape.is_lately else _ORDERS[shape.order]
    key: Any = col(PostLikeRow.image_id) if shape.order == _LIKED else post.image_id
    shown = is_liked_still(viewer) if shape.order == _LIKED else is_on_walls(viewer, post, though_muted=shape.is_of_person)
    statement: Any = select(post.image_id, order.label("place")).where(*shown)
    if shape.is_of_person:
        statement = statement.where(post.account_id == told("person"))
    if shape.is_of_followed:
        followed = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == told("follower"))
        statement = statement.where(post.account_id.in_(followed))
    if shape.order == _LIKED:
        likes = (col(PostLikeRow.image_id) == col(PostRow.image_id), col(PostLikeRow.liker_id) == told("liker"))
        statement = statement.join(PostLikeRow, likes[0] & likes[1])
    if shape.is_liked_by_viewer:
        statement = statement.where(post.image_id.in_(liked_last(viewer)))
    statement = statement.where(*(among(getattr(post, _CHOSEN[name]), name) for name in sorted(shape.chosen)))
    return Question(statement.where(*(() if shape.is_lately else older)).order_by(order.desc(), key.desc()).limit(shape.most))


def _older(shape: _Shape) -> tuple[ColumnElement[bool]]:
    """What comes after a mark."""
    order: Any = _ORDERS[shape.order]
    key: Any = col(PostLikeRow.image_id) if shape.order == _LIKED else col(PostRow.image_id)
    return (tuple_(order, key) < tuple_(told("place", order.type), told("id", key.type)),)


def _of_lately(older: Sequence[ColumnElement[bool]]) -> Any:
    """The newest `LATELY` of anybody as they stand in order: Postgres stops at the last that is wanted, and need not sort what it has looked at."""
    columns = map(col, (PostRow.number, PostRow.image_id, PostRow.account_id, PostRow.is_listed, PostRow.published_at))
    everyone: Any = select(*columns).where(*older)
    return everyone.order_by(col(PostRow.published_at).desc(), col(PostRow.image_id).desc()).limit(LATELY).subquery().c


async def _found(reader: Reader, viewer: Actor | None, wanted: WallFilter, after: Mark | None, count: int) -> list[Any]:
    """What is found, the newest first: all that has the very words, and then, when that is less than `FOUND_MAX`, what is of their kind: an
    index that finds both would go through all that has the words once more.
    """
    query, place = query_of(wanted.words), None if after is None else int(after.value)
    rows, below = list[Any](), None
    if place is None or place >= 0:
        asked, numbers = await first_found(reader, viewer, query, below=place, at_most=count)
        rows = await _seen(reader, viewer, asked, (), numbers, count)
    else:
        asked, below = await asked_by(reader, viewer, query), place + _BEHIND
    kin: Asked = with_kin(asked, query) if asked and len(rows) < count else ()
    if asked and kin and (after is None or len(await newest(reader, asked)) < FOUND_MAX):
        more = count - len(rows)
        numbers = await newest(reader, kin, besides=asked, below=below, at_most=more)
        rows += await _seen(reader, viewer, kin, asked, numbers, more)
    return rows[:count]


async def _seen(reader: Reader, viewer: Actor | None, asked: Asked | None, besides: Asked, numbers: list[int], count: int) -> list[Any]:
    """Of what the index found what hangs for this viewer. Some may be out of sight: then the next are looked at, `FOUND_MAX` at most."""
    rows: list[Any] = []
    looked_at, at_most = 0, count
    while numbers:
        kin = numbers if besides else ()
        rows += await reader.ask(_hanging(onlooker(viewer), "numbers"), viewer=_id_of(viewer), numbers=numbers, kin=kin)
        looked_at += len(numbers)
        if asked is None or len(rows) >= count or len(numbers) < at_most or looked_at >= FOUND_MAX:
            break
        at_most = 2 * count
        numbers = await newest(reader, asked, besides=besides, below=numbers[-1], at_most=at_most)
    return rows


@cache
def _hanging(sort: Onlooker | None, chosen: str, *, is_liked_by_viewer: bool = False) -> Question:
    """Which of some pictures hang, the last that was shown first."""
    viewer, number = seen_by(sort), _ORDERS[_FOUND]
    hangs = [among(getattr(PostRow, _CHOSEN[chosen]), chosen), *is_on_walls(viewer)]
    hangs += [col(PostRow.image_id).in_(liked_last(viewer))] if is_liked_by_viewer else []
    return Question(select(col(PostRow.image_id), number.label("place")).where(*hangs).order_by(number.desc()))


async def _of_followed(reader: Reader, viewer: Actor | None, wanted: WallFilter, after: Mark | None, count: int) -> Sequence[Any]:
    """The newest of many people: among what anybody showed lately, or, when that is not enough, of whoever of them showed something last.

    So it costs the same however many they are, and however seldom they show something.
    """
    if len(rows := await _in_order(reader, viewer, wanted, after, count, is_lately=True)) == count:
        return rows
    followed: Any = col(FollowRow.followed_id)
    older = () if after is None else (tuple_(col(PostRow.published_at), col(PostRow.image_id)) < tuple_(_moment(after), after.id),)
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
    return await _in_order(reader, viewer, wanted, None, count, numbers=numbers)


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

    Whether each hangs for this viewer is asked here, of twice as many each time: what was found may be kept from a moment ago.
    """
    query = query_of(wanted.words)
    asked = await asked_by(reader, viewer, query)
    wish = None if asked is None else Wish(wanted.palette, wanted.like, with_kin(asked, query) or asked)
    away: Mapping[str, float] = {} if wish is None else await _far_off(reader, viewer, wish, cache)
    order = sorted(((place, image_id) for image_id, place in away.items() if not only or image_id in only), reverse=True)
    nearest_first = [_Placed(image_id, place) for place, image_id in order if after is None or (place, image_id) < (after.value, after.id)]
    rows: list[_Placed] = []
    most = count
    while nearest_first and len(rows) < count:
        looked_at, nearest_first = nearest_first[:most], nearest_first[most:]
        most *= 2
        hangs = _hanging(onlooker(viewer), "ids", is_liked_by_viewer=query.asks_for_liked)
        hanging = {row.image_id for row in await reader.ask(hangs, viewer=_id_of(viewer), ids=[row.image_id for row in looked_at], kin=())}
        rows += [row for row in looked_at if row.image_id in hanging]
    return rows[:count]


async def _far_off(reader: Reader, viewer: Actor | None, wish: Wish, cache: Cache | None) -> Mapping[str, float]:
    """As `nearest`; each page of one wish, and each look at what is new, begins with all that was found."""
    if cache is None:
        return await nearest(reader, viewer, wish)
    key = f"{viewer.id if viewer else ''}.{viewer.sees if viewer else ''}.{hashlib.sha256(repr(wish).encode()).hexdigest()}"
    kept = await cache.known(PLACES, [key])
    if key not in kept:
        kept = {key: await nearest(reader, viewer, wish)}
        await cache.keep(PLACES, kept, since=reader.heard)
    return kept[key]


def _order_of(wanted: WallFilter) -> str:
    if wanted.liked_by:
        return _LIKED
    if wanted.words and wanted.sort == "newest":
        return _FOUND
    return f"trending_{wanted.period}" if wanted.sort == "trending" else wanted.sort


def _id_of(viewer: Actor | None) -> str:
    return viewer.id if viewer else ""


def _value(after: Mark, order: str) -> Any:
    if order in {_LIKED, "newest"}:
        return _moment(after)
    return int(after.value) if order in {_FOUND, "liked"} else after.value


def _moment(after: Mark) -> datetime:
    return datetime.fromtimestamp(max(0.0, after.value), UTC)


def _number(place: Any) -> float:
    return place.timestamp() if isinstance(place, datetime) else float(place)


def _places(rows: Iterable[Any]) -> dict[str, float]:
    return {row.image_id: _number(row.place) for row in rows}
