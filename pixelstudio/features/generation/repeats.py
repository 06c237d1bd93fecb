"""Repeats: a picture that costs something and is wanted a second time, seed and all, is drawn and charged once.

Only where the seed decides the picture and was chosen, not thrown: pressing Generate again with another seed, or with none, means another
picture. What is free is drawn again: watching it is half of it, and nobody pays. See decision 22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import ImageId, UserId
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.pictures import is_hanging
from pixelstudio.features.images.visibility import shows_picture
from pixelstudio.jobs import cache

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.core.ids import JobId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.requests import GenerationRequest
    from pixelstudio.jobs.job import Job
    from pixelstudio.providers.contract import ImageModel


# What decides a picture besides its seed.
_DECISIVE: Final = ("model", "prompt", "negative_prompt", "width", "height", "steps", "guidance", "reference_id", "mask_id", "strength")


async def drawn_before(
    reader: Reader, row: GenerationRow, model: ImageModel, request: GenerationRequest, seeds: Mapping[int, int]
) -> dict[int, JobId]:
    """By slot, the job that draws the very same picture for the same person, or has drawn it lately."""
    if request.anew or request.seed is None or not _is_worth_it(model):
        return {}
    keys = {slot: _key(row, seed) for slot, seed in seeds.items()}
    found = await cache.jobs_for(reader, keys.values())
    return {slot: found[key] for slot, key in keys.items() if key in found}


async def count_kept(reader: Reader, jobs: Iterable[JobId], by: Actor) -> int:
    """For how many of these jobs the picture is under way, or came and is kept by this person: what was thrown away is drawn after all."""
    wanted, outcome, picture = sorted(jobs), col(GenerationSlotRow.outcome), col(GenerationSlotRow.image_id)
    kept = select(func.count()).where(col(GenerationSlotRow.job_id).in_(wanted), or_(outcome.is_(None), shows_picture(by, picture)))
    return int((await reader.exec(kept)).scalar_one()) if wanted else 0


async def remember(tx: Transaction, row: GenerationRow, model: ImageModel, drawn: Mapping[int, JobId]) -> None:
    """From now on these jobs (by seed) stand for their pictures."""
    if _is_worth_it(model):
        await cache.remember(tx, {_key(row, seed): job_id for seed, job_id in drawn.items()}, limits.SAME_PICTURE_S)


async def picture_drawn_before(reader: Reader, job: Job, account_id: str) -> ImageId | None:
    """The picture this job repeats, if it came and its owner still keeps it; None when it has to be drawn after all."""
    statement = (
        select(col(GenerationSlotRow.image_id))
        .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
        .where(col(GenerationSlotRow.job_id) == job.params.get("same_as"), col(GenerationRow.account_id) == account_id)
    )
    image_id: str | None = (await reader.exec(statement)).scalars().first()
    if image_id is None or not await is_hanging(reader, ImageId(image_id)):
        return None
    return ImageId(image_id)


def _is_worth_it(model: ImageModel) -> bool:
    """The same words and seed give the same picture of this model, and it costs something to draw it again."""
    return model.supports_seed and model.images_per_call == 1 and model.price_credits > 0


def _key(row: GenerationRow, seed: int) -> str:
    asked = {name: getattr(row, name) for name in _DECISIVE}
    return cache.key_of(UserId(row.account_id), {**asked, "seed": seed})
