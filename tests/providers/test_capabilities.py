"""What a model cannot do is said before anybody pays, with the field it belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import DrawRequest, Size, Span
from pixelstudio.providers.sketch.catalogue import MODELS

MODEL = MODELS[0]
PLAIN = DrawRequest(MODEL.id, "a hill", "", 7, 1024, 1024)
FIXED = replace(MODEL, any_size=False, sizes=(Size(512, 512, "Square"),), supports_negative_prompt=True)


def _refusal(model, request, count=None):
    with pytest.raises(Invalid) as refusal:
        ensure_drawable(model, request, count=count)
    return refusal.value


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"prompt": "x" * (limits.PROMPT_MAX + 1)}, "prompt", "prompt_too_long"),
        ({"negative_prompt": "text"}, "negative_prompt", "negative_prompt_not_supported"),
        ({"seed": -1}, "seed", "seed_out_of_range"),
        ({"seed": limits.SEED_MAX + 1}, "seed", "seed_out_of_range"),
        ({"width": limits.SIDE_MIN - 1}, "size", "size_not_offered"),
        ({"height": limits.SIDE_MAX + 1}, "size", "size_not_offered"),
        ({"count": 0}, "count", "count_out_of_range"),
        ({"count": 2}, "count", "count_out_of_range"),
    ],
)
def test_what_a_sketch_cannot_do_names_its_field(change, field, code):
    refusal = _refusal(MODEL, replace(PLAIN, **change))

    assert (refusal.field, refusal.code) == (field, code)


def test_the_longest_prompt_and_the_extreme_sizes_pass():
    for width, height in ((limits.SIDE_MIN, limits.SIDE_MAX), (limits.SIDE_MAX, limits.SIDE_MIN)):
        ensure_drawable(MODEL, replace(PLAIN, prompt="x" * limits.PROMPT_MAX, width=width, height=height))


def test_a_person_may_ask_for_more_pictures_than_one_call_gives():
    ensure_drawable(MODEL, PLAIN, count=limits.IMAGES_MAX)

    assert _refusal(MODEL, PLAIN, count=limits.IMAGES_MAX + 1).field == "count"


def test_the_sentence_about_negative_prompts_is_the_one_the_form_shows():
    assert _refusal(MODEL, replace(PLAIN, negative_prompt="text")).sentence == MODEL.why_no_negative_prompt


def test_a_model_with_listed_sizes_says_them():
    ensure_drawable(FIXED, replace(PLAIN, width=512, height=512, negative_prompt="text"))

    assert "512 x 512" in _refusal(FIXED, PLAIN).sentence


def test_a_negative_prompt_has_its_own_bound_where_it_is_supported():
    request = replace(PLAIN, width=512, height=512, negative_prompt="x" * (limits.NEGATIVE_PROMPT_MAX + 1))

    assert _refusal(FIXED, request).code == "negative_prompt_too_long"


GUIDED = replace(MODEL, guidance_offered=Span(1.5, 5, 3.5), steps_offered=Span(1, 50, 28), supports_reference=True, draws_transparency=True)


def test_what_a_model_takes_of_guidance_steps_reference_and_ground_passes():
    ensure_drawable(GUIDED, replace(PLAIN, guidance=5.0, steps=1, reference=b"x" * limits.REFERENCE_MAX_BYTES, is_transparent=True))


@pytest.mark.parametrize(
    ("model", "change", "code"),
    [
        (MODEL, {"guidance": 3.0}, "guidance_not_supported"),
        (GUIDED, {"guidance": 5.1}, "guidance_out_of_range"),
        (MODEL, {"steps": 20}, "steps_not_supported"),
        (GUIDED, {"steps": 0}, "steps_out_of_range"),
        (MODEL, {"is_transparent": True}, "transparency_not_supported"),
        (MODEL, {"reference": b"x"}, "reference_not_supported"),
        (GUIDED, {"reference": b"x" * (limits.REFERENCE_MAX_BYTES + 1)}, "reference_too_large"),
    ],
)
def test_what_it_does_not_take_is_said_and_not_dropped(model, change, code):
    refusal = _refusal(model, replace(PLAIN, **change))

    assert refusal.code == code
    assert refusal.field == next(iter(change))
