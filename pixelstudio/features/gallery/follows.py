"""Follows: whom one wants to see more of; and a person with what is counted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, true
from sqlmodel import col

from pixelstudio.caching.contract import Kind
from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.core.ratings import GENERAL, RATINGS
from pixelstudio.features.accounts.mutes import is_muted
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.blocks import are_apart, set_block
from pixelstudio.features.gallery.counts import count_person
from pixelstudio.features.gallery.events import PersonCounted, PostPublished
from pixelstudio.features.gallery.tables import BlockRow, CreatorRow, FollowRow, PostRow
from pixelstudio.features.gallery.views import StandingView
from pixelstudio.features.images.events import ImageDeleted, ImageRated, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.visibility import is_met_by
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from pixelstudio.caching.cache import Cache
    from pixelstudio.core.events import Event
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView


async def set_follow(tx: Transaction, person_id: str, is_followed: bool, *, by: Actor) -> None:
    """Follow somebody, or no longer. Safe to repeat. Raises `NotFound`, and `NotAllowed` when either has blocked the other."""
    person = await _somebody(tx, person_id)
    if person.id == by.id:
        raise Invalid("You see your own pictures in your library.", code="follow_self")
    await tx.serialise(f"follow:{by.id}")
    if is_followed and await are_apart(tx, by.id, person.id):
        raise NotAllowed("You cannot follow this person.", code="blocked")
    if is_followed == (await tx.get(FollowRow, (by.id, person.id)) is not None):
        return
    if not is_followed:
        await _leave(tx, by.id, person.id)
        return
    tx.add(FollowRow(follower_id=by.id, followed_id=person.id, created_at=tx.now))
    await tx.flush()
    await _count(tx, by.id, person.id, 1)
    await tell(tx, Told(account_id=person.id, kind="follow", from_id=by.id))


async def block(tx: Transaction, person_id: str, is_blocked: bool, *, by: Actor) -> None:
    """Block somebody, which ends following both ways, or let them be again. Safe to repeat."""
    person = await _somebody(tx, person_id)
    await set_block(tx, person.id, is_blocked, by=by)
    if is_blocked:
        await _leave(tx, by.id, person.id)
        await _leave(tx, person.id, by.id)


async def standing_of(reader: Reader, viewer: Actor | None, person: PersonView, cache: Cache | None = None) -> StandingView:
    """A person with what is counted of them. Five small queries, of which the one that counts their pictures is kept."""
    counted = await reader.get(CreatorRow, person.id) or CreatorRow(account_id=person.id)
    return StandingView(
        person=person,
        followers=counted.followers,
        following=counted.following,
        likes=counted.likes,
        pictures=await _counted(reader, viewer, person.id, cache),
        is_me=viewer is not None and viewer.id == person.id,
        is_followed=await is_following(reader, viewer, person.id),
        is_muted=await is_muted(reader, viewer, person.id),
        is_blocked=viewer is not None and await reader.get(BlockRow, (viewer.id, person.id)) is not None,
    )


async def _counted(reader: Reader, viewer: Actor | None, person_id: str, cache: Cache | None) -> int:
    """How many pictures somebody shows of a rating the viewer wants to come across; to `COUNTED_MAX` + 1, which takes a look at each."""
    is_own = viewer is not None and viewer.id == person_id
    key = f"{person_id}.{_OWN if is_own else viewer.sees if viewer else GENERAL}"
    if cache and (known := await cache.known(COUNTS, [key])):
        return known[key]
    is_met = is_met_by(viewer, col(PostRow.image_id), openly=True, though_muted=True)
    shown = (col(PostRow.account_id) == person_id, col(PostRow.is_listed) == true(), is_met)
    first = select(col(PostRow.image_id)).where(*shown).limit(limits.COUNTED_MAX + 1)
    pictures = (await reader.exec(select(func.count()).select_from(first.subquery()))).scalar_one()
    if cache:
        await cache.keep(COUNTS, {key: pictures}, since=reader.heard)
    return pictures


def _stale(fact: Event) -> list[str]:
    match fact:
        case PostPublished() | ImageVisibilityChanged() | ImageRated() | ImageDeleted() | ImageRestored():
            return [f"{fact.owner_id}.{sees}" for sees in (_OWN, *RATINGS)]
        case _:
            return []


_OWN: Final = "own"
"""One's own pictures count whatever their rating."""
COUNTS: Final[Kind[int]] = Kind("pictures-of", 60.0, 4_096, _stale, int, int)
"""How many pictures a person shows, by person and by whom they are counted for."""


async def is_following(reader: Reader, by: Actor | None, person_id: str) -> bool:
    """Whether the actor follows this person."""
    return by is not None and await reader.get(FollowRow, (by.id, person_id)) is not None


async def followed_by(reader: Reader, by: Actor, limit: int) -> list[str]:
    """The ids of whom the actor follows, so many at most."""
    mine = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == by.id)
    return list((await reader.exec(mine.limit(limit))).scalars())


async def _leave(tx: Transaction, follower_id: str, followed_id: str) -> None:
    gone = delete(FollowRow).where(col(FollowRow.follower_id) == follower_id, col(FollowRow.followed_id) == followed_id)
    if (await tx.exec(gone)).rowcount:
        await _count(tx, follower_id, followed_id, -1)


async def _count(tx: Transaction, follower_id: str, followed_id: str, by: int) -> None:
    """Both rows are locked in the order of their ids."""
    for account_id in sorted((follower_id, followed_id)):
        is_followed = account_id == followed_id
        await count_person(tx, account_id, followers=by if is_followed else 0, following=0 if is_followed else by)
        await tx.publish(PersonCounted(account_id=account_id))


async def _somebody(reader: Reader, person_id: str) -> PersonView:
    found = (await people_by_id(reader, [person_id] if is_id(person_id) else [])).get(person_id)
    if found is None:
        raise NotFound("Nobody here has this handle.", code="person_not_found")
    return found
