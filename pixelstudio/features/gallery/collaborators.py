"""Collaborators: people who are invited to a collection, join it, put pictures of their own in, and leave it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.accounts.people import people_by_id, person_named
from pixelstudio.features.accounts.throttle import admit_act
from pixelstudio.features.gallery.admission import own_collection, part_in, shared_collection
from pixelstudio.features.gallery.blocks import are_apart
from pixelstudio.features.gallery.events import CollectionChanged
from pixelstudio.features.gallery.tables import CollaboratorRow, CollectionPictureRow, CollectionRow, PostRow
from pixelstudio.features.gallery.views import CollaboratorView
from pixelstudio.features.images.visibility import shows_picture
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def invite(tx: Transaction, collection_id: str, handle: str, *, by: Actor) -> None:
    """Invite somebody to an own collection; a private one becomes collaborative with it. Safe to repeat.

    Raises `NotFound` for nobody, who is also whoever wants nothing of the actor, `Invalid`, `Conflict` and `TooMany`.
    """
    row = await own_collection(tx, collection_id, by)
    person = await person_named(tx, handle.strip().removeprefix("@"))
    if person.id == by.id:
        raise Invalid("This is your own collection: you are in it.", code="invite_self", field="handle")
    if await are_apart(tx, by.id, person.id):
        raise NotFound("Nobody here has this handle.", code="person_not_found")
    if await tx.get(CollaboratorRow, (row.id, person.id)) is not None:
        return
    held = select(func.count()).select_from(CollaboratorRow).where(col(CollaboratorRow.collection_id) == row.id)
    if (await tx.exec(held)).scalar_one() >= limits.COLLABORATORS_MAX:
        raise Conflict(f"A collection has {limits.COLLABORATORS_MAX} people at most.", code="too_many_collaborators", field="handle")
    await admit_act(tx, "invite", by.id, limits.INVITATIONS_PER_HOUR)
    tx.add(CollaboratorRow(collection_id=row.id, account_id=person.id, invited_at=tx.now))
    if row.seen_by == "private":
        row.is_collaborative = True
        tx.add(row)
    await tx.flush()
    await tell(tx, Told(account_id=person.id, kind="invitation", from_id=by.id, about_id=row.id, words=row.title))
    await _publish(tx, row, person.id)


async def join(tx: Transaction, collection_id: str, *, by: Actor) -> None:
    """Take an invitation up. Safe to repeat. Raises `NotFound` for whoever is not invited."""
    row, mine = await _invited(tx, collection_id, by)
    if mine.joined_at is None:
        mine.joined_at = tx.now
        tx.add(mine)
        await tx.flush()
        await _publish(tx, row, by.id)


async def leave_collection(tx: Transaction, collection_id: str, *, by: Actor) -> None:
    """Leave a collection, or decline the invitation. The actor's private pictures leave with them; what others may see anyway stays."""
    row, mine = await _invited(tx, collection_id, by)
    await _part(tx, row, mine)


async def remove_collaborator(tx: Transaction, collection_id: str, person_id: str, *, by: Actor) -> None:
    """Take somebody out of an own collection, as if they left. Safe to repeat."""
    row = await own_collection(tx, collection_id, by)
    found = await tx.get(CollaboratorRow, (row.id, person_id)) if is_id(person_id) else None
    if found is not None:
        await _part(tx, row, found)


async def let_see(tx: Transaction, collection_id: str, shows: bool, *, by: Actor) -> None:
    """Let the people of a collection see the actor's own private pictures there, or no longer. Safe to repeat."""
    row = await shared_collection(tx, collection_id, by)
    mine = row if row.account_id == by.id else await tx.get(CollaboratorRow, (row.id, by.id))
    if mine is None:
        raise NotFound
    mine.shows_private = shows
    tx.add(mine)
    await tx.flush()
    await _publish(tx, row)


async def collaborators_of(reader: Reader, viewer: Actor, collection_id: str) -> list[CollaboratorView]:
    """The people of a collection, who made it first, then as they were invited; told to those people alone. Three queries."""
    row: Any = await reader.get(CollectionRow, collection_id) if is_id(collection_id) else None
    if row is None or await part_in(reader, viewer, row) not in {"maker", "joined"}:
        return []
    of_it = select(CollaboratorRow).where(col(CollaboratorRow.collection_id) == row.id)
    rows: list[CollaboratorRow] = list((await reader.exec(of_it.order_by(col(CollaboratorRow.invited_at)))).scalars())
    people = await people_by_id(reader, {row.account_id, *(one.account_id for one in rows)})
    maker = [CollaboratorView(people[row.account_id], "maker")] if row.account_id in people else []
    others = [
        CollaboratorView(people[one.account_id], "joined" if one.joined_at else "invited") for one in rows if one.account_id in people
    ]
    return [*maker, *others]


async def _invited(tx: Transaction, collection_id: str, by: Actor) -> tuple[CollectionRow, CollaboratorRow]:
    row = await tx.get(CollectionRow, collection_id, for_update=True) if is_id(collection_id) else None
    mine = await tx.get(CollaboratorRow, (collection_id, by.id)) if row else None
    if row is None or mine is None:
        raise NotFound
    return row, mine


async def _part(tx: Transaction, row: CollectionRow, leaving: CollaboratorRow) -> None:
    theirs = select(col(PostRow.image_id)).where(col(PostRow.account_id) == leaving.account_id)
    is_private = ~shows_picture(None, col(CollectionPictureRow.image_id))
    here = (col(CollectionPictureRow.collection_id) == row.id, col(CollectionPictureRow.image_id).in_(theirs), is_private)
    await tx.exec(delete(CollectionPictureRow).where(*here))
    await tx.delete(leaving)
    await tx.flush()
    await _publish(tx, row, leaving.account_id)


async def _publish(tx: Transaction, row: CollectionRow, also_id: str = "") -> None:
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=row.account_id, also_id=also_id))
