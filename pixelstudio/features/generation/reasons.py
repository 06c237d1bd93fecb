"""Why a job waits: one reason for each, the one that would have to go for it to move; in words, for its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pixelstudio.jobs.job import JobState

if TYPE_CHECKING:
    from pixelstudio.jobs.queue import JobStatus
    from pixelstudio.jobs.traffic import Traffic

Kind: TypeAlias = Literal[
    "aside",  # its owner put it aside
    "same",  # the very picture is on its way already
    "again",  # it failed, and is tried again later
    "maintainer",  # whoever looks after the studio has paused the lane
    "breaker",  # the provider fails: nothing is sent there for now
    "throttled",  # the provider asked for a pause
    "ahead",  # others are before it
    "places",  # it is next, and every place is taken
    "provider_limit",  # there is room, and the provider takes only so many a minute
    "begins",  # a worker takes it in a moment
    "nobody",  # no worker has taken it, though there is room
]
SAME_UNDER_WAY: Final = "You have asked for this very picture already. It comes with that one, and costs nothing then."
NOBODY_AFTER_S: Final = 15.0
"""A free place and a ready job meet within moments; after this long there is no worker."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`sentence` is whole; `until` is when it ends, where that is known."""

    kind: Kind
    sentence: str
    until: datetime | None = None

    @property
    def is_told_by_place(self) -> bool:
        """Whether a place in line says it all."""
        return self.kind == "ahead"


def reason_of(job: JobStatus, traffic: Traffic, now: datetime) -> Reason | None:
    """Why this job waits in the lane that moves so; None for one that does not wait."""
    if job.was_sent:  # wherever it stands, somebody is drawing it
        return None
    match job.state:
        case JobState.BLOCKED:
            return Reason("same", SAME_UNDER_WAY)
        case JobState.PAUSED:
            return Reason("aside", "You put it aside.")
        case JobState.SCHEDULED if job.due_in_s is not None and job.due_in_s > 0:
            return _again(job, job.due_in_s, now)
        case JobState.READY | JobState.SCHEDULED:
            return _held(traffic, now) or _in_line(job, traffic, now)
        case _:
            return None


def _again(job: JobStatus, due_in_s: float, now: datetime) -> Reason:
    words = f"{job.error_sentence or ''} Trying again in {in_words(due_in_s)}."
    return Reason("again", words.strip(), now + timedelta(seconds=due_in_s))


def _held(traffic: Traffic, now: datetime) -> Reason | None:
    until = now + timedelta(seconds=traffic.held_for_s)
    if traffic.held_by == "maintainer":
        return Reason("maintainer", "Whoever looks after this studio has paused this line.")
    if traffic.breaker == "half_open":
        return Reason("breaker", "The provider failed and is being tried with one picture. The others wait, and nothing is lost.")
    if traffic.breaker == "open":
        again = f" It is tried again in {in_words(traffic.held_for_s)}." if traffic.held_for_s else ""
        return Reason("breaker", f"The provider does not work at present.{again} This waits, and nothing is lost.", until)
    if traffic.held_by is not None:
        return Reason("throttled", f"The provider asked for a pause. It goes on in {in_words(traffic.held_for_s)}.", until)
    return None


def _in_line(job: JobStatus, traffic: Traffic, now: datetime) -> Reason:
    limit = f"the provider takes {_a_minute(traffic.rate)}" if traffic.rate is not None and (traffic.has_room or traffic.is_slowed) else ""
    ahead = 0 if job.position is None else job.position - 1
    if ahead:
        words = f"{ahead} {'is' if ahead == 1 else 'are'} ahead of it" if job.position_is_exact else f"More than {ahead:,} are ahead of it"
        return Reason("provider_limit" if limit else "ahead", f"{words}, and {limit}." if limit else f"{words}.")
    if traffic.places and not traffic.has_room:
        drawn = "the one being drawn" if traffic.places == 1 else f"one of the {traffic.places} being drawn"
        return Reason("places", f"It begins when {drawn} is done.")
    if limit:
        return Reason("provider_limit", f"{limit[0].upper()}{limit[1:]}.")
    if now.timestamp() - job.created > NOBODY_AFTER_S:
        return Reason("nobody", "No worker is running at present. It waits, and nothing is lost.")
    return Reason("begins", "It begins in a moment.")


def in_words(seconds: float) -> str:
    """A short time, as one says it."""
    if seconds < 1.5:
        return "a second"
    if seconds <= 120:
        return f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5_400 else f"{round(seconds / 3_600)} hours"


def _a_minute(rate: float) -> str:
    return f"{round(rate * 60)} a minute" if rate * 60 >= 1 else f"{max(1, round(rate * 3_600))} an hour"
