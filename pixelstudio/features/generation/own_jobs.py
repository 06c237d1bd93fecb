"""One's own jobs, for the queue page: what is under way and why it waits, what ended and why; called off, put aside, put first.

A job may draw several pictures of a set in one call; on the page it is one row, as it is one thing to the queue.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import and_, func, literal, or_, select, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import GenerationId, JobId
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.generation.forecasts import drop
from pixelstudio.features.generation.generations import job_of_slot
from pixelstudio.features.generation.reasons import Reason, reason_of
from pixelstudio.features.generation.shortfalls import MISSING, NOTHING_MISSING, Shortfall, shortfall_of
from pixelstudio.features.generation.standing import NOT_CHARGED, SAME_PICTURE, called_off_words
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.features.images.visibility import shows_picture
from pixelstudio.jobs import places, queue
from pixelstudio.jobs.history import History, histories_of
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.queue import jobs_by_id
from pixelstudio.jobs.traffic import traffic_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.jobs.queue import JobStatus
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

OwnJobState = Literal["waiting", "retrying", "paused", "drawing", "stopping", "unknown", "done", "failed", "cancelled"]

CANCELLED_AT_ONCE: Final = 25
"""As many jobs are called off in one transaction: more would keep every other writer waiting."""
SETS_AT_ONCE: Final = 100
"""As many sets are looked through at a time for a page of what ended."""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt that brought nothing, and why, in words; "" when it was called off."""

    number: int
    sentence: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """The place after one ended job, newest set first. It stays on the server."""

    created_at: datetime
    generation_id: str
    job_id: int


@dataclass(frozen=True, slots=True)
class OwnJob:
    """One job of the actor's. `slot` is its first one; `began_at` is when its last attempt began."""

    job_id: JobId
    generation_id: GenerationId
    slot: int
    pictures: int
    set_size: int
    prompt: str
    model: str
    model_title: str
    width: int
    height: int
    state: OwnJobState
    asked_at: datetime
    sentence: str = ""
    """Why pictures are missing, or are the very same as before, and that nothing was charged; what comes of calling it off; or ""."""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    """When it is tried again; None unless `retrying`."""
    position: int | None = None
    """1 is next in line; None when it is not in line."""
    position_is_exact: bool = True
    reason: Reason | None = None
    """Why it waits; None when it does not."""
    may_cancel: bool = True
    """Not when it was called off already, or was sent to somebody who cannot be told to stop: then it goes on to its end."""
    may_go_first: bool = False
    """Whether another of the actor's own stands before it in its line."""
    step: int = 0
    steps: int = 0
    preview_url: str = ""
    attempts: tuple[AttemptView, ...] = ()
    image: ImageView | None = None
    """The first picture that came."""
    shortfall: Shortfall = NOTHING_MISSING
    """Which of its pictures did not come, as far as they may be asked for again."""
    set_shortfall: Shortfall = NOTHING_MISSING
    """The same of its whole set, where that is more; told by one job of each set, so that it stands on a page once."""


_Rows = tuple[GenerationRow, list[GenerationSlotRow]]


async def open_jobs(reader: Reader, studio: Studio, by: Actor) -> list[OwnJob]:
    """All jobs of the actor's that have not ended: what is drawn first, then in the order of the line. Bounded by what one person may ask for."""
    slot = GenerationSlotRow
    statement = _own_slots(by).where(col(GenerationRow.ended_at).is_(None), col(slot.outcome).is_(None))
    rows = await _by_job(reader, statement)
    jobs = {status.id: status for status in await jobs_by_id(reader, rows)}
    tried = [job_id for job_id, status in jobs.items() if status.error_code is not None]
    past = await histories_of(reader, tried)
    traffic = await traffic_in(reader, {status.lane for status in jobs.values()})
    reasons = {job_id: reason_of(status, traffic[status.lane], reader.now) for job_id, status in jobs.items()}
    views = [_open(reader, studio, rows[job_id], status, past.get(job_id), reasons[job_id]) for job_id, status in jobs.items()]
    foremost = {
        min((s.position, s.id) for s in jobs.values() if s.lane == lane and s.position)[1] for lane in _lanes_in_line(jobs.values())
    }
    in_line = [replace(view, may_go_first=view.position is not None and view.job_id not in foremost) for view in views]
    return sorted(in_line, key=_line_order)


async def ended_jobs(
    reader: Reader, studio: Studio, by: Actor, *, before: EndedBefore | None = None, limit: int = limits.PAGE_SIZE
) -> tuple[list[OwnJob], EndedBefore | None]:
    """The actor's jobs that ended, of the newest sets first, and the place the next page begins at. What was deleted or cleared since is left
    out.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    found: list[EndedBefore] = []
    place = before
    while len(found) <= size:
        sets = await _newest_sets(reader, by, place)
        found += await _ended_places(reader, by, [generation_id for _, generation_id in sets], place)
        if len(sets) < SETS_AT_ONCE:
            break
        place = EndedBefore(*sets[-1], job_id=0)  # of that set nothing is left
    shown = found[:size]
    of_sets = col(GenerationRow.id).in_({job.generation_id for job in shown})  # without it SQLite reads every set there is
    views = await _ended_views(reader, studio, by, and_(of_sets, col(GenerationSlotRow.job_id).in_([job.job_id for job in shown])))
    return views, found[size - 1] if len(found) > size else None


async def _newest_sets(reader: Reader, by: Actor, place: EndedBefore | None) -> list[tuple[datetime, str]]:
    """The newest sets up to `place`, a batch of them: nobody's whole history is looked at for one page."""
    key = (col(GenerationRow.created_at), col(GenerationRow.id))
    statement = select(*key).where(col(GenerationRow.account_id) == by.id, col(GenerationRow.cleared_at).is_(None))
    if place is not None:
        statement = statement.where(tuple_(*key) <= tuple_(literal(place.created_at, UtcDateTime), literal(place.generation_id)))
    rows = (await reader.exec(statement.order_by(*(column.desc() for column in key)).limit(SETS_AT_ONCE))).all()
    return [(row.created_at, row.id) for row in rows]


async def _ended_places(reader: Reader, by: Actor, generation_ids: Sequence[str], place: EndedBefore | None) -> list[EndedBefore]:
    """Where the jobs of these sets stand that ended and still show something, after `place`."""
    is_open = col(GenerationSlotRow.outcome).is_(None)
    shown = or_(is_open, col(GenerationSlotRow.outcome) != "done", shows_picture(by, col(GenerationSlotRow.image_id)))
    key = (col(GenerationRow.created_at), col(GenerationRow.id), col(GenerationSlotRow.job_id))
    statement = select(*key).join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
    listed = (col(GenerationRow.id).in_(generation_ids), col(GenerationSlotRow.cleared_at).is_(None), shown)
    statement = statement.where(*listed).group_by(*key).having(func.count().filter(is_open) == 0)
    if place is not None:
        after = (literal(place.created_at, UtcDateTime), literal(place.generation_id), literal(place.job_id))
        statement = statement.where(tuple_(*key) < tuple_(*after))
    rows = (await reader.exec(statement.order_by(*(column.desc() for column in key)))).all()
    return [EndedBefore(row.created_at, row.id, row.job_id) for row in rows]


async def ended_jobs_of_sets(reader: Reader, studio: Studio, by: Actor, generation_ids: Collection[str]) -> list[OwnJob]:
    """The jobs of these own sets that have ended and were not cleared, newest first."""
    listed = (col(GenerationRow.cleared_at).is_(None), col(GenerationSlotRow.cleared_at).is_(None))
    return await _ended_views(reader, studio, by, and_(col(GenerationRow.id).in_(generation_ids), *listed))


async def _ended_views(reader: Reader, studio: Studio, by: Actor, which: ColumnElement[bool]) -> list[OwnJob]:
    rows = await _by_job(reader, _own_slots(by).where(which))
    past = await histories_of(reader, rows)
    pictures = await images_by_id(reader, by, [slot.image_id for _, slots in rows.values() for slot in slots if slot.image_id])
    ended = sorted(
        ((row.created_at, row.id, job_id) for job_id, (row, slots) in rows.items() if all(s.outcome for s in slots)), reverse=True
    )
    views = [view for _, _, job_id in ended if (view := _ended(studio, rows[job_id], pictures, past.get(job_id))) is not None]
    lacking = await _missing_of_sets(reader, {view.generation_id for view in views if view.shortfall.pictures})
    return [_for_its_set(studio, view, rows[view.job_id][0], lacking[view.generation_id]) for view in views]


async def _missing_of_sets(reader: Reader, generation_ids: Collection[str]) -> defaultdict[str, list[GenerationSlotRow]]:
    """By set, the slots that may be asked for again, whichever page their jobs stand on."""
    slot, by_set = GenerationSlotRow, defaultdict[str, list[GenerationSlotRow]](list)
    if generation_ids:
        missing = (col(slot.generation_id).in_(generation_ids), col(slot.outcome).in_(MISSING), col(slot.retried_in).is_(None))
        for found in (await reader.exec(select(slot).where(*missing))).scalars():
            by_set[found.generation_id].append(found)
    return by_set


def _for_its_set(studio: Studio, view: OwnJob, row: GenerationRow, missing: Sequence[GenerationSlotRow]) -> OwnJob:
    """The job, speaking for its set where it is the last on the list of several that lack something."""
    jobs = {slot.job_id for slot in missing}
    if len(jobs) < 2 or view.job_id != max(slot.job_id for slot in missing if slot.cleared_at is None):
        return view
    return replace(view, set_shortfall=shortfall_of(row, missing, _model(studio, row.model)))


async def cancel_job(tx: Transaction, studio: Studio, generation_id: str, slot: int, *, by: Actor) -> bool:
    """Call off the job that draws this slot, or have it stopped; whether there was anything left to call off. Raises `NotFound` for everybody else."""
    return bool(await queue.cancel(tx, [await job_of_slot(tx, by, generation_id, slot)], studio.kinds))


async def pause_job(tx: Transaction, generation_id: str, slot: int, *, by: Actor) -> bool:
    """Put the job that draws this slot aside; whether it was in line. Raises `NotFound` for everybody else."""
    return bool(await _set_aside(tx, [await job_of_slot(tx, by, generation_id, slot)]))


async def resume_job(tx: Transaction, generation_id: str, slot: int, *, by: Actor) -> bool:
    """Put it back into the line; whether it was aside. Raises `NotFound` for everybody else."""
    return bool(await places.take_up(tx, [await job_of_slot(tx, by, generation_id, slot)]))


async def put_first(tx: Transaction, generation_id: str, slot: int, *, by: Actor) -> bool:
    """Let the job that draws this slot go before all others of the actor's in its line; whether that changed anything.

    Raises `NotFound` for everybody else. Nobody else's place changes.
    """
    moved = await places.move_first(tx, await job_of_slot(tx, by, generation_id, slot))
    await drop(tx, moved)
    return bool(moved)


async def pause_waiting(tx: Transaction, *, by: Actor) -> int:
    """Put everything of the actor's aside that waits; returns how many."""
    return len(await _set_aside(tx, await _open_ids(tx, by)))


async def resume_paused(tx: Transaction, *, by: Actor) -> int:
    """Put everything of the actor's back into the line that was put aside; returns how many."""
    return len(await places.take_up(tx, await _open_ids(tx, by)))


async def _set_aside(tx: Transaction, job_ids: Collection[int]) -> list[int]:
    moved = await places.set_aside(tx, job_ids)
    await drop(tx, moved)
    return moved


async def _open_ids(reader: Reader, by: Actor) -> list[int]:
    statement = select(col(GenerationSlotRow.job_id)).join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
    own = statement.where(
        col(GenerationRow.account_id) == by.id, col(GenerationRow.ended_at).is_(None), col(GenerationSlotRow.outcome).is_(None)
    )
    return list((await reader.exec(own.distinct())).scalars())


async def cancel_waiting(tx: Transaction, studio: Studio, *, by: Actor) -> int:
    """Call off jobs of the actor's that have not begun, the last in line first; returns how many, 0 when none is left.

    At most `CANCELLED_AT_ONCE`: call it again, in a transaction of its own, until nothing is left.
    """
    waiting = [job.job_id for job in await open_jobs(tx, studio, by) if job.state in {"waiting", "retrying", "paused"}]
    return await queue.cancel(tx, waiting[-CANCELLED_AT_ONCE:], studio.kinds)


def _own_slots(by: Actor) -> Select[GenerationRow, GenerationSlotRow]:
    joined = select(GenerationRow, GenerationSlotRow).join(GenerationSlotRow, col(GenerationSlotRow.generation_id) == col(GenerationRow.id))
    return joined.where(col(GenerationRow.account_id) == by.id).order_by(col(GenerationSlotRow.job_id), col(GenerationSlotRow.slot))


async def _by_job(reader: Reader, statement: Select[GenerationRow, GenerationSlotRow]) -> dict[JobId, _Rows]:
    slots: defaultdict[JobId, list[GenerationSlotRow]] = defaultdict(list)
    sets: dict[JobId, GenerationRow] = {}
    for found in (await reader.exec(statement)).all():
        slot: GenerationSlotRow = found.GenerationSlotRow
        sets[JobId(slot.job_id)] = found.GenerationRow
        slots[JobId(slot.job_id)].append(slot)
    return {job_id: (sets[job_id], of_job) for job_id, of_job in slots.items()}


def _line_order(job: OwnJob) -> tuple[int, int, int]:
    rank = {"drawing": 0, "stopping": 0, "waiting": 1, "paused": 3}.get(job.state, 2)
    return rank, job.position or 0, job.job_id


def _as_asked(studio: Studio, rows: _Rows) -> OwnJob:
    """What is the same of a job in every state."""
    row, slots = rows
    model = _model(studio, row.model)
    return OwnJob(
        job_id=JobId(slots[0].job_id),
        generation_id=GenerationId(row.id),
        slot=slots[0].slot,
        pictures=len(slots),
        set_size=row.count,
        prompt=row.prompt,
        model=row.model,
        model_title=model.title if model else row.model,
        width=row.width,
        height=row.height,
        state="waiting",
        asked_at=row.created_at,
    )


def _lanes_in_line(jobs: Iterable[JobStatus]) -> set[str]:
    return {job.lane for job in jobs if job.position is not None}


def _open(reader: Reader, studio: Studio, rows: _Rows, status: JobStatus, past: History | None, reason: Reason | None) -> OwnJob:
    asked = _as_asked(studio, rows)
    model = _model(studio, asked.model)
    is_drawn = status.state is JobState.RUNNING or (status.was_sent and status.state is not JobState.UNKNOWN)
    can_be_stopped = not status.was_sent or (is_drawn and model is not None and bool(model.stopped_by))
    heard = rows[1][0].sentence
    progress = studio.progress.get(status.id) if is_drawn else None
    return replace(
        asked,
        state=_open_state(status, is_stopping=can_be_stopped and status.cancel_requested and not heard),
        sentence=called_off_words(status, model, heard) if is_drawn and status.was_sent else "",
        began_at=_moment(status.started) if is_drawn else None,
        due_at=reader.now + timedelta(seconds=max(0.0, status.due_in_s)) if status.due_in_s is not None and not status.was_sent else None,
        position=None if status.was_sent else status.position,
        position_is_exact=status.position_is_exact,
        reason=reason,
        may_cancel=can_be_stopped and not status.cancel_requested,
        step=progress.step if progress else 0,
        steps=progress.steps if progress else 0,
        preview_url=f"/media/live/{asked.generation_id}/{asked.slot}?n={progress.number}" if progress and progress.preview else "",
        attempts=_attempts(past),
    )


def _open_state(status: JobStatus, *, is_stopping: bool) -> OwnJobState:
    match status.state:
        case JobState.UNKNOWN:
            return "unknown"
        case JobState.PAUSED:
            return "paused"
        case _ if status.was_sent or status.state is JobState.RUNNING:  # a worker has it just now, or somebody else
            return "stopping" if is_stopping else "drawing"
        case JobState.SCHEDULED if status.attempt:
            return "retrying"
        case _:
            return "waiting"


def _ended(studio: Studio, rows: _Rows, pictures: Mapping[str, ImageView], past: History | None) -> OwnJob | None:
    """The job in words; None when every picture it brought was deleted since."""
    row, slots = rows
    came = [picture for slot in slots if slot.outcome == "done" and (picture := pictures.get(slot.image_id or ""))]
    missing = [slot for slot in slots if slot.outcome in MISSING]
    if not came and not missing:
        return None
    return replace(
        _as_asked(studio, rows),
        state=_ended_state(missing),
        sentence=_why(missing) or (SAME_PICTURE if any(slot.is_copy for slot in slots) else ""),
        began_at=_moment(past.started) if past else None,
        ended_at=_moment(past.finished) if past else row.ended_at,
        may_cancel=False,
        attempts=_attempts(past),
        image=came[0] if came else None,
        shortfall=shortfall_of(row, slots, _model(studio, row.model)),
    )


def _ended_state(missing: Sequence[GenerationSlotRow]) -> OwnJobState:
    if not missing:
        return "done"
    return "failed" if any(slot.outcome == "failed" for slot in missing) else "cancelled"


def _why(missing: Sequence[GenerationSlotRow]) -> str:
    if not missing:
        return ""
    return f"{next((slot.sentence for slot in missing if slot.sentence), '')} {NOT_CHARGED}".strip()


def _model(studio: Studio, model_id: str) -> ImageModel | None:
    return next((model for model in studio.providers.models() if model.id == model_id), None)


def _attempts(past: History | None) -> tuple[AttemptView, ...]:
    if past is None:
        return ()
    return tuple(AttemptView(a.number, a.sentence, datetime.fromtimestamp(a.ended, UTC)) for a in past.attempts)


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
