"""Descent: which picture a set was made from, and which sets were made from a picture. Ids alone: who may see what, others ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.ids import GenerationId
from pixelstudio.features.generation.tables import GenerationRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader


async def parent_of(reader: Reader, generation_id: str) -> str:
    """The picture a set was made from; "" where there is none."""
    named = select(col(GenerationRow.parent_id)).where(col(GenerationRow.id) == generation_id)
    return (await reader.exec(named)).scalar_one_or_none() or ""


async def made_from(reader: Reader, image_id: str, limit: int) -> list[GenerationId]:
    """The sets made from a picture, the latest first; `image_id` is the id of one that is there."""
    children = select(col(GenerationRow.id)).where(col(GenerationRow.parent_id) == image_id, col(GenerationRow.parent_id) != "")
    latest = children.order_by(col(GenerationRow.created_at).desc(), col(GenerationRow.id).desc()).limit(limit)
    return [GenerationId(row_id) for row_id in (await reader.exec(latest)).scalars()]
