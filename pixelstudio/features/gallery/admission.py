"""Admission: who may look into a collection and put pictures in, and which pictures it shows to whom.

Being collected makes no picture more visible. A private one is seen by others in a collection only where its owner has said so: to the
people of that one collection, or by one link; there alone, and only while it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, or_, select, true
from sqlmodel import col

from pixelstudio.core.errors import NotAllowed, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.gallery.blocks import is_near
from pixelstudio.features.gallery.tables import CollaboratorRow, CollectionPictureRow, CollectionRow, PostRow
from pixelstudio.features.images.renditions import hanging_rendition
from pixelstudio.features.images.visibility import hangs, is_met_by

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import Part
    from pixelstudio.features.images.views import StoredBytes


def is_open_to(viewer: Actor | None) -> ColumnElement[bool]:
    """Collections this viewer may look into: their own, those they are invited to, and those for whoever has the address."""
    is_for_others = col(CollectionRow.visibility).in_(["unlisted", "public"])
    if viewer is None:
        return is_for_others
    invited = exists().where(col(CollaboratorRow.collection_id) == col(CollectionRow.id), col(CollaboratorRow.account_id) == viewer.id)
    is_for_them = or_(is_for_others, and_(_is_shared(), invited))
    return or_(and_(is_for_them, is_near(viewer, col(CollectionRow.account_id))), col(CollectionRow.account_id) == viewer.id)


async def own_collection(tx: Transaction, collection_id: str, by: Actor) -> CollectionRow:
    """The locked row of an own collection. Raises `NotFound`, and `NotAllowed` for one of somebody else's that the actor may look into."""
    row = await _open_row(tx, collection_id, by)
    if row.account_id != by.id:
        raise NotAllowed("Only the person who made this collection can change it.", code="collection_not_yours")
    return row


async def shared_collection(tx: Transaction, collection_id: str, by: Actor) -> CollectionRow:
    """The locked row of a collection the actor made or has joined. Raises as `own_collection`."""
    row = await _open_row(tx, collection_id, by)
    if row.account_id != by.id and await part_in(tx, by, row) != "joined":
        raise NotAllowed("Only the person who made this collection can change it.", code="collection_not_yours")
    return row


async def part_in(reader: Reader, viewer: Actor | None, row: CollectionRow) -> Part:
    """What the viewer has to do with a collection they may look into."""
    if viewer is None:
        return ""
    if row.account_id == viewer.id:
        return "maker"
    found = await reader.get(CollaboratorRow, (row.id, viewer.id))
    if found is None or row.seen_by == "private":
        return ""
    return "joined" if found.joined_at else "invited"


def shown_in(viewer: Actor | None, *columns: Any) -> Select[Any]:
    """A query over collections and the pictures this viewer sees there: `CollectionRow`, `CollectionPictureRow` and `PostRow`, joined."""
    joined = _held(*columns).join(CollectionRow, col(CollectionRow.id) == col(CollectionPictureRow.collection_id))
    seen = and_(is_met_by(viewer, col(PostRow.image_id)), is_near(viewer, col(PostRow.account_id)))
    return joined.where(is_open_to(viewer), or_(seen, _is_granted(viewer)))


def shown_by_link(row: CollectionRow, *columns: Any, shows_private: bool) -> Select[Any]:
    """A query over the pictures that a link to this collection shows: `CollectionPictureRow` and `PostRow`, joined."""
    hers = and_(col(PostRow.account_id) == row.account_id, hangs(None, col(PostRow.image_id))) if shows_private else false()
    is_shown = or_(is_met_by(None, col(PostRow.image_id)), hers)
    return _held(*columns).where(col(CollectionPictureRow.collection_id) == row.id, is_shown)


async def rendition_there(reader: Reader, viewer: Actor | None, collection_id: str, image_id: str, variant: str) -> StoredBytes:
    """Where the bytes of a picture are that this collection shows to this viewer. Raises `NotFound` for everything else."""
    if not (is_id(collection_id) and is_id(image_id)):
        raise NotFound
    here = (col(CollectionRow.id) == collection_id, col(PostRow.image_id) == image_id)
    if (await reader.exec(shown_in(viewer, col(PostRow.image_id)).where(*here))).first() is None:
        raise NotFound
    return await hanging_rendition(reader, image_id, variant)


def _held(*columns: Any) -> Select[Any]:
    statement: Any = select(*columns).select_from(CollectionPictureRow)
    return statement.join(PostRow, col(PostRow.image_id) == col(CollectionPictureRow.image_id))


def _is_granted(viewer: Actor | None) -> ColumnElement[bool]:
    """A private picture that its owner shows to the people of the collection, to one of whom it is shown."""
    if viewer is None:
        return false()
    owner, maker = col(PostRow.account_id), col(CollectionRow.account_id)
    here = (col(CollaboratorRow.collection_id) == col(CollectionRow.id), col(CollaboratorRow.joined_at).is_not(None))
    is_one_of_them = or_(maker == viewer.id, exists().where(*here, col(CollaboratorRow.account_id) == viewer.id))
    lets = exists().where(*here, col(CollaboratorRow.account_id) == owner, col(CollaboratorRow.shows_private) == true())
    is_let = or_(and_(owner == maker, col(CollectionRow.shows_private) == true()), lets)
    return and_(is_one_of_them, is_let, _is_shared(), hangs(viewer, col(PostRow.image_id)), is_near(viewer, owner))


def _is_shared() -> ColumnElement[bool]:
    """Collections whose invitations count: all that are not for their maker alone."""
    return or_(col(CollectionRow.is_collaborative) == true(), col(CollectionRow.visibility) != "private")


async def _open_row(tx: Transaction, collection_id: str, by: Actor) -> CollectionRow:
    if not is_id(collection_id):
        raise NotFound
    statement = select(CollectionRow).where(col(CollectionRow.id) == collection_id, is_open_to(by)).with_for_update(key_share=True)
    row = (await tx.exec(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row
