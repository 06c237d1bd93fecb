"""Cleaning what people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_line, clean_text, clip, forms, plural, within


def test_direction_tricks_and_control_characters_are_gone() -> None:
    assert clean_text("a\u202eb\x00c\u2066d\x1b[31m") == "abcd[31m"


def test_line_ends_become_one_kind_and_a_line_has_none() -> None:
    assert clean_text("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"
    assert clean_line("one\r\n two\t three ") == "one two three"


def test_emoji_sequences_stay_whole() -> None:
    assert clean_line("👩‍🚀 at dusk") == "👩‍🚀 at dusk"


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u180e", "\u034f", "\u200d", "\u200c", "\ufe0f", "\u3164", "\U000e0061", "\ufff9", "\uffff"],
)
def test_nothing_nobody_sees_parts_a_word_or_passes_for_one(hidden: str) -> None:
    assert clean_line(f"st{hidden}aff") == "staff"
    assert clean_text(f" {hidden} \u2800 {hidden}") == ""


@pytest.mark.parametrize("whole", ["1️⃣ ❤️ first", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 hills", "می‌خواهم", "葛󠄀城", "क्‍ष"])
def test_what_a_script_or_an_emoji_needs_though_nobody_sees_it_stays(whole: str) -> None:
    assert clean_line(whole) == whole


def test_what_is_taken_out_leaves_one_normal_form() -> None:
    assert clean_text("e\u202e\u0301") == "\u00e9"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


def test_a_clip_is_never_longer_and_ends_at_a_word() -> None:
    assert clip("a pale sun over coral ridges", 16) == "a pale sun over…"
    assert clip("short", 16) == "short"
    assert len(clip("x" * 100, 16)) == 16


def test_a_text_within_its_bound_is_itself_and_a_longer_one_says_by_how_much() -> None:
    assert within("x" * 1_000, 1_000, "A title has", code="title_too_long", field="title") == "x" * 1_000
    with pytest.raises(Invalid) as refusal:
        within("x" * 1_002, 1_000, "A title has", code="title_too_long", field="title")

    assert (refusal.value.code, refusal.value.field) == ("title_too_long", "title")
    assert refusal.value.sentence == "A title has at most 1,000 characters. Shorten by 2."


@pytest.mark.parametrize("pair", ["ridge ridges", "berry berries", "boy boys", "leaf leaves", "fox foxes", "coach coaches", "iris irises"])
def test_a_plural_is_the_form_of_its_noun(pair: str) -> None:
    one, many = pair.split()

    assert plural(one) == many
    assert one in forms(many)
