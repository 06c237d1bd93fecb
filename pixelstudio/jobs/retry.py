"""What follows from the way an attempt ended: try again and when, or the end of the job."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pixelstudio.core.errors import PixelStudioError
from pixelstudio.jobs.errors import AnswerLost, Away, GiveUp, RetryLater
from pixelstudio.jobs.kind import Failed, Unknown

if TYPE_CHECKING:
    from pixelstudio.jobs.job import Job

UNEXPECTED = "Something went wrong on our side."
LOST = "The worker that had this job went away."
ANSWER_LOST = Unknown(
    "answer_lost",
    "Interrupted after the provider was asked: it may have drawn and charged for this picture.",
)
"""What becomes of a job whose bytes had left for somebody who charges, when its run did not come to say how that ended."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait after the n-th attempt: doubled each time, capped, spread so that a thousand failures do not return at once."""

    base_s: float = 1.0
    cap_s: float = 300.0

    def delay_s(self, attempt: int, draw: float | None = None) -> float:
        """`min(cap, base * 2^(attempt-1)) * uniform(0.5, 1.5)`; `draw` in 0..1 stands in for chance."""
        whole = min(self.cap_s, self.base_s * 2 ** min(attempt - 1, 30))
        return whole * (0.5 + (random.random() if draw is None else draw))  # noqa: S311  # spread, not secrecy


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The job is put down and taken up again after `delay_s`; `spared` when this attempt does not count against it."""

    delay_s: float
    outcome: str
    code: str
    sentence: str
    spared: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The job does not run again; `remembered_as` is what is kept of its last attempt."""

    outcome: Failed | Unknown
    remembered_as: str


Verdict: TypeAlias = TryAgain | End


class TimedOut(PixelStudioError):
    """The attempt took longer than its kind allows."""

    default_code = "timed_out"

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"This took longer than {timeout_s:g} seconds and was stopped.")


def judge(job: Job, error: Exception, backoff: Backoff, *, was_sent: bool = False, spared_for_s: float | None = None) -> Verdict:
    """What follows from `error` at this attempt. Once it was sent, only a run that says so itself (`RetryLater`) is tried again.

    `spared_for_s`: nobody is there to blame the job, and asking sooner than this is of no use.
    """
    outcome = "timed_out" if isinstance(error, TimedOut) else "retried"
    match error:
        case GiveUp():
            return End(Failed(error.code, error.sentence), "failed")
        case AnswerLost():
            return End(Unknown(error.code, error.sentence), "lost")
        case Away() if spared_for_s is not None:
            return TryAgain(max(spared_for_s, backoff.delay_s(job.attempt)), outcome, error.code, error.sentence, spared=True)
        case RetryLater(after_s=float() | int() as after_s):
            again = TryAgain(float(after_s), outcome, error.code, error.sentence)
        case _ if was_sent and not isinstance(error, RetryLater):
            return End(ANSWER_LOST, "timed_out" if isinstance(error, TimedOut) else "lost")
        case PixelStudioError():
            again = TryAgain(backoff.delay_s(job.attempt), outcome, error.code, error.sentence)
        case _:
            again = TryAgain(backoff.delay_s(job.attempt), outcome, "unexpected", UNEXPECTED)
    if job.attempt < job.max_attempts:
        return again
    return End(Failed(again.code, again.sentence), "timed_out" if outcome == "timed_out" else "failed")
