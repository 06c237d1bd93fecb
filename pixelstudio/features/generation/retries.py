"""Retries: what a job did not bring is asked for again, as a new set with the same seeds; priced and held like any other, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.core.errors import Conflict
from pixelstudio.features.generation.generations import job_of_slot, submit
from pixelstudio.features.generation.overlays import lay_over
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.providers.contract import STRENGTH_USUAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.features.generation.waits import Outlook
    from pixelstudio.studio import Studio


async def retry(
    tx: Transaction,
    studio: Studio,
    generation_id: str,
    slot: int,
    *,
    by: Actor,
    quote_shown: int | None = None,
    wait_shown: Outlook | None = None,
) -> SetView:
    """Ask again for what the job of this slot did not bring; what was shown is treated as by `submit`.

    Raises `NotFound` for everybody else, `Conflict` when nothing is missing or it was asked for again, and whatever `submit` raises.
    """
    job_id = await job_of_slot(tx, by, generation_id, slot)
    missing = await _missing(tx, generation_id, job_id)
    row = await tx.get(GenerationRow, generation_id)
    if not missing or row is None:
        raise _nothing_to_retry()
    if row.overlay is not None:
        asked = await lay_over(tx, studio, row.parent_id, Overlay.from_json(row.overlay), by=by)
    else:
        asked = await submit(tx, studio, _request_again(studio, row, missing), by, quote_shown, wait_shown)
    await _mark(tx, missing, asked.id)
    return asked


async def _missing(tx: Transaction, generation_id: str, job_id: int) -> list[GenerationSlotRow]:
    statement = select(GenerationSlotRow).where(
        col(GenerationSlotRow.generation_id) == generation_id,
        col(GenerationSlotRow.job_id) == job_id,
        col(GenerationSlotRow.outcome).in_(["failed", "cancelled"]),
        col(GenerationSlotRow.retried_in).is_(None),
    )
    return list((await tx.exec(statement.order_by(col(GenerationSlotRow.slot)))).scalars())


def _request_again(studio: Studio, row: GenerationRow, missing: Sequence[GenerationSlotRow]) -> GenerationRequest:
    words, style = parted(row.prompt)
    return GenerationRequest(
        prompt=words,
        style=style.id,
        model=row.model,
        width=row.width,
        height=row.height,
        count=len(missing),
        negative_prompt=row.negative_prompt,
        steps=row.steps,
        guidance=row.guidance,
        reference=row.reference_id,
        mask=row.mask_id,
        parent=row.parent_id,
        strength=STRENGTH_USUAL if row.strength is None else row.strength,
        seed=missing[0].seed if studio.providers.model(row.model).supports_seed else None,
    )


async def _mark(tx: Transaction, missing: Sequence[GenerationSlotRow], generation_id: str) -> None:
    """Makes it once: of two presses the second finds the mark, and its whole transaction is undone."""
    slots = [slot.slot for slot in missing]
    statement = update(GenerationSlotRow).where(
        col(GenerationSlotRow.generation_id) == missing[0].generation_id,
        col(GenerationSlotRow.slot).in_(slots),
        col(GenerationSlotRow.retried_in).is_(None),
    )
    marked = await tx.exec(statement.values(retried_in=generation_id).returning(col(GenerationSlotRow.slot)))
    if len(marked.all()) != len(slots):
        raise _nothing_to_retry()


def _nothing_to_retry() -> Conflict:
    return Conflict("Nothing is missing here, or it was asked for again already.", code="nothing_to_retry")
