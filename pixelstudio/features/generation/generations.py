"""Generations: quote, submit, cancel; and how one's own sets stand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound, TooMany
from pixelstudio.core.ids import GenerationId, is_id, new_id
from pixelstudio.db.questions import Question, told
from pixelstudio.features.credits import ledger
from pixelstudio.features.generation import repeats
from pixelstudio.features.generation.events import GenerationQueued
from pixelstudio.features.generation.forecasts import foretell
from pixelstudio.features.generation.jobs import RENDER
from pixelstudio.features.generation.requests import GenerationRequest, Quote, calls_for, checked, quote_for, share_of
from pixelstudio.features.generation.settlements import hold_key
from pixelstudio.features.generation.spending import ensure_allowed
from pixelstudio.features.generation.standing import just_submitted
from pixelstudio.features.generation.tables import NO_SEED, GenerationRow, GenerationSlotRow
from pixelstudio.features.generation.trial import refuse_beyond_trial
from pixelstudio.features.images.pictures import ensure_own, images_by_id
from pixelstudio.features.images.uploads import upload_to_use
from pixelstudio.jobs import queue
from pixelstudio.jobs.dependencies import After, OnFailure
from pixelstudio.jobs.fairness import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pixelstudio.core.ids import JobId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.features.generation.waits import Outlook
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

COME_BACK_S = 30.0
FULL_COME_BACK_S = 60.0
AFTER_MEMBERS = Priority.LAST
"""The priority of guests: however many there are, no member waits for them."""
GUEST_WEIGHT = 0.5
"""Should one ever stand in a class with members, half a member's share."""
_ON_THEIR_WAY: Final = Question(
    select(func.count().label("pictures"))
    .select_from(GenerationSlotRow)
    .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
    .where(
        col(GenerationRow.account_id) == told("account_id"),
        col(GenerationRow.ended_at).is_(None),
        col(GenerationSlotRow.outcome).is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """How a set's jobs stand in line: the class they wait in, and their owner's weight there."""

    priority: Priority
    weight: float

    @classmethod
    def of(cls, by: Actor, priority: Priority) -> Self:
        return cls(AFTER_MEMBERS, GUEST_WEIGHT) if by.is_guest else cls(priority, 1.0)


def quote(studio: Studio, request: GenerationRequest) -> Quote:
    """What the request costs; raises `Invalid` as `submit` would."""
    return quote_for(*checked(request, studio.providers))


async def repeated(reader: Reader, studio: Studio, request: GenerationRequest, by: Actor) -> int:
    """How many of the pictures asked for this person has already, or waits for: unless drawn anew they come at no charge.

    Raises `Invalid` as `submit` would.
    """
    if request.seed is None:
        return 0
    clean, model = checked(replace(request, anew=False), studio.providers, request.seed)
    row = _row(clean, model, by, reader.now, request.seed, "")
    before = await repeats.drawn_before(reader, row, model, clean, _seeds(row, model, clean))
    return await repeats.count_kept(reader, before.values(), by)


async def submit(
    tx: Transaction,
    studio: Studio,
    request: GenerationRequest,
    by: Actor,
    quote_shown: int | None = None,
    wait_shown: Outlook | None = None,
    priority: Priority = Priority.INTERACTIVE,
) -> SetView:
    """Check, price, hold the credits, write the set and put its jobs into the queue: all in this one commit, or nothing.

    `quote_shown` is the total the person saw, `wait_shown` what the wait they saw was reckoned from: it is kept and judged. Choices in the
    words are decided by the seed, and what is kept is how they came out. `priority` is a member's; guests wait behind all. Raises `Invalid`, `NotFound` for a picture to go by that is not one's own,
    `Conflict` when the price is another one, `TooMany`, `NotEnoughCredits`, `Unavailable` when its provider may have no more this month.
    """
    chance = secrets.randbelow(limits.SEED_MAX + 1) if request.seed is None else request.seed
    clean, model = checked(request, studio.providers, chance)
    if clean.reference:
        await ensure_own(tx, clean.reference, by)
    if clean.mask and await upload_to_use(tx, "mask", clean.mask, by.id, clean.reference) is None:
        raise Invalid("This mask is gone, or was painted for another picture. Paint it anew.", code="mask_gone", field="mask")
    price = quote_for(clean, model)
    if quote_shown is not None and quote_shown != price.total:
        raise Conflict(f"The price has changed to {price.total} credits. Look at it and press again.", code="price_changed", field="count")
    await ensure_allowed(tx, studio, model, price)
    if by.is_guest:
        await refuse_beyond_trial(tx, clean, model, by=by)
    await refuse_flood(tx, studio, by, clean.count)
    row = _row(clean, model, by, tx.now, chance, await _parent(tx, clean, by))
    slots = range(clean.count)
    await ledger.hold(tx, by.id, price.each, keys=[hold_key(row.id, slot) for slot in slots], generation_id=GenerationId(row.id))
    tx.add(row)
    await tx.flush()
    seeds = _seeds(row, model, clean)
    before = await repeats.drawn_before(tx, row, model, clean, seeds)
    slot_rows = await _enqueue(tx, studio, row, model, seeds, _Turn.of(by, priority), before)
    if wait_shown is not None:
        await foretell(tx, row, model, wait_shown)
    await tx.publish(GenerationQueued(generation_id=row.id, account_id=by.id, count=row.count))
    return just_submitted(row, slot_rows, model, before)


async def cancel(tx: Transaction, studio: Studio, generation_id: str, by: Actor) -> int:
    """Call off what has not ended of an own set; returns how many jobs. Their credits are given back.

    What a provider draws already is asked to stop where it can be, and given back once it has; otherwise it is drawn to its end, and charged
    when it comes.
    """
    if not is_id(generation_id):
        raise NotFound
    own = select(col(GenerationRow.id)).where(col(GenerationRow.id) == generation_id, col(GenerationRow.account_id) == by.id)
    if (await tx.exec(own)).first() is None:
        raise NotFound
    open_slots = select(col(GenerationSlotRow.job_id)).where(
        col(GenerationSlotRow.generation_id) == generation_id, col(GenerationSlotRow.outcome).is_(None)
    )
    return await queue.cancel(tx, (await tx.exec(open_slots)).scalars().all(), studio.kinds)


async def job_of_slot(reader: Reader, by: Actor, generation_id: str, slot: int) -> JobId:
    """The job that draws one slot of an own set; raises `NotFound` for everybody else."""
    if not is_id(generation_id) or not 0 <= slot < limits.IMAGES_MAX:
        raise NotFound
    own = (
        select(col(GenerationSlotRow.job_id))
        .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
        .where(col(GenerationRow.id) == generation_id, col(GenerationRow.account_id) == by.id, col(GenerationSlotRow.slot) == slot)
    )
    job_id: JobId | None = (await reader.exec(own)).scalar_one_or_none()
    if job_id is None:
        raise NotFound
    return job_id


async def refuse_flood(tx: Transaction, studio: Studio, by: Actor, count: int) -> None:
    """Nobody fills the line alone, nor all together. Both bounds are counted without a lock: a few submits at once may pass them."""
    own, most = studio.settings.waiting_jobs_per_person, studio.settings.waiting_jobs_max
    if await _on_their_way(tx, by) + count > own:
        sentence = f"You have {own} pictures on their way. Wait until some are done, or cancel some."
        raise TooMany(sentence, retry_after_s=COME_BACK_S, code="too_many_waiting")
    if await queue.count_waiting(tx, most) + count > most:
        sentence = "More pictures are in line than can be drawn soon. Nothing was charged. Try again in a minute."
        raise TooMany(sentence, retry_after_s=FULL_COME_BACK_S, code="queue_full")


async def _on_their_way(reader: Reader, by: Actor) -> int:
    (found,) = await reader.ask(_ON_THEIR_WAY, account_id=by.id)
    return int(found.pictures)


async def _parent(reader: Reader, clean: GenerationRequest, by: Actor) -> str:
    """The picture it is made from, where this person may see it: nobody claims to come of what is hidden from them."""
    named = [image_id for image_id in (clean.parent, clean.reference) if image_id]
    seen = await images_by_id(reader, by, named)
    return next((image_id for image_id in named if image_id in seen), "")


def _row(clean: GenerationRequest, model: ImageModel, by: Actor, now: datetime, chance: int, parent_id: str) -> GenerationRow:
    return GenerationRow(
        id=new_id(),
        account_id=by.id,
        prompt=clean.prompt,
        negative_prompt=clean.negative_prompt,
        model=model.id,
        style=clean.style,
        seed=chance if model.supports_seed else NO_SEED,
        width=clean.width,
        height=clean.height,
        count=clean.count,
        price_credits_each=model.price_credits,
        steps=clean.steps,
        guidance=clean.guidance,
        reference_id=clean.reference,
        mask_id=clean.mask,
        strength=clean.strength if clean.reference else None,
        parent_id=parent_id,
        created_at=now,
    )


def _seeds(row: GenerationRow, model: ImageModel, request: GenerationRequest) -> dict[int, int]:
    """The seed of each slot."""
    if not model.supports_seed:
        return dict.fromkeys(range(row.count), NO_SEED)
    if request.seeds:
        return dict(zip(range(row.count), request.seeds, strict=True))
    return {slot: (row.seed + slot) % (limits.SEED_MAX + 1) for slot in range(row.count)}


def _runs(model: ImageModel, seeds: Mapping[int, int]) -> list[range]:
    """Slots whose seeds follow one another: a call for several pictures is told the first seed alone."""
    breaks = [slot for slot in seeds if slot and model.supports_seed and seeds[slot] != (seeds[slot - 1] + 1) % (limits.SEED_MAX + 1)]
    return [range(*ends) for ends in pairwise([0, *breaks, len(seeds)])]


async def _enqueue(
    tx: Transaction,
    studio: Studio,
    row: GenerationRow,
    model: ImageModel,
    seeds: Mapping[int, int],
    turn: _Turn,
    before: Mapping[int, JobId],
) -> list[GenerationSlotRow]:
    """One job for as many slots as the model draws in one call. What was asked for `before` waits for that, and draws only if it must."""
    groups = [group for run in _runs(model, seeds) for group in calls_for(model, run)]
    job_ids = await queue.enqueue_many(tx, [_job(row, model, group, turn, before.get(group[0])) for group in groups], studio.hands)
    by_group = list(zip(job_ids, groups, strict=True))
    await repeats.remember(tx, row, model, {seeds[group[0]]: job_id for job_id, group in by_group})
    slots = [
        GenerationSlotRow(generation_id=row.id, slot=slot, job_id=job_id, seed=seeds[slot]) for job_id, group in by_group for slot in group
    ]
    for slot in slots:
        tx.add(slot)
    await tx.flush()
    return slots


def _job(row: GenerationRow, model: ImageModel, group: range, turn: _Turn, same_as: JobId | None) -> queue.NewJob:
    return queue.NewJob(
        kind=RENDER,
        lane=model.lane,
        user_id=row.account_id,
        batch_id=row.id,
        params={"generation_id": row.id, "slots": list(group)} | ({"same_as": same_as} if same_as else {}),
        timeout_s=model.timeout_s,
        prio=turn.priority,
        weight=turn.weight,
        cost=share_of(model, len(group)),
        after=[After(same_as, OnFailure.RUN)] if same_as else (),
    )
