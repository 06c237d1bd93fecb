"""Creators of the moment: whose pictures are liked and talked about most lately. Read from the hottest few hundred, never from all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.heat import warmth
from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.gallery.views import CreatorView
from pixelstudio.features.gallery.visibility import is_on_walls
from pixelstudio.features.gallery.walls import latest_by

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixelstudio.caching.cache import Cache
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

SHOWN: Final = 8
LOOKED_AT: Final = 300
SUGGESTED: Final = 6
LATEST: Final = 3
"""So many people are suggested, each with so many pictures."""


async def trending_creators(
    reader: Reader, viewer: Actor | None, period: str = "7d", *, besides: Collection[str] = (), limit: int = SHOWN
) -> list[PersonView]:
    """The few whose pictures are warmest together, the warmest first, besides those of these ids. Two queries."""
    heat = getattr(PostRow, f"heat_{period}")
    hottest: Any = select(col(PostRow.account_id), heat).where(*is_on_walls(viewer))
    rows: Any = await reader.exec(hottest.order_by(heat.desc(), col(PostRow.image_id).desc()).limit(LOOKED_AT))
    warm: dict[str, float] = {}
    for account_id, value in rows:
        if account_id in besides:
            continue
        warm[account_id] = warm.get(account_id, 0.0) + warmth(value, reader.now, period)
    first = sorted(warm, key=lambda account_id: (-warm[account_id], account_id))[:limit]
    people = await people_by_id(reader, first)
    return [people[account_id] for account_id in first if account_id in people]


async def creators_to_follow(reader: Reader, by: Actor, followed: Collection[str], cache: Cache | None = None) -> list[CreatorView]:
    """Creators of the moment beside the actor and those `followed` already, with the latest they show. A few queries for all of them."""
    people = await trending_creators(reader, by, besides={by.id, *followed}, limit=SUGGESTED)
    latest = await latest_by(reader, by, [person.id for person in people], LATEST, cache)
    return [CreatorView(person, tuple(latest.get(person.id, ()))) for person in people]
