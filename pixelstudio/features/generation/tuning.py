"""How sets were tuned: what was chosen of their models' own settings. Who may know of a picture gone by, others ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.generation.views import Tuning

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader


async def tuning_of(reader: Reader, generation_id: str) -> Tuning:
    """How a set was tuned; of none that is there, nothing was. Not for anybody's eyes: this asks for no viewer."""
    row: GenerationRow | None = (
        await reader.exec(select(GenerationRow).where(col(GenerationRow.id) == generation_id))
    ).scalar_one_or_none()
    return Tuning() if row is None else tuning_in(row)


def tuning_in(row: GenerationRow) -> Tuning:
    """The same of a row at hand."""
    return Tuning(row.steps, row.guidance, row.reference_id, row.strength if row.reference_id else None, row.mask_id)
