"""What follows from an error: the schedule of retries and the end of patience."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Unavailable
from pixelstudio.core.ids import JobId
from pixelstudio.jobs.errors import AnswerLost, GiveUp, RetryLater
from pixelstudio.jobs.job import Job, JobState, Mark
from pixelstudio.jobs.kind import Failed, Unknown
from pixelstudio.jobs.retry import UNEXPECTED, Backoff, End, TimedOut, TryAgain, judge

BACKOFF = Backoff(base_s=1.0, cap_s=60.0)


def a_job(attempt: int = 1) -> Job:
    return Job(JobId(1), "chore", "bench", None, None, JobState.RUNNING, attempt, 3, 1, None, {}, 0.0, 0.0)


@pytest.mark.parametrize(("attempt", "middle_s"), [(1, 1.0), (2, 2.0), (3, 4.0), (7, 60.0), (500, 60.0)])
def test_the_wait_doubles_up_to_the_cap(attempt: int, middle_s: float):
    assert BACKOFF.delay_s(attempt, draw=0.5) == middle_s


def test_the_wait_is_spread_by_half_to_either_side():
    waits = [BACKOFF.delay_s(3) for _ in range(500)]

    assert min(waits) >= 2.0
    assert max(waits) <= 6.0
    assert max(waits) - min(waits) > 3.0


def test_what_the_other_side_asks_for_overrides_the_backoff():
    assert judge(a_job(), RetryLater("Too many at once.", "throttled", after_s=17), BACKOFF) == TryAgain(
        17.0, "retried", "throttled", "Too many at once."
    )


def test_a_refusal_ends_the_job_at_its_first_attempt():
    assert judge(a_job(), GiveUp("Refused.", "refused"), BACKOFF) == End(Failed("refused", "Refused."), "failed")


def test_an_unexpected_error_tells_the_person_nothing_of_its_inside():
    verdict = judge(a_job(), ValueError("secret detail"), BACKOFF)

    assert isinstance(verdict, TryAgain)
    assert (verdict.code, verdict.sentence) == ("unexpected", UNEXPECTED)


def test_the_last_attempt_ends_the_job_with_the_sentence_of_its_error():
    assert judge(a_job(attempt=3), Unavailable("Nobody answers."), BACKOFF) == End(Failed("unavailable", "Nobody answers."), "failed")


def test_a_timeout_is_tried_again_and_remembered_as_one():
    assert isinstance(judge(a_job(), TimedOut(5), BACKOFF), TryAgain)
    last = judge(a_job(attempt=3), TimedOut(5), BACKOFF)
    assert last == End(Failed("timed_out", "This took longer than 5 seconds and was stopped."), "timed_out")


@pytest.mark.parametrize("error", [ValueError("ours"), TimedOut(5), AnswerLost("They broke off.", "broke_off")])
def test_what_can_be_asked_after_is_taken_up_again_with_its_mark_until_its_attempts_are_over(error: Exception):
    again, last = judge(a_job(), error, BACKOFF, Mark.TRACEABLE), judge(a_job(attempt=3), error, BACKOFF, Mark.TRACEABLE)

    assert isinstance(again, TryAgain)
    assert again.keeps_mark
    assert isinstance(last, End)
    assert isinstance(last.outcome, Unknown)


def test_whoever_says_that_nothing_was_paid_begins_anew_without_a_mark():
    verdict = judge(a_job(), RetryLater("Busy."), BACKOFF, Mark.TRACEABLE)

    assert isinstance(verdict, TryAgain)
    assert not verdict.keeps_mark
