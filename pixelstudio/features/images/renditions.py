"""Renditions: the variants of a picture, original, sizes and film, and where the bytes of each are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.images.tables import ImageRow, RenditionRow
from pixelstudio.features.images.views import StoredBytes
from pixelstudio.features.images.visibility import in_trash_of, visible_to

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.imaging.ingest import Encoded

FILM: Final = "film"
VARIANTS: Final = ("256", "512", "1024", "original", FILM)
TITLE_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are in the storage already."""

    digest: str
    media_type: str
    width: int
    height: int
    size_bytes: int

    @classmethod
    def of(cls, file: Encoded, digest: str) -> StoredFile:
        """A file whose bytes were stored under this digest."""
        return cls(digest, file.media_type, file.width, file.height, len(file.data))


def rendition_row(image_id: str, variant: str, file: StoredFile) -> RenditionRow:
    """The row of one variant. Its bytes must be stored already."""
    return RenditionRow(
        image_id=image_id,
        variant=variant,
        digest=file.digest,
        media_type=file.media_type,
        width=file.width,
        height=file.height,
        size_bytes=file.size_bytes,
    )


async def add_film(tx: Transaction, image_id: str, film: StoredFile) -> None:
    """Put the film of a picture's making beside it. Its bytes must be stored already. A picture that is gone meanwhile gets none."""
    row = await tx.get(ImageRow, image_id, for_update=True)
    if row is None or row.deleted_at is not None or row.has_film:
        return
    row.has_film = True
    tx.add(row)
    tx.add(rendition_row(image_id, FILM, film))


async def hanging_rendition(reader: Reader, image_id: str, variant: str) -> StoredBytes:
    """Where the bytes of one variant are, of a picture that hangs. Asks for nobody's right, as `hanging_by_id`; raises as `rendition_for`."""
    return await _rendition_where(reader, image_id, variant, col(ImageRow.deleted_at).is_(None))


async def rendition_for(reader: Reader, viewer: Actor | None, image_id: str, variant: str, *, in_trash: bool = False) -> StoredBytes:
    """Where the bytes of one variant are; of a picture smaller than the variant, its largest one. With `in_trash` of what the viewer
    has in the trash, and of nothing else.

    Raises `NotFound` as `image_for`, and for the film of a picture that has none.
    """
    return await _rendition_where(reader, image_id, variant, in_trash_of(viewer) if in_trash else visible_to(viewer))


async def rendition_to_cut(reader: Reader, image_id: str, variant: str) -> str | None:
    """The digest of one variant of a picture that still hangs and has no film. Not for anybody's eyes: this asks for no viewer."""
    joined = select(col(RenditionRow.digest)).join(ImageRow, col(RenditionRow.image_id) == col(ImageRow.id))
    hangs = (col(ImageRow.deleted_at).is_(None), col(ImageRow.has_film).is_(False))
    statement = joined.where(col(RenditionRow.image_id) == image_id, col(RenditionRow.variant) == variant, *hangs)
    return (await reader.exec(statement)).scalar_one_or_none()


def stored_of(image: ImageRow, file: ImageRow | RenditionRow) -> StoredBytes:
    """Where the bytes of one variant of a picture are."""
    return StoredBytes(
        digest=file.digest,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        width=file.width,
        height=file.height,
        is_public=image.visibility == "public",
        title=clip(clean_line(image.title or image.prompt), TITLE_MAX),
    )


async def _rendition_where(reader: Reader, image_id: str, variant: str, allowed: ColumnElement[bool]) -> StoredBytes:
    if not is_id(image_id) or variant not in VARIANTS:
        raise NotFound
    joined = select(ImageRow, RenditionRow).outerjoin(RenditionRow, and_(col(RenditionRow.image_id) == col(ImageRow.id)))
    found = (await reader.exec(joined.where(col(ImageRow.id) == image_id, allowed))).all()
    if not found:
        raise NotFound
    image: ImageRow = found[0].ImageRow
    by_variant: dict[str, RenditionRow] = {row.RenditionRow.variant: row.RenditionRow for row in found if row.RenditionRow is not None}
    film, renditions = by_variant.pop(FILM, None), list(by_variant.values())
    if variant == FILM:
        if film is None:
            raise NotFound
        return stored_of(image, film)
    if variant == "original" or not renditions:
        return stored_of(image, image)
    return stored_of(image, by_variant.get(variant) or max(renditions, key=lambda r: r.width * r.height))
