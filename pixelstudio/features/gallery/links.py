"""Links to a collection: a secret in an address that shows it to whoever has it, until it expires or is revoked.

What is expired, revoked or was never a link answers the same. The secret is kept as a digest, and told once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import is_id, new_id, new_secret, secret_digest
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.gallery.admission import own_collection, shown_by_link
from pixelstudio.features.gallery.collections import PICTURE, page_shown
from pixelstudio.features.gallery.events import CollectionChanged
from pixelstudio.features.gallery.tables import CollectionLinkRow, CollectionRow, PostRow
from pixelstudio.features.gallery.views import LinkView, SharedView
from pixelstudio.features.images.renditions import hanging_rendition

if TYPE_CHECKING:
    from sqlalchemy import Select

    from pixelstudio.core.pages import Page
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView
    from pixelstudio.features.images.views import StoredBytes

_SECRET_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkForm:
    """What a link is for, as chosen. `days` is one of `COLLECTION_LINK_DAYS`, or 0: until it is revoked."""

    days: int = 7
    is_proofing: bool = False
    shows_private: bool = False


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made. `secret` is told now and never again."""

    view: LinkView
    secret: str = field(repr=False)


async def make_link(tx: Transaction, collection_id: str, form: LinkForm, *, by: Actor) -> NewLink:
    """A new link to an own collection. Raises `Invalid` naming the field, and `Conflict` when there is no room for more."""
    row = await own_collection(tx, collection_id, by)
    if form.days not in {0, *limits.COLLECTION_LINK_DAYS}:
        raise Invalid("Choose how long the link holds.", code="link_days_invalid", field="days")
    held = select(func.count()).select_from(CollectionLinkRow).where(col(CollectionLinkRow.collection_id) == row.id)
    if (await tx.exec(held)).scalar_one() >= limits.COLLECTION_LINKS_MAX:
        raise Conflict(f"This collection has {limits.COLLECTION_LINKS_MAX} links. Revoke one first.", code="too_many_links", field="days")
    secret = new_secret()
    link = CollectionLinkRow(
        id=new_id(),
        collection_id=row.id,
        digest=secret_digest(secret),
        is_proofing=form.is_proofing,
        shows_private=form.shows_private,
        created_at=tx.now,
        expires_at=tx.now + timedelta(days=form.days) if form.days else None,
    )
    tx.add(link)
    await tx.flush()
    return NewLink(_view(link, tx), secret)


async def revoke_link(tx: Transaction, link_id: str, *, by: Actor) -> None:
    """Make a link to an own collection worth nothing, at once. Raises `NotFound`."""
    link = await tx.get(CollectionLinkRow, link_id, for_update=True) if is_id(link_id) else None
    row = await tx.get(CollectionRow, link.collection_id) if link else None
    if link is None or row is None or row.account_id != by.id:
        raise NotFound
    await tx.delete(link)
    await tx.flush()
    await tx.publish(CollectionChanged(collection_id=row.id, owner_id=row.account_id))


async def links_of(reader: Reader, by: Actor, collection_id: str) -> list[LinkView]:
    """The links to an own collection, the newest first; none to anybody else's. One query."""
    if not is_id(collection_id):
        return []
    mine = (col(CollectionRow.id) == collection_id, col(CollectionRow.account_id) == by.id)
    joined = select(CollectionLinkRow).join(CollectionRow, col(CollectionRow.id) == col(CollectionLinkRow.collection_id)).where(*mine)
    rows = (await reader.exec(joined.order_by(col(CollectionLinkRow.created_at).desc(), col(CollectionLinkRow.id)))).scalars()
    return [_view(row, reader) for row in rows]


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that holds, and the collection it leads to; stays inside the slice."""

    link: CollectionLinkRow
    collection: CollectionRow


async def opened_by(reader: Reader, secret: str) -> Opened:
    """What this secret opens just now. Raises the same `NotFound` for one that expired, was revoked, or never was."""
    holds = or_(col(CollectionLinkRow.expires_at).is_(None), col(CollectionLinkRow.expires_at) > reader.now)
    columns: Any = (CollectionLinkRow, CollectionRow)
    joined: Any = select(*columns).join(CollectionRow, col(CollectionRow.id) == col(CollectionLinkRow.collection_id))
    found = (await reader.exec(joined.where(col(CollectionLinkRow.digest) == secret_digest(secret[:_SECRET_MAX]), holds))).one_or_none()
    if found is None:
        raise NotFound
    return Opened(found.CollectionLinkRow, found.CollectionRow)


async def shared_by(reader: Reader, secret: str) -> SharedView:
    """The collection a link shows. Raises as `opened_by`, also when whoever made it has left."""
    return await _shared(reader, await opened_by(reader, secret))


async def _shared(reader: Reader, opened: Opened) -> SharedView:
    person = (await people_by_id(reader, [opened.collection.account_id])).get(opened.collection.account_id)
    if person is None:
        raise NotFound
    row = opened.collection
    return SharedView(row.id, person, row.title, row.description, opened.link.is_proofing)


async def pictures_shared(reader: Reader, secret: str, *, before: str | None = None, limit: int = limits.PAGE_SIZE) -> Page[PostView]:
    """The pictures a link shows, the last one put in first. Raises as `shared_by`."""
    opened = await opened_by(reader, secret)
    await _shared(reader, opened)
    return await page_shown(reader, None, _shown(opened, *PICTURE), before, limit)


async def ensure_shared(reader: Reader, opened: Opened, image_id: str) -> None:
    """Raise `NotFound` unless this link shows this picture."""
    here = col(PostRow.image_id) == image_id
    if not is_id(image_id) or (await reader.exec(_shown(opened, col(PostRow.image_id)).where(here))).first() is None:
        raise NotFound


async def rendition_shared(reader: Reader, secret: str, image_id: str, variant: str) -> StoredBytes:
    """Where the bytes of a picture are that a link shows. Raises `NotFound` for everything else."""
    await ensure_shared(reader, await opened_by(reader, secret), image_id)
    return await hanging_rendition(reader, image_id, variant)


def _shown(opened: Opened, *columns: Any) -> Select[Any]:
    return shown_by_link(opened.collection, *columns, shows_private=opened.link.shows_private)


def _view(row: CollectionLinkRow, reader: Reader) -> LinkView:
    is_expired = row.expires_at is not None and row.expires_at <= reader.now
    return LinkView(row.id, row.is_proofing, row.shows_private, row.created_at, row.expires_at, is_expired)
