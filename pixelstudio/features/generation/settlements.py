"""Settlements: what becomes of slots, credits and the set in the transaction in which a drawing's job ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core.ids import GenerationId, ImageId, UserId
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.conduct.strikes import conduct_of
from pixelstudio.features.credits import ledger
from pixelstudio.features.generation.events import GenerationEnded, PictureDrawn, SlotEnded, SlotUnknown
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.features.images.pictures import Origin, hang, hang_copy, take_after
from pixelstudio.jobs.errors import RetryLater
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Unknown

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.generation.tables import GenerationRow
    from pixelstudio.features.images.pictures import Portrait
    from pixelstudio.jobs.kind import Outcome

_SENTENCE_MAX: Final = 500
_MISSING: Final = "The model returned fewer pictures than asked for."


def hold_key(generation_id: str, slot: int) -> str:
    """The ledger's key of one slot: what is held under it is captured or released, once."""
    return f"{generation_id}:{slot}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a job by slot, their bytes stored."""

    portraits: dict[int, Portrait]
    same_as: ImageId | None = None
    """The very picture, which its owner had before: nothing was drawn."""


async def settle(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, outcome: Outcome, called_off: str = "") -> None:
    """Settle one open slot of a locked set. `called_off` says where it was stopped when it is cancelled after it was sent."""
    match outcome:
        case Done(Drawn(portraits=portraits)) if slot.slot in portraits:
            image_id = await hang(tx, await _origin(tx, generation, slot), portraits[slot.slot])
            if generation.overlay is not None:
                await take_after(tx, image_id, generation.parent_id)
            await _deliver(tx, generation, slot, image_id)
            await ledger.capture(tx, hold_key(generation.id, slot.slot))
        case Done(Drawn(same_as=str() as drawn_before)):
            await _deliver(tx, generation, slot, await _copied(tx, generation, slot, ImageId(drawn_before)))
            slot.is_copy = True
            await ledger.release(tx, hold_key(generation.id, slot.slot))
        case Done():
            await _give_back(tx, generation, slot, "failed", _MISSING)
        case Failed(_, sentence):
            await _give_back(tx, generation, slot, "failed", sentence)
        case Cancelled():
            await _give_back(tx, generation, slot, "cancelled", called_off)
        case Unknown():  # the slot stays open and its credits held; where it stands is in the queue
            await tx.publish(SlotUnknown(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot))


async def _copied(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, drawn_before: ImageId) -> ImageId:
    image_id = await hang_copy(tx, await _origin(tx, generation, slot), drawn_before)
    if image_id is None:  # thrown away in this very moment: the next try draws it
        raise RetryLater("The picture this one is the same as was thrown away meanwhile. It is drawn anew.", "copy_gone", after_s=0.0)
    return image_id


async def _origin(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow) -> Origin:
    return Origin(
        owner_id=UserId(generation.account_id),
        generation_id=GenerationId(generation.id),
        slot=slot.slot,
        model=generation.model,
        prompt=generation.prompt,
        negative_prompt=generation.negative_prompt,
        seed=slot.seed,
        asked_at=generation.created_at,
        is_public=await shows_new_ones(tx, UserId(generation.account_id)),
    )


async def shows_new_ones(tx: Transaction, account_id: UserId) -> bool:
    """Whether its owner shows new pictures to everybody, and may."""
    chosen = await preferences_of(tx, account_id)
    return chosen.visibility == "public" and (await conduct_of(tx, account_id)).paused_until is None


async def _deliver(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, image_id: ImageId) -> None:
    slot.image_id = image_id
    slot.outcome = "done"
    slot.sentence = ""
    tx.add(slot)
    fact = PictureDrawn(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot, image_id=image_id)
    await tx.publish(fact)


async def _give_back(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, outcome: str, sentence: str) -> None:
    slot.outcome = outcome
    slot.sentence = sentence[:_SENTENCE_MAX]
    tx.add(slot)
    await ledger.release(tx, hold_key(generation.id, slot.slot))
    await tx.publish(SlotEnded(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot, outcome=outcome))


async def close_when_last(tx: Transaction, generation: GenerationRow) -> None:
    """Close the set when none of its slots is open. Its row is locked, so of two slots ending at once one sees the other."""
    outcome = col(GenerationSlotRow.outcome)
    counts = select(
        func.count().filter(outcome.is_(None)).label("open"),
        func.count().filter(outcome == "done").label("pictures"),
        func.count().filter(outcome == "done", col(GenerationSlotRow.is_copy).is_(False)).label("charged"),
    ).where(col(GenerationSlotRow.generation_id) == generation.id)
    found = (await tx.exec(counts)).one()
    if found.open or generation.ended_at is not None:
        return
    generation.ended_at = tx.now
    tx.add(generation)
    each = generation.price_credits_each
    fact = GenerationEnded(
        generation_id=generation.id,
        account_id=generation.account_id,
        pictures=found.pictures,
        credits_used=each * found.charged,
        credits_returned=each * (generation.count - found.charged),
    )
    await tx.publish(fact)
