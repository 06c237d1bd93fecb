"""One reason for each job that waits, in words one may believe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pixelstudio.core.ids import JobId
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.own_jobs import open_jobs
from pixelstudio.features.generation.reasons import NOBODY_AFTER_S, SAME_UNDER_WAY, in_words, reason_of
from pixelstudio.features.generation.standing import set_of
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.queue import JobStatus
from pixelstudio.jobs.traffic import Traffic
from tests.factories import a_request, a_user
from tests.jobs.floor import change, take

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
JOB = JobStatus(
    JobId(1), None, "k", "paid", JobState.READY, 0, 3, None, NOW.timestamp(), None, False, 1, None, None, 0, None
)  # next in line, put in this moment
FREE, FULL = Traffic("paid", 2, running=1), Traffic("paid", 2, running=2)
BROKEN = replace(FREE, breaker="open", held_by="breaker", held_for_s=20.0)


def why(traffic, **changes):
    found = reason_of(replace(JOB, **changes), traffic, NOW)
    assert found is not None
    return found.kind, found.sentence


@pytest.mark.parametrize(
    ("traffic", "job", "kind", "sentence"),
    [
        (FULL, {"position": 2}, "ahead", "1 is ahead of it."),
        (FULL, {"position": 13}, "ahead", "12 are ahead of it."),
        (FULL, {"position": 1_001}, "ahead", "More than 1,000 are ahead of it."),
        (FULL, {}, "places", "It begins when one of the 2 being drawn is done."),
        (replace(FULL, places=1), {}, "places", "It begins when the one being drawn is done."),
        (replace(FREE, rate=0.5), {}, "provider_limit", "The provider takes 30 a minute."),
        (replace(FREE, rate=0.5), {"position": 4}, "provider_limit", "3 are ahead of it, and the provider takes 30 a minute."),
        (replace(FREE, rate=0.01), {}, "provider_limit", "The provider takes 36 an hour."),
        (replace(FULL, rate=0.5, is_slowed=True), {"position": 4}, "provider_limit", "3 are ahead of it, and the provider takes 30 a minute."),
        (replace(FULL, rate=0.5), {"position": 4}, "ahead", "3 are ahead of it."),
        (replace(FREE, held_by="throttled", held_for_s=40.0), {}, "throttled", "The provider asked for a pause. It goes on in 40 seconds."),
        (replace(FREE, held_by="maintainer", held_for_s=9e9), {}, "maintainer", "Whoever looks after this studio has paused this line."),
        (BROKEN, {"position": 9}, "breaker", "The provider does not work at present. It is tried again in 20 seconds. This waits, and nothing is lost."),
        (replace(BROKEN, breaker="half_open"), {}, "breaker", "The provider failed and is being tried with one picture. The others wait, and nothing is lost."),
        (FREE, {}, "begins", "It begins in a moment."),
        (FREE, {"created": JOB.created - NOBODY_AFTER_S - 1}, "nobody", "No worker is running at present. It waits, and nothing is lost."),
        (BROKEN, {"state": JobState.BLOCKED, "position": None}, "same", SAME_UNDER_WAY),
        (BROKEN, {"state": JobState.PAUSED, "position": None}, "aside", "You put it aside."),
    ],
)  # fmt: skip
def test_the_reason_is_what_would_have_to_go_for_it_to_move(traffic, job, kind, sentence):
    assert why(traffic, **job) == (kind, sentence)


def test_a_job_that_is_tried_again_says_why_and_when():
    again = replace(JOB, state=JobState.SCHEDULED, position=None, due_in_s=90.0, error_sentence="The provider is busy.")
    found = reason_of(again, BROKEN, NOW)

    assert found is not None
    assert (found.kind, found.sentence, found.until) == (
        "again",
        "The provider is busy. Trying again in 90 seconds.",
        NOW + timedelta(seconds=90),
    )


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.PARKED, JobState.DONE, JobState.UNKNOWN])
def test_what_does_not_wait_has_no_reason(state):
    assert reason_of(replace(JOB, state=state), FREE, NOW) is None


@pytest.mark.parametrize("state", [JobState.READY, JobState.SCHEDULED])
def test_what_was_sent_does_not_wait_wherever_it_stands(state):
    assert reason_of(replace(JOB, state=state, phase=1), FREE, NOW) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "a second"), (40.4, "40 seconds"), (600.0, "10 minutes"), (7_300.0, "2 hours"), (1e9, "277778 hours")]
)
def test_short_times_are_said_as_one_says_them(seconds, words):
    assert in_words(seconds) == words


async def test_the_same_reason_stands_in_the_queue_and_beside_the_skeleton(studio):
    ines = await a_user(studio.db)
    async with studio.db.transaction() as tx:
        view = await submit(tx, studio, a_request(count=3), ines)
    await take(studio.db, wanted=1, lane=Lane("sketch", 1))
    until = studio.clock.now().timestamp() + 40.0
    sentences = {}

    for name, held in {"free": 0.0, "held": until}.items():
        await change(studio.db, "UPDATE q_lane SET paused_until=:until, pause_reason='throttled'", until=held)
        async with studio.db.reader() as reader:
            jobs = await open_jobs(reader, studio, ines)
            slots = (await set_of(reader, studio, ines, view.id)).slots
        sentences[name] = [job.reason.sentence for job in jobs if job.reason]
        assert [slot.sentence for slot in slots if slot.state == "waiting"] == sentences[name]

    assert sentences["free"] == ["It begins when the one being drawn is done.", "1 is ahead of it."]
    assert sentences["held"] == ["The provider asked for a pause. It goes on in 40 seconds."] * 2
