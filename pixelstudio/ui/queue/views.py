"""What /queue shows of a job: what stays the same, where it stands, how far it is, and how it ended. Apart, so that a change sends little."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.generation.own_jobs import AttemptView, OwnJob
    from pixelstudio.features.generation.waits import Wait

TITLE_MAX: Final = 90
_WORDS: Final = {
    "waiting": "Waiting",
    "retrying": "Trying again",
    "paused": "Put aside",
    "drawing": "Drawing",
    "stopping": "Stopping",
    "unknown": "No answer yet",
    "done": "Done",
    "failed": "Not drawn",
    "cancelled": "Cancelled",
}
_SENT: Final = "It was sent to the provider and goes on to its end."
_UNKNOWN: Final = "It was sent and no answer came. Its credits stay held until that is settled, a day at most."


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job under way: what does not change about it. `key` finds the rest; `which` of its set it is, "" where it is all of that."""

    key: str
    generation_id: str
    slot: int
    title: str
    which: str
    facts: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job under way stands, in words."""

    state: str
    word: str
    position: str
    since: str
    """When it was asked for, or when its attempt began."""
    due: str
    """When it is tried again."""
    why: str
    may_cancel: bool
    may_pause: bool = False
    may_go_first: bool = False
    attempts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a drawing is."""

    step: int
    steps: int
    preview: str


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A job that ended. `retry_price` is in words, "" when there is nothing to ask for again; `image_id` is "" without a picture.

    `set_retry` is the word for asking for everything its set misses, "" where another job speaks for that.
    """

    key: str
    generation_id: str
    slot: int
    title: str
    which: str
    facts: str
    state: str
    word: str
    took: str
    ended: str
    ended_words: str
    why: str
    attempts: list[str]
    image_id: str
    retry_price: str
    retry_credits: int
    was_retried: bool
    set_retry: str
    set_price: str
    set_credits: int


def key_of(job: OwnJob) -> str:
    """What names a job on the page."""
    return f"{job.generation_id}:{job.slot}"


def job_row(job: OwnJob) -> JobRow:
    """What does not change about a job under way."""
    return JobRow(key_of(job), job.generation_id, job.slot, formats.clipped(job.prompt, TITLE_MAX), _which(job), _facts(job))


def place_of(job: OwnJob, wait: Wait | None = None) -> Place:
    """Where a job under way stands; of one in line, why and, with `wait`, how long."""
    return Place(
        state=job.state,
        word=_WORDS[job.state],
        position=_position(job),
        since=instant(job.began_at or job.asked_at),
        due=instant(job.due_at),
        why=_reason(job, wait),
        may_cancel=job.may_cancel,
        may_pause=job.state in {"waiting", "retrying"} and not (job.reason and job.reason.kind == "same"),
        may_go_first=job.may_go_first,
        attempts=_attempts(job.attempts),
    )


def step_of(job: OwnJob) -> Step:
    """How far a drawing is, from a look at the queue."""
    return Step(job.step, job.steps, job.preview_url)


def ended_row(job: OwnJob) -> EndedRow:
    """A job that ended, in words."""
    lacks, all_lack = job.shortfall, job.set_shortfall
    return EndedRow(
        key=key_of(job),
        generation_id=job.generation_id,
        slot=job.slot,
        title=formats.clipped(_title(job) or job.prompt, TITLE_MAX),
        which=_which(job),
        facts=_facts(job),
        state=job.state,
        word=_WORDS[job.state] if job.state != "failed" or not job.image else "Partly drawn",
        took=_took(job),
        ended=instant(job.ended_at),
        ended_words=formats.moment(job.ended_at) if job.ended_at else "",
        why=job.sentence,
        attempts=_told_before(job),
        image_id=job.image.id if job.image else "",
        retry_price=formats.price(lacks.price_credits) if lacks.pictures else "",
        retry_credits=lacks.price_credits,
        was_retried=lacks.was_asked_for,
        set_retry=_retry_words(all_lack.pictures),
        set_price=formats.price(all_lack.price_credits) if all_lack.pictures else "",
        set_credits=all_lack.price_credits,
    )


def summary(jobs: Sequence[OwnJob]) -> str:
    """What is under way, in one line."""
    drawing = sum(job.state in {"drawing", "stopping"} for job in jobs)
    aside = sum(job.state == "paused" for job in jobs)
    counts = ((drawing, "drawing"), (len(jobs) - drawing - aside, "waiting"), (aside, "put aside"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _title(job: OwnJob) -> str:
    """As the owner called its picture; "" for one that was never shown, and for several, of which each has its own."""
    return job.image.title if job.image and job.pictures == 1 else ""


def _which(job: OwnJob) -> str:
    """What tells it from others of its set."""
    if job.set_size == 1:
        return ""
    last = job.slot + job.pictures
    numbers = f"picture {last}" if job.pictures == 1 else f"pictures {job.slot + 1} to {last}"
    return f"{numbers} of {job.set_size}"


def _facts(job: OwnJob) -> str:
    """What it has in common with them."""
    return formats.facts(f"with {job.model_title}", formats.size(job.width, job.height))


def _position(job: OwnJob) -> str:
    match job.position:
        case None:
            return ""
        case 1:
            return "Next in line"
        case place if job.position_is_exact:
            return f"{formats.ordinal(place)} in line"
        case place:
            return f"After {place - 1:,}"


def _reason(job: OwnJob, wait: Wait | None) -> str:
    if job.state == "unknown":
        return _UNKNOWN
    if job.state in {"drawing", "stopping"}:
        return job.sentence or ("" if job.may_cancel or job.state == "stopping" else _SENT)
    if job.reason is None or job.state == "retrying":  # why it is tried again is told by its attempts, when by the clock beside it
        return ""
    why = "" if job.reason.is_told_by_place else job.reason.sentence
    return f"{why} {formats.done_in(wait.low_s, wait.high_s) if wait else ''}".strip()


def _attempts(attempts: Sequence[AttemptView]) -> list[str]:
    """What went wrong, once for all tries in a row that say the same."""
    told: list[str] = []
    for sentence, alike in itertools.groupby(attempts, key=lambda attempt: attempt.sentence or "Called off."):
        numbers = [formats.ordinal(attempt.number) for attempt in alike]
        told.append(f"{' to '.join(dict.fromkeys((numbers[0], numbers[-1])))} try: {sentence}")
    return told


def _told_before(job: OwnJob) -> list[str]:
    """The attempts of a job that ended, but for the last ones where its own sentence says what they say."""
    if job.state not in {"failed", "cancelled"}:
        return _attempts(job.attempts)
    others = list(job.attempts)
    while others and job.sentence.startswith(others[-1].sentence):
        others.pop()
    if not others and len(job.attempts) > 1:
        return [f"Tried {len(job.attempts)} times."]
    return _attempts(others)


def _retry_words(pictures: int) -> str:
    match pictures:
        case 0:
            return ""
        case 2:
            return "Retry both"
        case _:
            return f"Retry all {pictures}"


def _took(job: OwnJob) -> str:
    if job.state != "done" or job.began_at is None or job.ended_at is None:
        return ""
    return f"took {formats.duration((job.ended_at - job.began_at).total_seconds())}"
