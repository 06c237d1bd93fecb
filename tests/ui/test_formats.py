"""Values as words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pixelstudio.ui import formats

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "7 March 2026"),
    ],
)
def test_a_past_moment_is_said_as_one_says_it(past, words):
    assert formats.ago(NOW - past, NOW) == words


@pytest.mark.parametrize(
    ("place", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (111, "111th")],
)
def test_places_in_line_end_as_english_does(place, words):
    assert formats.ordinal(place) == words


@pytest.mark.parametrize(("price", "words"), [(0, "Free"), (1, "1 credit"), (12, "12 credits")])
def test_a_price_names_its_unit(price, words):
    assert formats.price(price) == words


@pytest.mark.parametrize(
    ("credits_", "words"),
    [
        (0, ""),
        (1, "Its 1 credit is held until 21 Nov, 09:05 UTC, then comes back."),
        (2, "Its 2 credits are held until 21 Nov, 09:05 UTC, then come back."),
    ],
)
def test_held_credits_say_until_when(credits_, words):
    assert formats.held(credits_, datetime(2026, 11, 21, 9, 5, tzinfo=UTC)) == words


def test_a_long_text_is_cut_between_words_and_says_so():
    assert formats.clipped("a quiet house by the sea", 14) == "a quiet…"


def test_a_short_text_keeps_its_words_on_one_line():
    assert formats.clipped("a quiet\n  house", 20) == "a quiet house"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.01, "0.1 s"), (3.14, "3.1 s"), (9.97, "10 s"), (59.7, "1 min 0 s"), (125.0, "2 min 5 s")]
)
def test_a_duration_is_as_exact_as_it_matters(seconds, words):
    assert formats.duration(seconds) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.2, 0.3, "about 1 s"),
        (1.8, 2.3, "about 2 s"),
        (2.0, 4.4, "about 2–4 s"),
        (8.4, 18.0, "about 8–20 s"),
        (70.0, 190.0, "about 1–3 min"),
    ],
)
def test_a_wait_is_told_as_roughly_as_it_is_known(low, high, words):
    assert formats.wait(low, high) == words
