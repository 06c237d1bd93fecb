"""What a sentence is about, and the look it gets."""

from __future__ import annotations

import pytest

from pixelstudio.features.generation.suiting import better_suited, suiting
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.sights import AFLOAT, ALOFT, STANDING

EVERYDAY = {
    "sketch-horizon": (
        "a lighthouse at dusk",
        "A red lighthouse on the coast, storm coming",
        "two sailing boats on a quiet bay",
        "fishing boats in the harbour",
        "a cabin in the woods in winter",
        "snow over a small village",
        "an old castle on a hill",
        "a stone bridge in the fog",
        "hot air balloons over fields",
        "an apple tree in a meadow",
        "a glass house by the sea",
        "city skyline at night",
        "the beach at dawn",
        "rain",
        "a foggy morning",
        "northern lights",
        "a road to the mountains at sunset",
        "ein Leuchtturm im Abendlicht",
        "un bateau sur la mer",
        "una casa en la montaña",
    ),
    "sketch-bloom": (
        "a garden in the rain",
        "a bouquet of wild flowers",
        "red roses",
        "my favourite plant",
        "poppies in a field at sunset",
        "un jardin en hiver",
        "Blumen am Fenster",
        "a rose garden by the house",
    ),
    "sketch-product": (
        "a cup of coffee by the window",
        "a bowl of fruit",
        "a flower vase",
        "three vases in morning light",
        "a glass bottle",
    ),
    "sketch-glass": ("a stained glass window", "the rose window of a cathedral"),
    "sketch-arches": ("a doorway in the old town", "white stairs and a blue sky"),
    "sketch-paper": ("dunes at dusk", "sunset", "fields and hills in autumn", "a paper landscape in the snow"),
    "sketch-orbs": ("soap bubbles in the sun", "planets in deep space"),
    "sketch-silk": ("a red velvet curtain", "silk in the wind"),
    "sketch-flow": ("a river at night", "smoke", "wind over the sea"),
    "sketch-poster": ("a poster of a lighthouse",),
}


@pytest.mark.parametrize(("look", "prompt"), [(look, prompt) for look, prompts in EVERYDAY.items() for prompt in prompts])
def test_a_sentence_gets_the_look_of_what_it_is_about(look, prompt):
    assert suiting(prompt, MODELS).id == look


@pytest.mark.parametrize(
    "word", [word for kinds in (STANDING, AFLOAT, ALOFT) for kind, names in kinds.items() for word in (kind, *names.split())]
)
def test_what_horizon_can_draw_as_a_shape_is_given_to_it(word):
    assert suiting(word, MODELS).id == "sketch-horizon"


def test_a_sentence_nobody_can_read_gets_a_look_that_implies_no_thing_and_always_the_same():
    taken = [suiting(f"sentence {n}", MODELS).id for n in range(80)]

    assert set(taken) == {model.id for model in MODELS} - {"sketch-bloom", "sketch-poster", "sketch-product"}
    assert taken == [suiting(f"sentence {n}", MODELS).id for n in range(80)]
    assert suiting("", MODELS) in MODELS


def test_a_look_that_is_not_offered_leaves_the_sentence_to_what_it_names_next():
    few = [model for model in MODELS if model.id in {"sketch-silk", "sketch-poster"}]

    assert suiting("silk flowers", few).id == "sketch-silk"
    assert suiting("a garden", few).id == "sketch-silk"
    assert suiting("a garden", few[1:]).id == "sketch-poster"


@pytest.mark.parametrize(
    ("prompt", "chosen", "better"),
    [
        ("A pink peony in full bloom in a summer garden", "horizon", "bloom"),
        ("a castle at night", "bloom", "horizon"),
        ("a cloister with one door", "orbs", "arches"),
        ("a paper boat on green water", "paper", ""),
        ("a lighthouse by the sea", "paper", ""),
        ("dunes at noon", "horizon", ""),
        ("a rose window", "bloom", ""),
        ("quiet, at dusk", "orbs", ""),
        ("", "orbs", ""),
    ],
)
def test_another_look_is_offered_where_the_chosen_one_draws_nothing_of_what_is_named(prompt: str, chosen: str, better: str) -> None:
    by_id = {model.id: model for model in MODELS}

    offered = better_suited(prompt, by_id[f"sketch-{chosen}"], MODELS)

    assert (offered.id if offered else "") == (f"sketch-{better}" if better else "")
