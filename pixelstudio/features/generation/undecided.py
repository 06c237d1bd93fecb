"""Pictures nobody can say the end of: which they are and what they hold, for whoever looks after the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.ids import GenerationId
from pixelstudio.features.generation.jobs import RENDER
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.jobs.unknown import decide, unknown_jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.jobs.job import Job
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class Undecided:
    """One call to a provider whose answer never came: when, for which set and model, how many pictures, how many credits are held."""

    set_id: GenerationId
    model: str
    since: datetime
    pictures: int
    credits_held: int
    job: Job


async def undecided(reader: Reader, set_ids: Sequence[str] = ()) -> list[Undecided]:
    """All of them, oldest first, or those of the sets named."""
    unknown = await unknown_jobs(reader)
    named = {each.job.params["generation_id"] for each in unknown if each.job.kind == RENDER}
    sets = {row.id: row for row in (await reader.exec(select(GenerationRow).where(col(GenerationRow.id).in_(named)))).scalars()}
    listed: list[Undecided] = []
    for each in unknown:
        row = sets.get(each.job.params.get("generation_id"))
        if row is not None and (not set_ids or row.id in set_ids):
            pictures = len(each.job.params["slots"])
            since = datetime.fromtimestamp(each.since, UTC)
            listed.append(Undecided(GenerationId(row.id), row.model, since, pictures, pictures * row.price_credits_each, each.job))
    return listed


async def give_back(studio: Studio, calls: Sequence[Undecided]) -> int:
    """Count these as not drawn, and return what they hold. Returns how many were still undecided."""
    return await decide(studio.db, studio.kinds, [call.job for call in calls])
