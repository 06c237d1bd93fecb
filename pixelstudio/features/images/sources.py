"""Sources: pictures that others are made from, as bytes for that alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.images.renditions import FILM, StoredFile
from pixelstudio.features.images.tables import ImageRow, RenditionRow

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader


async def files_to_go_by(reader: Reader, image_id: str, owner_id: UserId) -> list[StoredFile]:
    """The renditions of a picture its owner still keeps, the largest first; none when it is gone. Only for drawing its owner's pictures."""
    joined = select(RenditionRow).join(ImageRow, col(RenditionRow.image_id) == col(ImageRow.id))
    kept = (col(ImageRow.id) == image_id, col(ImageRow.owner_id) == owner_id, col(ImageRow.deleted_at).is_(None))
    rows = (await reader.exec(joined.where(*kept, col(RenditionRow.variant) != FILM))).scalars()
    files = [StoredFile(row.digest, row.media_type, row.width, row.height, row.size_bytes) for row in rows]
    return sorted(files, key=lambda file: file.width * file.height, reverse=True)


async def original_to_use(reader: Reader, image_id: str, owner_id: UserId) -> StoredFile | None:
    """The original of a picture its owner still keeps; None when it is gone. Only for making its owner's pictures."""
    row = await reader.get(ImageRow, image_id)
    if row is None or row.owner_id != owner_id or row.deleted_at is not None:
        return None
    return StoredFile(row.digest, row.media_type, row.width, row.height, row.size_bytes)
