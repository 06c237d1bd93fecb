"""Uploads: masks and logos, made anew by us from what somebody brought; private to whoever that was, and kept while they are among the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.features.images.tables import UploadRow
from pixelstudio.features.images.views import StoredBytes, UploadView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

UploadKind = Literal["logo", "mask"]

_MEDIA_TYPE: Final = "image/png"
_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def keep_upload(tx: Transaction, kind: UploadKind, file: StoredFile, *, by: Actor, image_id: str = "") -> str:
    """Keep a PNG of our own making whose bytes are stored already; returns its id. The same brought again is the same, and the newest.

    Of each kind the newest `limits.UPLOADS_KEPT` stay. `image_id` is the picture a mask was painted for.
    """
    facts = {"digest": file.digest, "width": file.width, "height": file.height, "size_bytes": file.size_bytes}
    own = {"account_id": by.id, "kind": kind, "image_id": image_id}
    statement = _INSERT[tx.dialect](UploadRow).values(id=new_id(), brought_at=tx.now, **own, **facts)
    kept = statement.on_conflict_do_update(index_elements=[*own, "digest"], set_={"brought_at": tx.now}).returning(col(UploadRow.id))
    upload_id: str = (await tx.exec(kept)).scalar_one()
    older = _newest_first(by, kind).offset(limits.UPLOADS_KEPT)
    await tx.exec(delete(UploadRow).where(col(UploadRow.id).in_((await tx.exec(older)).scalars().all())))
    return upload_id


async def uploads_of(reader: Reader, kind: UploadKind, by: Actor, limit: int) -> list[UploadView]:
    """The actor's own, the newest first."""
    rows = (await reader.exec(select(UploadRow).where(col(UploadRow.id).in_(_newest_first(by, kind).limit(limit))))).scalars()
    views = [UploadView(row.id, row.kind, row.image_id, row.width, row.height, row.brought_at) for row in rows]
    return sorted(views, key=lambda view: (view.brought_at, view.id), reverse=True)


async def upload_for(reader: Reader, by: Actor, upload_id: str) -> StoredBytes:
    """Where the bytes of one of the actor's own are. Raises the same `NotFound` for a missing and for somebody else's."""
    row = await _own(reader, upload_id, by.id)
    if row is None:
        raise NotFound
    return StoredBytes(row.digest, _MEDIA_TYPE, row.size_bytes, row.width, row.height, is_public=False, title=row.kind)


async def upload_to_use(reader: Reader, kind: UploadKind, upload_id: str, owner_id: str, image_id: str = "") -> StoredFile | None:
    """A logo, or the mask of this picture, that its owner still keeps; None for any other. Only for making its owner's pictures."""
    row = await _own(reader, upload_id, owner_id)
    if row is None or (row.kind, row.image_id) != (kind, image_id):
        return None
    return StoredFile(row.digest, _MEDIA_TYPE, row.width, row.height, row.size_bytes)


async def uploaded_by(reader: Reader, by: Actor) -> Sequence[tuple[str, str]]:
    """Everything the actor brought and still keeps: a name for each file, and the digest of its bytes."""
    rows = (await reader.exec(select(UploadRow).where(col(UploadRow.account_id) == by.id).order_by(col(UploadRow.id)))).scalars()
    return [(f"{row.kind}-{row.id}.png", row.digest) for row in rows]


def _newest_first(by: Actor, kind: UploadKind) -> Any:
    mine = (col(UploadRow.account_id) == by.id, col(UploadRow.kind) == kind)
    return select(col(UploadRow.id)).where(*mine).order_by(col(UploadRow.brought_at).desc(), col(UploadRow.id).desc())


async def _own(reader: Reader, upload_id: str, owner_id: str) -> UploadRow | None:
    row = await reader.get(UploadRow, upload_id) if is_id(upload_id) else None
    return row if row is not None and row.account_id == owner_id else None
