"""Throwing one of one's own pictures away where a page shows it, and what is said of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.features.images import curation
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui import formats

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def thrown_away(tx: Transaction, image_id: str, *, by: Actor) -> str:
    """Put it into the trash; the sentence names it, for by then the next picture stands there. Raises NotFound where it is no own one on the wall."""
    seen = await images_by_id(tx, by, [image_id])
    await curation.throw_away(tx, image_id, by=by)
    return (
        f"{formats.called(seen[image_id].title or seen[image_id].prompt)} is in the trash." if image_id in seen else "Moved to the trash."
    )
