"""Saved searches: words and filters kept under a name; and being told when something new matches.

Whether a new picture matches is asked of the database for that very person, so nobody is told of what they would not come across.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, true, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.core.ids import new_id
from pixelstudio.core.text import clean_line, clip, within
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.accounts.sessions import members_by_id
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.search import query_of
from pixelstudio.features.gallery.tables import PostRow, SavedSearchRow
from pixelstudio.features.gallery.walls import those_on
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

LOOK_EVERY_S: Final = 15.0
LATE: Final = timedelta(seconds=60)
"""A picture may come into sight so long after the moment it carries: its commit was slow."""
NEW_MAX: Final = limits.PAGE_SIZE_MAX
"""Of more than so many new pictures at once the newest are looked at."""
AT_ONCE: Final = 200
"""So many searches are looked at in one view of the database; nobody who writes waits for that."""


@dataclass(frozen=True, slots=True)
class SavedSearchView:
    """A saved search as its owner sees it."""

    id: str
    name: str
    words: str
    is_told: bool


async def save_search(tx: Transaction, name: str, words: str, *, by: Actor, is_told: bool = False) -> SavedSearchView:
    """Keep a search; without a name under its own words. Raises `Invalid`, and `Conflict` when there is no room for more."""
    asked = clean_line(words[: limits.SEARCH_MAX])
    if not query_of(asked).asks:
        raise Invalid("Search for something first.", code="search_empty", field="q")
    called = clean_line(name) or clip(asked, limits.SEARCH_NAME_MAX)
    within(called, limits.SEARCH_NAME_MAX, "A name has", code="search_name_too_long", field="name")
    held = select(func.count()).select_from(SavedSearchRow).where(col(SavedSearchRow.account_id) == by.id)
    if (await tx.exec(held)).scalar_one() >= limits.SEARCHES_PER_PERSON:
        raise Conflict(f"You keep {limits.SEARCHES_PER_PERSON} searches. Delete one first.", code="too_many_searches")
    row = SavedSearchRow(
        id=new_id(), account_id=by.id, name=called, words=asked, is_told=is_told, looked_at=tx.now + LATE, created_at=tx.now
    )
    tx.add(row)
    await tx.flush()
    return _view(row)


async def tell_of(tx: Transaction, search_id: str, is_told: bool, *, by: Actor) -> None:
    """Be told when something new matches, or no longer. Safe to repeat. Raises `NotFound`."""
    row = await own_row(tx, SavedSearchRow, search_id, by=by, for_update=True)
    if is_told and not row.is_told:
        row.looked_at = tx.now + LATE
    row.is_told = is_told
    tx.add(row)
    await tx.flush()


async def forget_search(tx: Transaction, search_id: str, *, by: Actor) -> SavedSearchView:
    """Delete an own search; returns what it was, so that it can be kept again. Raises `NotFound`."""
    row = await own_row(tx, SavedSearchRow, search_id, by=by, for_update=True)
    view = _view(row)
    await tx.delete(row)
    await tx.flush()
    return view


async def searches_of(reader: Reader, by: Actor) -> list[SavedSearchView]:
    """The actor's searches, the last kept first."""
    mine = select(SavedSearchRow).where(col(SavedSearchRow.account_id) == by.id)
    newest = (col(SavedSearchRow.created_at).desc(), col(SavedSearchRow.id).desc())
    return [_view(row) for row in (await reader.exec(mine.order_by(*newest))).scalars()]


async def look_for_news(studio: Studio) -> int:
    """Upkeep: tell whoever wants to know what came since the last look that matches; at most one line for each search and look.

    Returns how many were told. Safe to repeat: the same picture is told for the same search once.
    """
    moment, told, last = studio.clock.now(), 0, ""
    async with studio.db.reader() as reader:
        newest = await _newest(reader)
    while newest is not None:
        async with studio.db.reader() as reader:
            rows = await _waiting(reader, newest, last)
            actors = await members_by_id(reader, {row.account_id for row in rows})
            news = {row.id: found for row in rows if (found := await _news_for(reader, row, actors.get(row.account_id)))}
        async with studio.db.transaction() as tx:
            told += await _tell_news(tx, news)
            looked_at = col(SavedSearchRow.id).in_([row.id for row in rows]), col(SavedSearchRow.looked_at) < moment
            await tx.exec(update(SavedSearchRow).where(*looked_at).values(looked_at=moment))
        if len(rows) < AT_ONCE:
            break
        last = rows[-1].id
    return told


async def _newest(reader: Reader) -> datetime | None:
    return (await reader.exec(select(func.max(col(PostRow.published_at))).where(col(PostRow.is_listed) == true()))).scalar_one()


async def _waiting(reader: Reader, newest: datetime, last: str) -> list[SavedSearchRow]:
    """Searches of whoever wants to be told that have not been looked at since the newest picture came into sight."""
    due = (col(SavedSearchRow.is_told) == true(), col(SavedSearchRow.looked_at) <= newest + LATE, col(SavedSearchRow.id) > last)
    return list((await reader.exec(select(SavedSearchRow).where(*due).order_by(col(SavedSearchRow.id)).limit(AT_ONCE))).scalars())


async def _news_for(reader: Reader, row: SavedSearchRow, by: Actor | None) -> Told | None:
    """The first that is new and matches, as it is told; None when there is nothing."""
    if by is None:
        return None
    since = (col(PostRow.is_listed) == true(), col(PostRow.published_at) > row.looked_at - LATE, col(PostRow.account_id) != by.id)
    new = select(col(PostRow.image_id)).where(*since).order_by(col(PostRow.published_at).desc(), col(PostRow.image_id).desc())
    ids = list((await reader.exec(new.limit(NEW_MAX))).scalars())
    found = await those_on(reader, by, WallFilter(sort="newest", words=row.words), ids) if ids else []
    if not found:
        return None
    first = found[0]
    about = f"{row.id}.{first.image.id}"
    return Told(account_id=by.id, kind="match", from_id=first.person.id, image_id=first.image.id, about_id=about, words=row.name)


async def _tell_news(tx: Transaction, news: Mapping[str, Told]) -> int:
    """Tell whoever still wants to be told; returns how many were."""
    wanted = select(col(SavedSearchRow.id)).where(col(SavedSearchRow.id).in_(list(news)), col(SavedSearchRow.is_told) == true())
    return sum([await tell(tx, news[search_id]) for search_id in (await tx.exec(wanted.order_by(col(SavedSearchRow.id)))).scalars()])


def _view(row: SavedSearchRow) -> SavedSearchView:
    return SavedSearchView(row.id, row.name, row.words, row.is_told)
