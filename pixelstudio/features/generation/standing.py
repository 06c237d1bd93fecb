"""How sets stand: rows, queue and progress, put into words. A bounded number of queries, however many sets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, literal, or_, select, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import GenerationId, JobId, is_id
from pixelstudio.core.pages import Cursor, decoded
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.db.questions import Question, among, told
from pixelstudio.features.generation.reasons import SAME_UNDER_WAY, reason_of
from pixelstudio.features.generation.shortfalls import shortfall_of
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.generation.tables import NO_SEED, GenerationRow, GenerationSlotRow
from pixelstudio.features.generation.tuning import tuning_in
from pixelstudio.features.generation.views import Asked, SetView, SlotView
from pixelstudio.features.images.pictures import images_by_id, in_trash_by_set
from pixelstudio.features.images.visibility import shows_picture
from pixelstudio.jobs.job import WAITING, JobState
from pixelstudio.jobs.queue import jobs_of_batch
from pixelstudio.jobs.traffic import traffic_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.reasons import Reason
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.jobs.queue import JobStatus
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

LATEST = 12
"""Sets that are looked at for what was chosen last."""
NOT_CHARGED = "Nothing was charged."
SAME_PICTURE = f"The very same picture as before. {NOT_CHARGED}"
TOO_LATE = "Too late to stop: the provider is drawing this already. It comes, and is charged."


async def sets_of(reader: Reader, studio: Studio, by: Actor, limit: int = limits.PAGE_SIZE, before: str | None = None) -> list[SetView]:
    """The actor's own sets, newest first, after the cursor `before` (`SetView.cursor`).

    Left out are those of which nothing is to be seen: all was deleted, or did not come and was asked for again, in another set.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    statement = select(GenerationRow).where(col(GenerationRow.account_id) == by.id, _shows_something(by))
    if (after := decoded(before)) is not None:
        place = tuple_(literal(after.created_at, UtcDateTime), literal(after.id))
        statement = statement.where(tuple_(col(GenerationRow.created_at), col(GenerationRow.id)) < place)
    newest_first = (col(GenerationRow.created_at).desc(), col(GenerationRow.id).desc())
    rows = list((await reader.exec(statement.order_by(*newest_first).limit(size))).scalars())
    return await _views(reader, studio, by, rows)


async def has_asked(reader: Reader, by: Actor) -> bool:
    """Whether the actor ever asked for a set: who has not is shown how to begin, before anything else is known."""
    return bool((await reader.exec(select(exists().where(col(GenerationRow.account_id) == by.id)))).scalar_one())


async def counts_of(reader: Reader, by: Actor, generation_ids: Collection[str]) -> dict[str, int]:
    """How many pictures were asked for in each of these own sets; one query."""
    rows = await reader.ask(_counts(), by=by.id, ids=generation_ids)
    return {row.id: row.count for row in rows}


@cache
def _counts() -> Question:
    asked = (col(GenerationRow.account_id) == told("by"), among(col(GenerationRow.id), "ids"))
    return Question(select(col(GenerationRow.id), col(GenerationRow.count)).where(*asked))


async def last_asked(reader: Reader, by: Actor) -> Asked | None:
    """What the actor chose for the last set they wrote a sentence for; None when there is none among the latest few.

    Variations, what is laid over a picture, and what was asked for again chose nothing.
    """
    statement = select(GenerationRow).where(col(GenerationRow.account_id) == by.id)
    newest_first = (col(GenerationRow.created_at).desc(), col(GenerationRow.id).desc())
    rows = list((await reader.exec(statement.order_by(*newest_first).limit(LATEST))).scalars())
    again = {slot.retried_in for of_set in (await _slots_of(reader, [row.id for row in rows])).values() for slot in of_set}
    row = next((row for row in rows if not row.parent_id and row.id not in again), None)
    return Asked(row.model, row.width, row.height, row.count) if row else None


async def set_of(reader: Reader, studio: Studio, by: Actor, generation_id: str) -> SetView:
    """One own set. Raises `NotFound` for a missing one and for somebody else's."""
    found = await own_set(reader, studio, by, generation_id)
    if found is None:
        raise NotFound
    return found


async def own_set(reader: Reader, studio: Studio, by: Actor, generation_id: str) -> SetView | None:
    """The same, where an address may name what never was."""
    if not is_id(generation_id):
        return None
    statement = select(GenerationRow).where(col(GenerationRow.id) == generation_id, col(GenerationRow.account_id) == by.id)
    views = await _views(reader, studio, by, list((await reader.exec(statement)).scalars()))
    return views[0] if views else None


def just_submitted(
    row: GenerationRow, slots: Sequence[GenerationSlotRow], model: ImageModel | None, repeated: Collection[int] = ()
) -> SetView:
    """The set as it stands in the moment of its submit, without asking the queue; `repeated` slots wait for a picture asked for before."""
    words = {slot.slot: SAME_UNDER_WAY if slot.slot in repeated else "In line." for slot in slots}
    return _set_view(row, model, slots, tuple(SlotView(s.slot, "waiting", words[s.slot], s.seed) for s in slots))


def called_off_words(job: JobStatus, model: ImageModel | None, heard: str) -> str:
    """What its owner can expect of an open job they called off; "" of any other. `heard`: what came of asking its provider to stop."""
    if not job.cancel_requested:
        return ""
    if not job.was_sent:
        return "Stopping."
    return heard or (f"Asking {model.stopped_by} to stop." if model and model.stopped_by else TOO_LATE)


def _shows_something(by: Actor) -> ColumnElement[bool]:
    """Some slot has no picture yet, or never and was not asked for again, or one that is still there."""
    picture = col(GenerationSlotRow.image_id)
    in_set = exists().where(col(GenerationSlotRow.generation_id) == col(GenerationRow.id))
    return in_set.where(or_(and_(_has_no_picture(), col(GenerationSlotRow.retried_in).is_(None)), shows_picture(by, picture)))


def _has_no_picture() -> ColumnElement[bool]:
    """It is on its way or it failed; a done one without picture was deleted and forgotten."""
    outcome = col(GenerationSlotRow.outcome)
    return or_(outcome.is_(None), outcome != "done")


async def _views(reader: Reader, studio: Studio, by: Actor, rows: Sequence[GenerationRow]) -> list[SetView]:
    slots = await _slots_of(reader, [row.id for row in rows])
    pictures = await images_by_id(reader, by, [s.image_id for of_set in slots.values() for s in of_set if s.image_id is not None])
    jobs = {status.id: status for status in await jobs_of_batch(reader, [row.id for row in rows if row.ended_at is None])}
    reasons = await _reasons(reader, jobs)
    gone = {s.generation_id for of_set in slots.values() for s in of_set if s.image_id is not None and s.image_id not in pictures}
    in_trash = await in_trash_by_set(reader, by, gone) if gone else {}
    views: list[SetView] = []
    for row in rows:
        shown = (_slot_view(studio, row, slot, pictures, jobs.get(JobId(slot.job_id)), reasons.get(slot.job_id)) for slot in slots[row.id])
        view = _set_view(row, _model(studio, row.model), slots[row.id], tuple(view for view in shown if view is not None))
        views.append(replace(view, in_trash=in_trash.get(row.id, 0)))
    return views


async def _reasons(reader: Reader, jobs: Mapping[JobId, JobStatus]) -> dict[int, Reason]:
    traffic = await traffic_in(reader, {job.lane for job in jobs.values() if job.state in WAITING})
    return {
        job_id: reason
        for job_id, job in jobs.items()
        if job.state in WAITING and (reason := reason_of(job, traffic[job.lane], reader.now)) is not None
    }


async def _slots_of(reader: Reader, generation_ids: Sequence[str]) -> Mapping[str, list[GenerationSlotRow]]:
    statement = select(GenerationSlotRow).where(col(GenerationSlotRow.generation_id).in_(generation_ids))
    by_set: defaultdict[str, list[GenerationSlotRow]] = defaultdict(list)
    for slot in (await reader.exec(statement.order_by(col(GenerationSlotRow.slot)))).scalars():
        by_set[slot.generation_id].append(slot)
    return by_set


def _model(studio: Studio, model_id: str) -> ImageModel | None:
    """The model, or None when it is no longer offered: old sets stay."""
    return next((model for model in studio.providers.models() if model.id == model_id), None)


def _set_view(row: GenerationRow, model: ImageModel | None, rows: Sequence[GenerationSlotRow], slots: tuple[SlotView, ...]) -> SetView:
    title = model.title if model else row.model
    charged = sum(slot.outcome == "done" and not slot.is_copy for slot in rows)
    ended = sum(slot.outcome is not None for slot in rows)
    style = parted(row.prompt)[1]
    has_seed = model.supports_seed if model else row.seed != NO_SEED
    over = "" if row.overlay is None else "with text over it" if row.overlay["text"] else "with a logo over it"
    tuning = tuning_in(row)
    facts = (
        title,
        style.title if style.words else "",
        f"{row.width} × {row.height}",
        f"seed {row.seed}" if has_seed else "",
        f"{tuning.steps} steps" if tuning.steps is not None else "",
        f"guidance {tuning.guidance:g}" if tuning.guidance is not None else "",
        "by a picture" if tuning.reference else "",
        over,
        "a part anew" if row.mask_id else "",
    )
    return SetView(
        id=GenerationId(row.id),
        prompt=row.prompt,
        negative_prompt=row.negative_prompt,
        model=row.model,
        model_title=title,
        facts=tuple(filter(None, facts)),
        width=row.width,
        height=row.height,
        seed=row.seed,
        count=row.count,
        price_credits=row.price_credits_each * row.count,
        credits_used=row.price_credits_each * charged,
        credits_returned=row.price_credits_each * (ended - charged),
        created_at=row.created_at,
        is_ended=row.ended_at is not None,
        slots=slots,
        cursor=Cursor(row.created_at, row.id).encoded(),
        tuning=tuning,
        parent=row.parent_id,
        ended_at=row.ended_at,
        shortfall=shortfall_of(row, rows, model),
    )


def _slot_view(
    studio: Studio,
    row: GenerationRow,
    slot: GenerationSlotRow,
    pictures: Mapping[str, ImageView],
    job: JobStatus | None,
    reason: Reason | None,
) -> SlotView | None:
    """The slot in words; None for a picture that was deleted."""
    match slot.outcome:
        case "done":
            picture = pictures.get(slot.image_id or "")
            return SlotView(slot.slot, "done", SAME_PICTURE if slot.is_copy else "", slot.seed, image=picture) if picture else None
        case "failed":
            return SlotView(slot.slot, "failed", f"{slot.sentence} {NOT_CHARGED}".strip(), slot.seed)
        case "cancelled":
            return SlotView(slot.slot, "cancelled", " ".join(filter(None, ("Cancelled.", slot.sentence, NOT_CHARGED))), slot.seed)
        case _:
            return _open_slot_view(studio, row, slot, job, reason)


def _open_slot_view(studio: Studio, row: GenerationRow, slot: GenerationSlotRow, job: JobStatus | None, reason: Reason | None) -> SlotView:
    if job is None:
        return SlotView(slot.slot, "waiting", "In line.", slot.seed)
    if reason is not None:
        return SlotView(slot.slot, "waiting", reason.sentence, slot.seed, position=job.position, reason=reason)
    if job.state == JobState.UNKNOWN:
        return _unknown_view(row, slot, job)
    return _drawing_view(studio, row, slot, job)


def _unknown_view(row: GenerationRow, slot: GenerationSlotRow, job: JobStatus) -> SlotView:
    decided_at = datetime.fromtimestamp((job.finished or job.created) + limits.UNKNOWN_HELD_S, UTC)
    held = row.price_credits_each
    return SlotView(slot.slot, "unknown", job.error_sentence or "", slot.seed, credits_held=held, held_until=decided_at if held else None)


def _drawing_view(studio: Studio, row: GenerationRow, slot: GenerationSlotRow, job: JobStatus) -> SlotView:
    called_off = called_off_words(job, _model(studio, row.model), slot.sentence)
    progress = studio.progress.get(job.id) if job.was_sent or not called_off else None
    if progress is None:
        return SlotView(slot.slot, "drawing", called_off or "Drawing.", slot.seed, is_called_off=bool(called_off))
    preview_url = f"/media/live/{slot.generation_id}/{slot.slot}?n={progress.number}" if progress.preview else ""
    words = called_off or f"Drawing, step {progress.step} of {progress.steps}."
    return SlotView(
        slot.slot,
        "drawing",
        words,
        slot.seed,
        step=progress.step,
        steps=progress.steps,
        preview_url=preview_url,
        is_called_off=bool(called_off),
    )
