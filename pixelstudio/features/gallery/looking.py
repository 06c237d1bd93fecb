"""Looking at pictures from before there were looks, a few at a time, so that they too are found by colour, by likeness and as copies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.features.gallery.posts import tags_of
from pixelstudio.features.gallery.signs import sign
from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.images.copies import keep_look, unseen
from pixelstudio.features.images.pictures import drawn
from pixelstudio.imaging.children import ChildDied, ChildLimit, TaskFailed
from pixelstudio.imaging.fingerprints import FLAT
from pixelstudio.imaging.looks import BLANK
from pixelstudio.imaging.reading import look_into
from pixelstudio.imaging.refusal import Refused

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.studio import Studio

AT_ONCE: Final = 20
FOR_S: Final = 20.0
"""A turn of upkeep looks for so long at most; what is left waits for the next one."""


async def look_at_older(studio: Studio) -> int:
    """Upkeep: look at pictures that were hung before there were looks, and let their posts be found by it; returns how many. Safe to repeat."""
    loop, seen = asyncio.get_running_loop(), 0
    until = loop.time() + FOR_S
    while loop.time() < until:
        async with studio.db.reader() as reader:
            waiting = await unseen(reader, AT_ONCE)
        for image_id, digest in waiting:
            bits, look = await _looked_at(studio, digest)
            async with studio.db.transaction() as tx:
                await keep_look(tx, image_id, bits, look)
                await _sign_anew(tx, image_id, look)
        seen += len(waiting)
        if len(waiting) < AT_ONCE:
            break
    return seen


async def _looked_at(studio: Studio, digest: str) -> tuple[int, bytes]:
    """What stored bytes look like; `FLAT` and `BLANK`, so that nobody asks again, for those that cannot be looked at.

    Raises `ChildDied` when no child can be started: that is no fault of theirs, and they wait for another turn.
    """
    try:
        looked = await look_into(studio.children, await studio.storage.get(digest))
    except (NotFound, Refused, ChildDied, ChildLimit, TaskFailed) as error:  # its bytes are lost, broken, or too much
        if error.code == "child_not_started":
            raise
        return FLAT, BLANK
    return looked.fingerprint, looked.look


async def _sign_anew(tx: Transaction, image_id: str, look: bytes) -> None:
    row = (await tx.exec(select(PostRow).where(col(PostRow.image_id) == image_id).with_for_update(key_share=True))).scalar_one_or_none()
    image = await drawn(tx, image_id)
    if row is not None and row.is_listed and image is not None:
        tags = (await tags_of(tx, [image_id])).get(image_id, ())
        await sign(tx, row, image, tags, look)
