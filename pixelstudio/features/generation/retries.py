"""Retries: what a job or a whole set did not bring is asked for again, as one new set with the same seeds; priced and held like any other, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.core.errors import Conflict, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.generation.events import AskedAgain
from pixelstudio.features.generation.generations import job_of_slot, submit
from pixelstudio.features.generation.overlays import lay_over
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.shortfalls import MISSING
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.providers.contract import STRENGTH_USUAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader, Transaction
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
    missing = [one for one in await _missing(tx, generation_id) if one.job_id == job_id]
    return await _ask_again(tx, studio, await _own(tx, by, generation_id), missing, by, quote_shown, wait_shown)


async def retry_set(tx: Transaction, studio: Studio, generation_id: str, *, by: Actor, quote_shown: int | None = None) -> SetView:
    """Ask again for everything a set did not bring so far; raises as `retry` does.

    What came stays where it is, what is on its way goes on, and what nobody can say the end of is left until that is decided.
    """
    row = await _own(tx, by, generation_id)
    return await _ask_again(tx, studio, row, await _missing(tx, row.id), by, quote_shown, None)


async def _ask_again(
    tx: Transaction,
    studio: Studio,
    row: GenerationRow,
    missing: Sequence[GenerationSlotRow],
    by: Actor,
    quote_shown: int | None,
    wait_shown: Outlook | None,
) -> SetView:
    if not missing:
        raise _nothing_to_retry()
    if row.overlay is not None:
        asked = await lay_over(tx, studio, row.parent_id, Overlay.from_json(row.overlay), by=by)
    else:
        asked = await submit(tx, studio, _request_again(studio, row, missing), by, quote_shown, wait_shown)
    await _mark(tx, missing, asked.id)
    await tx.publish(AskedAgain(generation_id=row.id, account_id=by.id))
    return asked


async def _own(reader: Reader, by: Actor, generation_id: str) -> GenerationRow:
    row = await reader.get(GenerationRow, generation_id) if is_id(generation_id) else None
    if row is None or row.account_id != by.id:
        raise NotFound
    return row


async def _missing(reader: Reader, generation_id: str) -> list[GenerationSlotRow]:
    statement = select(GenerationSlotRow).where(
        col(GenerationSlotRow.generation_id) == generation_id,
        col(GenerationSlotRow.outcome).in_(MISSING),
        col(GenerationSlotRow.retried_in).is_(None),
    )
    return list((await reader.exec(statement.order_by(col(GenerationSlotRow.slot)))).scalars())


def _request_again(studio: Studio, row: GenerationRow, missing: Sequence[GenerationSlotRow]) -> GenerationRequest:
    words, style = parted(row.prompt)
    seeds = tuple(slot.seed for slot in missing) if studio.providers.model(row.model).supports_seed else ()
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
        seed=seeds[0] if seeds else None,
        seeds=seeds,
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
