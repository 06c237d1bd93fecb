"""Walls: which pictures hang where, page by page: everybody's by heat, likes or age; of people followed; of one person; what one likes.

Every list is one query along an index for the order, then a fixed number for what is shown of it, however many pictures there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import literal, select, true, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import is_id
from pixelstudio.core.pages import Mark, Page, marked
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.gallery.blocks import is_near
from pixelstudio.features.gallery.heat import PERIODS
from pixelstudio.features.gallery.posts import post_views
from pixelstudio.features.gallery.search import found_by, query_of
from pixelstudio.features.gallery.tables import FollowRow, PostLikeRow, PostRow
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.features.images.visibility import is_met_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView

Sort = Literal["trending", "liked", "newest"]
SORTS: Final = ("trending", "liked", "newest")
PERIOD: Final = "7d"


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFilter:
    """Which pictures that everybody may see; an empty field asks for nothing."""

    sort: Sort = "trending"
    period: str = PERIOD
    """Of `heat.PERIODS`; matters to what is trending."""
    words: str = ""
    """As typed into the search field, with its filters."""
    person_id: str = ""
    followed_by: str = ""
    """Of the people this account follows."""
    liked_by: str = ""


def wall_filter(fields: Mapping[str, str]) -> WallFilter:
    """The filter an address names. What is not understood asks for nothing."""
    sort: Any = fields.get("sort", "")
    period = fields.get("period", "")
    return WallFilter(
        sort=sort if sort in SORTS else "trending",
        period=period if period in PERIODS else PERIOD,
        words=fields.get("q", "")[: limits.SEARCH_MAX],
    )


async def wall(
    reader: Reader, viewer: Actor | None, wanted: WallFilter, *, before: str | None = None, limit: int = limits.PAGE_SIZE
) -> Page[PostView]:
    """A page of pictures everybody may see, after the mark `before`. Six queries at most. Raises `Invalid` for a mark that is not ours."""
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    order = _order_of(wanted)
    statement = await _wanted(reader, viewer, wanted, order)
    if (after := marked(before)) is not None:
        statement = statement.where(tuple_(order, _id_of(wanted)) < tuple_(_value(after, wanted), literal(after.id)))
    rows = (await reader.exec(statement.order_by(order.desc(), _id_of(wanted).desc()).limit(size + 1))).all()
    views = await _shown(reader, viewer, rows[:size])
    last = rows[size - 1] if len(rows) > size else None
    return Page(views, Mark(_number(last.place), last.PostRow.image_id).encoded() if last else "")


async def those_on(reader: Reader, viewer: Actor | None, wanted: WallFilter, image_ids: Sequence[str]) -> list[PostView]:
    """Those of these pictures that hang on this wall, in its order; at most a page of ids is looked at."""
    known = [image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)]
    order = _order_of(wanted)
    statement = (await _wanted(reader, viewer, wanted, order)).where(col(PostRow.image_id).in_(known))
    return await _shown(reader, viewer, (await reader.exec(statement.order_by(order.desc(), _id_of(wanted).desc()))).all())


async def shown_at(reader: Reader, viewer: Actor | None, places: Mapping[str, float]) -> list[PostView]:
    """Pictures that were found on the walls already, each at its place, the largest first. Four queries."""
    rows = (await reader.exec(select(PostRow).where(col(PostRow.image_id).in_(list(places))))).scalars()
    posts = sorted(rows, key=lambda post: (places[post.image_id], post.image_id), reverse=True)
    images = await images_by_id(reader, viewer, [post.image_id for post in posts])
    return await post_views(reader, viewer, posts, images, places)


async def _wanted(reader: Reader, viewer: Actor | None, wanted: WallFilter, order: Any) -> Select[Any]:
    statement: Any = select(PostRow, order.label("place")).where(*is_on_walls(viewer, though_muted=bool(wanted.person_id)))
    if wanted.person_id:
        statement = statement.where(col(PostRow.account_id) == wanted.person_id)
    if wanted.followed_by:
        followed = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == wanted.followed_by)
        statement = statement.where(col(PostRow.account_id).in_(followed))
    if wanted.liked_by:
        likes = (col(PostLikeRow.image_id) == col(PostRow.image_id), col(PostLikeRow.liker_id) == wanted.liked_by)
        statement = statement.join(PostLikeRow, likes[0] & likes[1])
    if wanted.words:
        statement = await found_by(reader, statement, query_of(wanted.words))
    return statement


def is_on_walls(viewer: Actor | None, *, though_muted: bool = False) -> tuple[ColumnElement[bool], ...]:
    """What hangs where everybody may look: listed and public, not even one's own private ones; and nobody blocked either way.

    A person who is muted hangs on their own wall alone.
    """
    is_met = is_met_by(viewer, col(PostRow.image_id), openly=True, though_muted=though_muted)
    return (col(PostRow.is_listed) == true(), is_met, is_near(viewer, col(PostRow.account_id)))


def _order_of(wanted: WallFilter) -> Any:
    if wanted.liked_by:
        return col(PostLikeRow.created_at)
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
    if wanted.liked_by or wanted.sort == "newest":
        return literal(datetime.fromtimestamp(max(0.0, after.value), UTC), UtcDateTime)
    return literal(int(after.value)) if wanted.sort == "liked" else literal(after.value)


def _number(place: Any) -> float:
    return place.timestamp() if isinstance(place, datetime) else float(place)


async def _shown(reader: Reader, viewer: Actor | None, rows: Sequence[Any]) -> list[PostView]:
    posts = [row.PostRow for row in rows]
    images = await images_by_id(reader, viewer, [post.image_id for post in posts])
    places = {row.PostRow.image_id: _number(row.place) for row in rows}
    return await post_views(reader, viewer, posts, images, places)
