"""Sets and slots in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pixelstudio.core.ids import GenerationId
from pixelstudio.features.generation.reasons import Reason
from pixelstudio.features.generation.shortfalls import Shortfall
from pixelstudio.features.generation.standing import TOO_LATE
from pixelstudio.features.generation.views import SetView, SlotView
from pixelstudio.features.generation.waits import Outlook, Pace, Wait
from pixelstudio.jobs.traffic import Traffic
from pixelstudio.providers.sketch.provider import SketchProvider
from pixelstudio.ui import formats
from pixelstudio.ui.create.views import ASKED_AGAIN, haze, progress_words, set_card, waits_of

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def a_set(*slots: SlotView, width: int = 1024, height: int = 1024) -> SetView:
    return SetView(
        id=GenerationId("g"),
        prompt="a quiet house",
        negative_prompt="",
        model="sketch-paper",
        model_title="Cut paper",
        facts=("Cut paper", "seed 7"),
        width=width,
        height=height,
        seed=7,
        count=len(slots),
        price_credits=0,
        credits_used=0,
        credits_returned=0,
        created_at=NOW,
        is_ended=False,
        slots=slots,
        cursor="",
    )


def a_slot(state: str, number: int = 0, sentence: str = "", position: int | None = None, why: str = "") -> SlotView:
    reason = Reason(why, sentence) if why else None  # pyright: ignore[reportArgumentType]
    return SlotView(number, state, sentence, 7, position=position, reason=reason)  # pyright: ignore[reportArgumentType]


PAUSED = "The provider asked for a pause. It goes on in 9 seconds."


@pytest.mark.parametrize(
    ("slot", "title", "words"),
    [
        (a_slot("waiting", sentence="It begins in a moment.", position=1, why="begins"), "Next in line", "It begins in a moment."),
        (a_slot("waiting", sentence="2 are ahead of it.", position=3, why="ahead"), "3rd in line", ""),
        (a_slot("waiting", sentence=PAUSED, position=3, why="throttled"), "3rd in line", PAUSED),
        (a_slot("waiting", sentence="You put it aside.", why="aside"), "Put aside", ""),
        (a_slot("waiting", sentence="In line."), "In line", ""),
        (
            a_slot("waiting", sentence="The model is busy. Trying again in 4 seconds.", why="again"),
            "Trying again",
            "The model is busy. Trying again in 4 seconds.",
        ),
        (a_slot("failed", sentence="The prompt was refused. Nothing was charged."), "Not drawn", ""),
        (a_slot("drawing", sentence="Drawing, step 3 of 12."), "Drawing", ""),
        (replace(a_slot("drawing", sentence="Stopping."), is_called_off=True), "Drawing", "Stopping."),
        (replace(a_slot("drawing", sentence=TOO_LATE), is_called_off=True), "Drawing", TOO_LATE),
        (a_slot("cancelled", sentence="Cancelled. Nothing was charged."), "Cancelled", ""),
        (a_slot("unknown", sentence="They broke off."), "Not known", ""),
    ],
)
def test_a_slot_says_where_it_stands_and_only_once(slot, title, words):
    card = set_card(a_set(slot), NOW).slots[0]

    assert (card.title, card.words) == (title, words)


def test_pictures_that_share_their_words_say_which_they_are():
    several = set_card(a_set(*(a_slot("done", number) for number in range(3))), NOW)

    assert [slot.nth for slot in several.slots] == [", 1 of 3", ", 2 of 3", ", 3 of 3"]
    assert set_card(a_set(a_slot("done")), NOW).slots[0].nth == ""


def test_where_pictures_were_thrown_away_the_others_are_counted_by_themselves():
    left = replace(a_set(a_slot("done", 1), a_slot("done", 3)), count=4, in_trash=2)

    card = set_card(left, NOW)
    assert [slot.nth for slot in card.slots] == [", 1 of 2", ", 2 of 2"]
    assert card.thrown == "2 in the trash"
    assert set_card(replace(left, slots=left.slots[:1], in_trash=3), NOW).slots[0].nth == ""
    assert set_card(replace(left, in_trash=0), NOW).thrown == ""  # for ever


def test_a_set_may_be_cancelled_as_long_as_something_of_it_was_not_called_off():
    under_way, called_off = a_slot("drawing"), replace(a_slot("drawing", 1), is_called_off=True)

    may = [set_card(a_set(*slots), NOW).can_cancel for slots in ((under_way, called_off), (called_off,), (a_slot("done"),))]

    assert may == [True, False, False]


def test_the_head_of_a_set_leaves_its_seed_to_the_recipes_of_its_pictures():
    alone, beside = (set_card(a_set(*map(a_slot, ["done"] * count)), NOW).facts for count in (4, 1))

    assert "7" not in alone + beside
    assert all("Cut\N{NO-BREAK SPACE}paper" in facts for facts in (alone, beside))


def test_a_slot_in_line_says_how_long_it_will_be():
    held, third = a_slot("waiting", 0, PAUSED, 1, "throttled"), a_slot("waiting", 1, "1 is ahead of it.", 2, "ahead")
    model = replace(SketchProvider.models[0], lane_concurrency=2)
    outlook = Outlook({(256, 256): Pace(2.0, 3.0)}, Traffic("sketch", 2, running=2, held_by="throttled", held_for_s=9.0))
    view = replace(a_set(held, third), width=256, height=256)

    waits = waits_of(view, model, outlook)

    assert waits == {0: Wait(12.0, 13.5), 1: Wait(13.0, 15.0)}
    assert [slot.words for slot in set_card(view, NOW, waits).slots] == [f"{PAUSED} Done in about 10–15 s.", "Done in about 15 s."]


def test_why_pictures_are_missing_is_said_once_for_the_set():
    refused, busy = "The prompt was refused. Nothing was charged.", "The model is busy. Nothing was charged."

    assert set_card(a_set(a_slot("failed", 0, refused), a_slot("failed", 1, refused)), NOW).reasons == [refused]
    mixed = a_set(a_slot("failed", 0, refused), a_slot("done", 1), a_slot("failed", 2, busy), a_slot("failed", 3, refused))
    assert set_card(mixed, NOW).reasons == [f"2 pictures: {refused}", f"1 picture: {busy}"]
    assert set_card(a_set(a_slot("cancelled", 0, "Cancelled. Nothing was charged.")), NOW).reasons == ["Nothing was charged."]
    unknown = replace(a_slot("unknown", sentence="They broke off."), credits_held=2, held_until=NOW)
    assert set_card(a_set(unknown), NOW).reasons == [f"They broke off. {formats.held(2, NOW)}"]


def test_why_pictures_are_missing_stands_in_their_frames_where_those_have_the_room():
    refused, busy = "The prompt was refused. Nothing was charged.", "OpenAI is busy. Nothing was charged."
    slots = (a_slot("failed", 0, refused), a_slot("drawing", 1), a_slot("failed", 2, refused), a_slot("failed", 3, busy))
    under_way = replace(a_set(*slots), shortfall=Shortfall(3, 6))
    ended = replace(under_way, slots=(slots[0], a_slot("cancelled", 1, "Cancelled."), *slots[2:]))

    card = set_card(under_way, NOW)
    assert ([slot.words for slot in card.slots], card.reasons, card.missing_in) == ([refused, "", "", busy], [], "")
    card = set_card(ended, NOW, keeps_room=True)
    assert ([slot.words for slot in card.slots], card.reasons, card.is_bare) == ([refused, "", "", busy], [], False)
    assert (card.missing, card.missing_in) == ("Draw 3 again", card.slots[0].key)
    one = set_card(replace(ended, shortfall=Shortfall(1, 2)), NOW, keeps_room=True)
    assert one.missing == "Try again"
    for small in (set_card(ended, NOW), set_card(replace(ended, width=1536), NOW, keeps_room=True)):  # found so, and too low for a sentence
        assert [slot.words for slot in small.slots] == [""] * 4
        assert small.reasons == [f"2 pictures: {refused}", f"1 picture: {busy}"]
        assert (small.missing, small.missing_in) == ("Draw the 3 that are missing", "")


def test_what_was_called_off_gives_its_room_away():
    called_off = a_set(a_slot("cancelled", 0, "Cancelled."), a_slot("cancelled", 1, "Cancelled."))

    assert set_card(called_off, NOW, keeps_room=True).is_bare


@pytest.mark.parametrize(
    ("pictures", "count", "words"),
    [
        (2, 4, "Draw the 2 that are missing"),
        (1, 4, "Draw the one that is missing"),
        (4, 4, "Draw all 4 again"),
        (2, 2, "Draw both again"),
        (1, 1, "Try again"),
        (0, 4, ""),
    ],
)
def test_what_is_missing_can_be_asked_for_in_so_many_words(pictures, count, words):
    lacking = replace(a_set(*(a_slot("failed", n) for n in range(count))), shortfall=Shortfall(pictures, 2 * pictures))

    card = set_card(lacking, NOW)

    assert (card.missing, card.missing_credits) == (words, 2 * pictures)
    assert card.missing_price == (formats.price(2 * pictures) if words else "")
    under_way = set_card(replace(lacking, slots=(*lacking.slots, a_slot("waiting", count))), NOW)
    assert (under_way.missing, under_way.missing_price, under_way.missing_credits) == ("", "", 0)


def test_what_was_asked_for_again_says_so_once_all_of_it_was():
    refused = "The prompt was refused. Nothing was charged."
    lacking = replace(a_set(a_slot("failed", 0, refused), a_slot("failed", 1, refused)), shortfall=Shortfall(1, 2, was_asked_for=True))

    assert set_card(lacking, NOW).reasons == [refused]
    assert set_card(replace(lacking, shortfall=Shortfall(was_asked_for=True)), NOW).reasons == [refused, ASKED_AGAIN]


def test_a_receipt_says_what_is_held_and_then_what_it_came_to_where_it_costs_something():
    paid = replace(a_set(a_slot("done"), a_slot("failed", 1)), price_credits=4, credits_used=3, credits_returned=1)

    assert set_card(paid, NOW).receipt == "used 3, returned 1"
    assert set_card(replace(paid, credits_returned=0), NOW).receipt == "used 3"
    assert set_card(replace(paid, slots=(*paid.slots, a_slot("waiting", 2))), NOW).receipt == "held 4"
    assert set_card(a_set(a_slot("done")), NOW).receipt == ""


def test_a_set_may_be_looked_through_once_it_has_several_pictures_and_its_place_is_kept_until_then():
    assert set_card(a_set(a_slot("waiting"), a_slot("drawing", 1)), NOW).may_review
    assert not set_card(a_set(a_slot("waiting")), NOW).may_review
    assert not set_card(a_set(a_slot("failed"), a_slot("failed", 1)), NOW).may_review


def test_a_set_is_open_while_anything_waits_or_is_drawn():
    assert set_card(a_set(a_slot("cancelled"), a_slot("waiting", 1)), NOW).is_open
    assert not set_card(a_set(a_slot("cancelled"), a_slot("failed", 1)), NOW).is_open


def test_a_set_that_was_called_off_says_so_once():
    off = set_card(a_set(*(a_slot("cancelled", number) for number in range(4))), NOW)
    assert [slot.state for slot in off.slots] == ["cancelled"]
    assert off.is_small
    assert len(set_card(a_set(a_slot("cancelled"), a_slot("failed", 1)), NOW).slots) == 2


def test_a_set_that_ended_without_a_picture_is_shown_small():
    assert set_card(a_set(a_slot("cancelled")), NOW).is_bare
    assert not set_card(a_set(a_slot("cancelled"), a_slot("drawing", 1)), NOW).is_bare


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["waiting", "waiting", "done"], "1 of 3 done, 2 in line"),
        (["drawing", "waiting"], "Drawing 1 of 2"),
        (["done", "failed", "drawing", "waiting"], "Drawing 3 of 4"),
        (["drawing", "drawing", "waiting", "waiting"], "Drawing 1 and 2 of 4"),
        (["done", "drawing", "drawing", "drawing"], "Drawing 2 to 4 of 4"),
        (["drawing", "done", "drawing", "waiting"], "Drawing 1 and 3 of 4"),
        (["drawing", "drawing", "done", "drawing"], "Drawing 1, 2 and 4 of 4"),
        (["done", "done"], "2 of 2 done"),
        (["done", "failed", "cancelled"], "1 of 3 done, 1 not drawn, 1 cancelled"),
    ],
)
def test_progress_says_what_is_drawn_and_then_what_came_and_what_did_not(states, words):
    assert progress_words(states) == words


@pytest.mark.parametrize(
    ("count", "columns", "span"),
    [(1, "1", "3"), (2, "2", "6"), (4, "4", "12"), (5, "5", "12"), (7, "4", "12"), (8, "4", "12"), (10, "5", "12")],
)
def test_square_pictures_fill_their_rows_and_small_sets_share_one(count, columns, span):
    card = set_card(a_set(*(a_slot("waiting", n) for n in range(count))), NOW)

    assert (card.columns, card.span) == (columns, span)


def test_wide_pictures_hang_three_in_a_row():
    card = set_card(a_set(a_slot("waiting"), width=1280, height=1024), NOW)

    assert (card.columns, card.span) == ("1", "4")


@pytest.mark.parametrize(("width", "is_tall"), [(768, True), (1024, True), (1152, False), (1536, False)])
def test_what_is_taller_than_two_to_three_is_tall(width, is_tall):
    assert set_card(a_set(a_slot("waiting"), width=width, height=1536), NOW).is_tall == is_tall


def test_a_preview_gets_sharper_until_it_is_true():
    assert [haze(step, 4) for step in range(5)] == ["14.0px", "10.5px", "7.0px", "3.5px", "0.0px"]
