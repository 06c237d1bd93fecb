"""Forgetting: what a crash stored half, or for nobody, goes after a day, deleted pictures after their days of grace or when told so.

Of a deleted picture first go the bytes, unless another picture names the same ones, then the rows: killed half way, the rows are still
there and the next round goes on.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select, union
from sqlmodel import col

from pixelstudio.features.images.tables import ImageRow, RenditionRow, UploadRow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from pixelstudio.db.transaction import Reader
    from pixelstudio.studio import Studio

AT_ONCE = 50
LISTED_AT_ONCE = 500
LATELY_S = 60 * 60
FORGOTTEN_KEEP = timedelta(seconds=2 * LATELY_S)
"""So long that bytes which were still stored lately by then are those of somebody who is about to name them, not the picture's own."""
SCRAPS_KEEP_S = 24 * 60 * 60
"""Longer than anything is ever being written, and room for clocks that disagree."""


async def forget_deleted(studio: Studio) -> int:
    """Upkeep: forget up to `AT_ONCE` pictures that lay in the trash as long as the settings keep them, or were deleted for ever.

    Returns how many. Safe to repeat.
    """
    keep = timedelta(days=studio.settings.deleted_pictures_keep_days)
    async with studio.db.reader() as reader:
        is_due = or_(col(ImageRow.deleted_at) <= reader.now - keep, col(ImageRow.forgotten_at) <= reader.now - FORGOTTEN_KEEP)
        due = select(col(ImageRow.id)).where(is_due).order_by(col(ImageRow.deleted_at))
        image_ids = list((await reader.exec(due.limit(AT_ONCE))).scalars())
    await forget_pictures(studio, image_ids)
    return len(image_ids)


async def forget_pictures(studio: Studio, image_ids: Collection[str]) -> None:
    """Of these deleted pictures first the bytes go, unless another picture names the same ones, then the rows. Safe to repeat."""
    async with studio.db.reader() as reader:
        digests = await _digests_of(reader, image_ids)
    for digest in digests:
        async with studio.db.reader() as reader:
            is_needed = await _is_named_elsewhere(reader, digest, image_ids)
        if not is_needed and not await _was_stored_lately(studio, digest):
            await studio.storage.delete(digest)
    async with studio.db.transaction() as tx:
        await tx.exec(delete(RenditionRow).where(col(RenditionRow.image_id).in_(image_ids)))
        await tx.exec(delete(ImageRow).where(col(ImageRow.id).in_(image_ids)))


async def sweep_scraps(studio: Studio) -> int:
    """Upkeep: remove what a killed process left half stored a day ago or earlier; returns how many. Safe to repeat."""
    return await studio.storage.sweep(studio.clock.epoch() - SCRAPS_KEEP_S)


async def collect_orphans(studio: Studio) -> int:
    """Upkeep: remove whole files that no row names and nobody has put for a day; returns how many. Safe to repeat.

    They are left by a crash between the bytes and the rows, and by a set that ended when it was half stored. Whoever puts the same bytes
    again renews the file's time, so nothing goes that is about to be named.
    """
    gone = 0
    async for digests in _listed(studio):
        async with studio.db.reader() as reader:
            orphans = digests - await _named(reader, digests)
        for digest in sorted(orphans):
            if not await _was_stored_lately(studio, digest, SCRAPS_KEEP_S):
                await studio.storage.delete(digest)
                gone += 1
    return gone


async def _listed(studio: Studio) -> AsyncGenerator[set[str]]:
    """Every key that is a file, some at a time; a storage without files knows no times, and nothing is collected there."""
    digests: set[str] = set()
    async for digest in studio.storage.digests():
        if studio.storage.path(digest) is not None:
            digests.add(digest)
        if len(digests) == LISTED_AT_ONCE:
            yield digests
            digests = set()
    if digests:
        yield digests


async def _named(reader: Reader, digests: Collection[str]) -> set[str]:
    columns = (col(ImageRow.digest), col(RenditionRow.digest), col(UploadRow.digest))
    names = (select(column).where(column.in_(digests)) for column in columns)
    return set((await reader.exec(union(*names))).scalars())


async def _was_stored_lately(studio: Studio, digest: str, within_s: float = LATELY_S) -> bool:
    """Whether somebody put the same bytes a while ago and may be about to name them: the storage renews a file's time at every put."""
    path = studio.storage.path(digest)
    if path is None or not await asyncio.to_thread(path.is_file):
        return False
    stored_at = (await asyncio.to_thread(path.stat)).st_mtime
    return studio.clock.epoch() - stored_at < within_s


async def _digests_of(reader: Reader, image_ids: Collection[str]) -> list[str]:
    originals = select(col(ImageRow.digest)).where(col(ImageRow.id).in_(image_ids))
    renditions = select(col(RenditionRow.digest)).where(col(RenditionRow.image_id).in_(image_ids))
    return list((await reader.exec(union(originals, renditions))).scalars())


async def _is_named_elsewhere(reader: Reader, digest: str, image_ids: Collection[str]) -> bool:
    by_original = exists().where(col(ImageRow.digest) == digest, col(ImageRow.id).not_in(image_ids))
    by_rendition = exists().where(col(RenditionRow.digest) == digest, col(RenditionRow.image_id).not_in(image_ids))
    by_upload = exists().where(col(UploadRow.digest) == digest)
    return bool((await reader.exec(select(or_(by_original, by_rendition, by_upload)))).scalar_one())
