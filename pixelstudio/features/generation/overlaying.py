"""Laying text or a logo over a picture: what the job of an overlay does in place of a drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import UserId
from pixelstudio.features.images.sources import files_to_go_by, original_to_use
from pixelstudio.features.images.uploads import upload_to_use
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.imaging.overprint import print_over
from pixelstudio.imaging.recipe import Recipe, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.generation.tables import GenerationRow
    from pixelstudio.features.images.renditions import StoredFile
    from pixelstudio.studio import Studio


async def overlaid(studio: Studio, generation: GenerationRow, kept: Mapping[str, Any]) -> tuple[bytes, Recipe]:
    """The parent with the overlay that was asked for, and its recipe: the parent's, and what was laid over it.

    Raises `Invalid` when the picture or the logo is gone or at fault, and what the pool raises when its child cannot cope.
    """
    overlay, owner_id = Overlay.from_json(kept), UserId(generation.account_id)
    async with studio.db.reader() as reader:
        original = await original_to_use(reader, generation.parent_id, owner_id)
        logo = await file_of_logo(reader, overlay.logo, owner_id) if overlay.logo else None
    if original is None:
        raise Invalid("The picture was thrown away meanwhile. Nothing was laid over it.", code="picture_gone")
    if overlay.logo and logo is None:
        raise Invalid("The logo was thrown away meanwhile. Choose another one.", code="logo_gone")
    picture = await studio.storage.get(original.digest)
    stamp = await studio.storage.get(logo.digest) if logo else None
    printed = await print_over(studio.children, picture, overlay, stamp)
    return printed, replace(_recipe(generation, read(picture)), overlay=overlay, content="", signer="", signature="")


async def file_of_logo(reader: Reader, logo_id: str, owner_id: UserId) -> StoredFile | None:
    """A logo its owner brought, or the largest rendition of a picture of theirs; None when it is gone, or never was theirs."""
    brought = await upload_to_use(reader, "logo", logo_id, owner_id)
    return brought or next(iter(await files_to_go_by(reader, logo_id, owner_id)), None)


def _recipe(generation: GenerationRow, inside: Recipe | None) -> Recipe:
    """What the parent's file says of itself; of one that carries nothing, what its row says."""
    return inside or Recipe(
        prompt=generation.prompt,
        negative_prompt=generation.negative_prompt,
        model=generation.model,
        provider="",
        seed=generation.seed,
        width=generation.width,
        height=generation.height,
        created_at=generation.created_at,
    )
