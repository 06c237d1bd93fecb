"""Leanings: how much it counts for somebody that a picture is fresh, popular, novel, or by whom they follow; and the wall in that order.

A bounded number of candidates is weighed anew at each look: the newest, the hottest, and the newest of those one follows. Each term is a number
from 0 to 1, and counts as many points as its leaning says, so that every place on the wall can be explained.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import is_id
from pixelstudio.core.pages import Cursor, Mark, Page, decoded, marked
from pixelstudio.features.gallery.exhibits import exhibited
from pixelstudio.features.gallery.heat import warmth
from pixelstudio.features.gallery.tables import FollowRow, LeaningRow, PostLikeRow, PostRow
from pixelstudio.features.gallery.visibility import is_on_walls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

    from pixelstudio.caching.cache import Cache
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView

CANDIDATES: Final = 300
"""Of the newest and of the hottest each."""
OF_FOLLOWED: Final = 100
LIKES_SEEN: Final = 500
"""As many of one's own likes say whose pictures are known."""
HALF_FRESH: Final = timedelta(days=2)
HALF_POPULAR: Final = 10.0
"""The warmth of a picture that is half as popular as one can be: three likes and a comment of this very moment."""
PERIOD: Final = "7d"


@dataclass(frozen=True, slots=True)
class Leanings:
    """How many points each term is worth, from 0 to `LEANING_MAX`."""

    fresh: int = 5
    popular: int = 5
    novel: int = 5
    following: int = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """Why a picture hangs where it does: what each term came to, in points."""

    fresh: float
    popular: float
    novel: float
    following: float
    liked_of_maker: int
    """How many of the maker's pictures one has liked lately: what is known already is less novel."""

    @property
    def points(self) -> float:
        """All of them together."""
        return self.fresh + self.popular + self.novel + self.following


@dataclass(frozen=True, slots=True)
class Weighed:
    """A picture with what put it where it hangs."""

    post: PostView
    terms: Terms


@dataclass(frozen=True, slots=True)
class _Candidate:
    image_id: str
    account_id: str
    published_at: datetime
    heat: float


async def leanings_of(reader: Reader, by: Actor) -> Leanings:
    """What counts for the actor."""
    row = await reader.get(LeaningRow, by.id)
    return Leanings(row.fresh, row.popular, row.novel, row.following) if row else Leanings()


async def lean(tx: Transaction, leanings: Leanings, *, by: Actor) -> None:
    """Remember what counts for the actor. Safe to repeat. Raises `Invalid`."""
    values = asdict(leanings)
    if any(not 0 <= value <= limits.LEANING_MAX for value in values.values()):
        raise Invalid(f"Each counts from 0 to {limits.LEANING_MAX}.", code="leaning_invalid")
    await tx.serialise(f"leaning:{by.id}")
    row = await tx.get(LeaningRow, by.id) or LeaningRow(account_id=by.id, **values)
    for name, value in values.items():
        setattr(row, name, value)
    tx.add(row)
    await tx.flush()


async def own_wall(
    reader: Reader, by: Actor, *, before: str | None = None, limit: int = limits.PAGE_SIZE, cache: Cache | None = None
) -> Page[Weighed]:
    """A page of the actor's own order, after the mark `before`; it ends with the candidates. A fixed number of queries.

    Every page is weighed as of the moment of the first one, so that time moves nothing across the end of a page. Raises `Invalid`.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    moment, after = _place(before, reader.now)
    weighed = await _weighed(reader, by, await _candidates(reader, by), moment)
    order = sorted(weighed.items(), key=lambda pair: (pair[1].points, pair[0]), reverse=True)
    rest = [pair for pair in order if after is None or (pair[1].points, pair[0]) < (after.value, after.id)]
    shown = await _shown(reader, by, dict(rest[:size]), cache)
    last = rest[size - 1] if len(rest) > size else None
    if last is None:
        return Page(shown, "")
    return Page(shown, f"{Cursor(moment, last[0]).encoded()}.{Mark(last[1].points, last[0]).encoded()}")


async def those_on_own(reader: Reader, by: Actor, image_ids: Sequence[str], cache: Cache | None = None) -> list[Weighed]:
    """Those of these pictures that hang on everybody's walls, weighed; at most a page of ids is looked at."""
    known = [image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)]
    found = await _found(reader, by, [col(PostRow.image_id).in_(known)], col(PostRow.published_at), len(known))
    weighed = await _weighed(reader, by, found, reader.now)
    order = sorted(weighed.items(), key=lambda pair: (pair[1].points, pair[0]), reverse=True)
    return await _shown(reader, by, dict(order), cache)


def _place(before: str | None, now: datetime) -> tuple[datetime, Mark | None]:
    """As of when a page is weighed, and after which place it begins."""
    moment, _, mark = (before or "").partition(".")
    first = decoded(moment)
    return (min(now, first.created_at), marked(mark)) if first else (now, None)


async def _candidates(reader: Reader, by: Actor) -> list[_Candidate]:
    newest, hottest = col(PostRow.published_at), getattr(PostRow, f"heat_{PERIOD}")
    followed = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == by.id)
    return [
        *await _found(reader, by, [], newest, CANDIDATES),
        *await _found(reader, by, [], hottest, CANDIDATES),
        *await _found(reader, by, [col(PostRow.account_id).in_(followed)], newest, OF_FOLLOWED),
    ]


async def _found(reader: Reader, by: Actor, wanted: Sequence[ColumnElement[bool]], order: Any, limit: int) -> list[_Candidate]:
    heat = getattr(PostRow, f"heat_{PERIOD}").label("heat")
    columns: Any = (col(PostRow.image_id), col(PostRow.account_id), col(PostRow.published_at), heat)
    statement = select(*columns).where(*is_on_walls(by), *wanted).order_by(order.desc(), col(PostRow.image_id).desc()).limit(limit)
    rows: Any = (await reader.exec(statement)).all()
    return [_Candidate(row.image_id, row.account_id, row.published_at, row.heat) for row in rows]


async def _weighed(reader: Reader, by: Actor, candidates: Iterable[_Candidate], moment: datetime) -> dict[str, Terms]:
    leanings, known = await leanings_of(reader, by), {one.image_id: one for one in candidates}
    makers = {one.account_id for one in known.values()}
    liked, followed = await _liked_of(reader, by, makers), await _followed(reader, by, makers)
    return {
        image_id: Terms(
            fresh=leanings.fresh * 2.0 ** -(max(moment - one.published_at, timedelta()) / HALF_FRESH),
            popular=leanings.popular * _share(warmth(one.heat, moment, PERIOD)),
            novel=leanings.novel / (1 + liked.get(one.account_id, 0)),
            following=float(leanings.following if one.account_id in followed else 0),
            liked_of_maker=liked.get(one.account_id, 0),
        )
        for image_id, one in known.items()
    }


def _share(warm: float) -> float:
    return warm / (warm + HALF_POPULAR)


async def _liked_of(reader: Reader, by: Actor, makers: set[str]) -> dict[str, int]:
    latest = select(col(PostLikeRow.image_id)).where(col(PostLikeRow.liker_id) == by.id)
    latest = latest.order_by(col(PostLikeRow.created_at).desc(), col(PostLikeRow.image_id).desc()).limit(LIKES_SEEN).subquery()
    joined: Any = select(col(PostRow.account_id), func.count()).join(latest, latest.c.image_id == col(PostRow.image_id))
    rows: Any = await reader.exec(joined.where(col(PostRow.account_id).in_(makers)).group_by(col(PostRow.account_id)))
    return {account_id: count for account_id, count in rows}  # noqa: C416  # rows of two columns


async def _followed(reader: Reader, by: Actor, makers: set[str]) -> set[str]:
    mine = (col(FollowRow.follower_id) == by.id, col(FollowRow.followed_id).in_(makers))
    return set((await reader.exec(select(col(FollowRow.followed_id)).where(*mine))).scalars())


async def _shown(reader: Reader, by: Actor, weighed: dict[str, Terms], cache: Cache | None) -> list[Weighed]:
    views = await exhibited(reader, by, {image_id: terms.points for image_id, terms in weighed.items()}, cache)
    return [Weighed(view, weighed[view.image.id]) for view in views]
