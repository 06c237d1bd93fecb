"""A job on /queue, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pixelstudio.core.ids import GenerationId, ImageId, JobId
from pixelstudio.features.generation.own_jobs import AttemptView, OwnJob
from pixelstudio.features.generation.reasons import SAME_UNDER_WAY, Reason
from pixelstudio.features.generation.shortfalls import Shortfall
from pixelstudio.features.generation.waits import Wait
from pixelstudio.features.images.views import ImageView
from pixelstudio.ui.queue.views import ended_row, job_row, place_of, summary

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
JOB = OwnJob(JobId(1), GenerationId("a" * 26), 0, 1, 1, "a red lighthouse", "sketch-paper", "Cut paper", 256, 256, "waiting", NOON)
PICTURE = ImageView(
    id=ImageId("b" * 26),
    generation_id=JOB.generation_id,
    slot=0,
    is_mine=True,
    visibility="public",
    prompt=JOB.prompt,
    negative_prompt="",
    model=JOB.model,
    seed=1,
    width=256,
    height=256,
    size_bytes=1,
    media_type="image/png",
    thumbhash=b"",
    spill="",
    has_film=False,
    created_at=NOON,
    stands_at=NOON,
)


@pytest.mark.parametrize(
    ("position", "is_exact", "words"),
    [(1, True, "Next in line"), (3, True, "3rd in line"), (1_001, False, "After 1,000"), (None, True, "")],
)
def test_a_place_in_line_is_said_as_one_says_it(position, is_exact, words):
    assert place_of(replace(JOB, position=position, position_is_exact=is_exact)).position == words


def test_who_waits_is_told_how_long_and_why_unless_the_place_says_it():
    ahead, next_up = Reason("ahead", "8 are ahead of it."), Reason("places", "It begins when one of the 4 being drawn is done.")

    assert place_of(replace(JOB, position=9, reason=ahead), Wait(20.0, 41.0)).why == "Done in about 20–40 s."
    assert place_of(replace(JOB, position=1, reason=next_up), Wait(2.0, 4.0)).why == f"{next_up.sentence} Done in about 2–4 s."
    assert place_of(replace(JOB, position=1, reason=next_up)).why == next_up.sentence
    assert place_of(replace(JOB, state="drawing"), Wait(20.0, 41.0)).why == ""


def test_what_is_tried_again_has_told_why_by_its_tries():
    again = replace(JOB, state="retrying", reason=Reason("again", "The provider is busy. Trying again in 9 seconds."))

    assert place_of(replace(again, attempts=(AttemptView(1, "The provider is busy.", NOON),))).why == ""


@pytest.mark.parametrize(
    ("state", "may"),
    [("waiting", True), ("retrying", True), ("paused", False), ("drawing", False), ("stopping", False), ("unknown", False)],
)
def test_what_is_in_line_can_be_put_aside(state, may):
    assert place_of(replace(JOB, state=state)).may_pause == may


def test_who_waits_for_the_same_picture_says_so_instead_of_a_place():
    place = place_of(replace(JOB, reason=Reason("same", SAME_UNDER_WAY)))

    assert (place.position, place.why, place.may_pause) == ("", SAME_UNDER_WAY, False)


@pytest.mark.parametrize("state", ["drawing", "stopping"])
def test_what_was_called_off_says_what_comes_of_it(state):
    place = place_of(replace(JOB, state=state, may_cancel=False, sentence="Asking Replicate to stop."))

    assert (place.may_cancel, place.why) == (False, "Asking Replicate to stop.")


def test_what_was_sent_says_why_it_cannot_be_cancelled():
    place = place_of(replace(JOB, state="drawing", may_cancel=False))

    assert (place.may_cancel, place.why) == (False, "It was sent to the provider and goes on to its end.")


def test_a_job_of_several_pictures_names_them():
    several = replace(JOB, slot=4, pictures=4, set_size=10)

    assert job_row(several).which == "pictures 5 to 8 of 10"
    assert job_row(JOB).which == ""
    assert job_row(JOB).facts.startswith("with ")
    assert job_row(JOB).facts.endswith("256 × 256")


def test_a_picture_with_a_title_is_called_by_it_and_several_by_what_was_asked_for():
    done = replace(JOB, state="done", image=replace(PICTURE, title="Evening"))

    assert ended_row(done).title == "Evening"
    assert ended_row(replace(done, image=PICTURE)).title == "a red lighthouse"
    assert ended_row(replace(done, pictures=4, set_size=4)).title == "a red lighthouse"


def test_every_try_is_told_once():
    tries = (AttemptView(1, "The provider is busy.", NOON), AttemptView(2, "The provider refused this.", NOON))
    failed = replace(JOB, state="failed", sentence="The provider refused this. Nothing was charged.", shortfall=Shortfall(1, 2))

    assert ended_row(replace(failed, attempts=tries)).attempts == ["1st try: The provider is busy."]
    assert ended_row(replace(failed, attempts=tries[1:])).attempts == []


def test_tries_that_say_the_same_are_told_together():
    busy, refused = "The provider is busy.", "The provider refused this."
    tries = tuple(AttemptView(number, said, NOON) for number, said in enumerate((busy, busy, busy, refused, busy), start=1))
    failed = replace(JOB, state="failed", sentence=f"{busy} Nothing was charged.")

    assert place_of(replace(JOB, state="retrying", attempts=tries)).attempts == [
        f"1st to 3rd try: {busy}",
        f"4th try: {refused}",
        f"5th try: {busy}",
    ]
    assert ended_row(replace(failed, attempts=tries[:3])).attempts == ["Tried 3 times."]


def test_what_is_done_says_how_long_it_took_and_offers_nothing_again():
    row = ended_row(replace(JOB, state="done", began_at=NOON, ended_at=NOON + timedelta(seconds=18)))

    assert (row.took, row.retry_price, row.ended) == ("took 18 s", "", "2026-01-02T12:00:18+00:00")


def test_what_a_set_misses_is_told_by_the_job_that_speaks_for_it():
    job = replace(JOB, state="failed", shortfall=Shortfall(1, 2))

    rows = [ended_row(replace(job, set_shortfall=lacks)) for lacks in (Shortfall(), Shortfall(2, 4), Shortfall(9, 0))]

    assert [(row.set_retry, row.set_price, row.set_credits) for row in rows] == [
        ("", "", 0),
        ("Retry both", "4 credits", 4),
        ("Retry all 9", "Free", 0),
    ]


def test_the_line_above_counts_what_is_under_way():
    jobs = [replace(JOB, state=state) for state in ("drawing", "stopping", "waiting", "retrying", "unknown", "paused")]

    assert summary(jobs) == "2 drawing, 3 waiting, 1 put aside"
    assert summary([]) == ""
