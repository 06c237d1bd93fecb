"""Materials: what a drawing is given beside the words, a picture to go by and a mask of it, as the bytes its model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixelstudio.core import limits
from pixelstudio.core.ids import UserId
from pixelstudio.features.images.sources import files_to_go_by
from pixelstudio.features.images.uploads import upload_to_use
from pixelstudio.imaging.stencils import mask_in_form
from pixelstudio.jobs.errors import GiveUp

if TYPE_CHECKING:
    from pixelstudio.features.generation.tables import GenerationRow
    from pixelstudio.features.images.renditions import StoredFile
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class Materials:
    """`reference` is the largest rendition that every provider takes; `mask` is as large, in the form of the model."""

    reference: bytes | None = None
    mask: bytes | None = None


async def materials_for(studio: Studio, generation: GenerationRow) -> Materials:
    """What the set was asked for with. Raises `GiveUp` when a part of it was thrown away meanwhile: it is never drawn without."""
    if not generation.reference_id:
        return Materials()
    owner_id, mask = UserId(generation.account_id), None
    async with studio.db.reader() as reader:
        files = await files_to_go_by(reader, generation.reference_id, owner_id)
        if generation.mask_id:
            mask = await upload_to_use(reader, "mask", generation.mask_id, owner_id, generation.reference_id)
    fitting = next((file for file in files if file.size_bytes <= limits.REFERENCE_MAX_BYTES), None)
    if fitting is None:
        raise GiveUp("The picture to go by was thrown away meanwhile. Choose another one.", code="reference_gone")
    if generation.mask_id and mask is None:
        raise GiveUp("The mask is gone meanwhile. Paint it anew.", code="mask_gone")
    reference = await studio.storage.get(fitting.digest)
    return Materials(reference, await _fitted(studio, generation, mask, fitting) if mask else None)


async def _fitted(studio: Studio, generation: GenerationRow, mask: StoredFile, picture: StoredFile) -> bytes:
    form = studio.providers.model(generation.model).mask_form
    return await mask_in_form(studio.children, await studio.storage.get(mask.digest), form, picture.width, picture.height)
