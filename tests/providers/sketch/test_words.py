"""Words become ramps and moods, in any script."""

from __future__ import annotations

import pytest

from pixelstudio.providers.sketch.words import MOODS, RAMPS, height_of, mood_of, ramp_by_chance, ramps_of, title_words


@pytest.mark.parametrize(
    ("prompt", "ramps"),
    [
        ("sunset over the OCEAN", ["sunset", "ocean"]),
        ("Two foxes, many berries and wolves", ["sunset", "berry", "moon"]),
        ("ein roter Wald: wald", ["forest"]),
        ("夜の海", ["night", "ocean"]),
        ("ночь", ["night"]),
        ("otoño", ["autumn"]),
        ("invoice", []),
        ("", []),
        ("🦊🌊", []),
    ],
)
def test_ramps_are_found_in_order_and_once(prompt, ramps):
    assert ramps_of(prompt) == ramps


def test_every_ramp_has_five_colours_that_grow_lighter():
    for name, ramp in RAMPS.items():
        tones = [sum(int(text[i : i + 2], 16) * w for i, w in ((0, 0.3), (2, 0.59), (4, 0.11))) for text in ramp.split()]
        assert len(tones) == 5, name
        assert tones == sorted(tones), name


def test_a_prompt_without_colour_words_always_gets_the_same_ramp():
    assert ramp_by_chance("Invoice  number seven") == ramp_by_chance("invoice number seven!")
    assert len({ramp_by_chance(f"thing {i}") for i in range(200)}) > 30


def test_moods_add_up_and_stay_within_reason():
    everything = mood_of(" ".join(MOODS))

    assert -0.14 <= everything.light <= 0.1
    assert 0.45 <= everything.chroma <= 1.4
    assert mood_of("dark").light < 0 < mood_of("pastel").light
    assert mood_of("plain words") == (0, 1, 0)


def test_sky_belongs_above_and_ground_below():
    assert height_of("sunset") == 1
    assert height_of("ocean") == -1
    assert height_of("linen") == 0


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a fox in the Autumn forest", ["fox", "Autumn", "forest"]),
        ("of the", ["of", "the"]),
        ("rock 'n' roll, l’été (1978)", ["rock", "n", "roll", "l’été", "1978"]),
        ("夜の海 🌊", ["夜の海"]),
        ("🌊 -- '\"", []),
        ("", []),
    ],
)
def test_a_title_has_the_words_that_say_something_as_they_were_typed(prompt, words):
    assert title_words(prompt) == words
