"""Briefs: the same facts give the same words, and every template can be chosen."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.features.prompts.briefs import Brief, category_of, checked, optimised
from pixelstudio.features.prompts.templates import shipped

MUG = Brief("a red ceramic mug", "home-decor", "studio")


def words_of(brief):
    templates = shipped()
    return optimised(checked(brief, templates), templates)


def test_a_brief_becomes_the_words_of_the_product_brief():
    words = words_of(MUG)

    assert words.prompt == (
        "Professional product photography of a red ceramic mug, studio lighting, softbox, neutral background, sharp focus, "
        "styled interior, balanced arrangement, tactile materials, 8K resolution, high detail, commercial photography"
    )
    assert words.negative_prompt == "blurry, distorted, low quality, watermark, text, logo, clutter, crooked objects"
    assert (words.guidance_scale, words.steps, words.written_by) == (7.5, 30, "templates")
    assert words_of(MUG) == words


def test_colour_context_and_angles_are_in_it_each_once():
    words = words_of(replace(MUG, colour="coral", context="on a wooden table", angles=("front", "close_up", "front"))).prompt

    assert "in coral, on a wooden table, straight-on front view, close-up of the details, macro lens" in words
    assert words.count("straight-on front view") == 1


def test_every_combination_gives_words_that_fit_and_settings_that_may_be_asked_for():
    templates = shipped()
    kinds = [[entry.id for entry in templates.of(kind)] for kind in ("style", "category", "angle")]

    assert [len(ids) for ids in kinds] == [10, 9, 9]
    assert kinds[0] == ["none", "studio", "lifestyle", "white_background", "minimal", "luxury", "flat_lay", "nature", "urban", "vintage"]
    seen = set()
    for style, category, angle in product(*kinds):
        words = words_of(Brief("a thing", category, style, (angle,)))
        seen.add(words.prompt)
        assert limits.GUIDANCE_MIN <= words.guidance_scale <= limits.GUIDANCE_MAX
        assert limits.STEPS_MIN <= words.steps <= limits.STEPS_MAX
        assert len(words.negative_prompt) <= limits.NEGATIVE_PROMPT_MAX
    assert len(seen) == 10 * 9 * 9


def test_the_longest_brief_still_fits():
    longest = Brief("d" * limits.BRIEF_DESCRIPTION_MAX, "", "vintage", (), "c" * limits.COLOUR_MAX, "x" * limits.CONTEXT_MAX)

    assert len(words_of(longest).prompt) <= limits.PROMPT_MAX


def test_what_is_asked_for_is_not_forbidden():
    assert "logo" not in words_of(replace(MUG, description="a mug with our logo")).negative_prompt.split(", ")


@pytest.mark.parametrize(
    ("description", "category"), [("Two leather boots", "footwear"), ("a silver ring", "jewelry"), ("a quiet morning", "other")]
)
def test_who_names_no_category_has_it_found_from_the_words(description, category):
    assert category_of(description) == category
    assert words_of(Brief(description)).prompt == words_of(Brief(description, category)).prompt


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": " \n "}, "description"),
        ({"description": "d" * (limits.BRIEF_DESCRIPTION_MAX + 1)}, "description"),
        ({"category": "cars"}, "category"),
        ({"style": "cubist"}, "style"),
        ({"angles": ("inside",)}, "angle"),
        ({"colour": "c" * (limits.COLOUR_MAX + 1)}, "colour"),
        ({"context": "x" * (limits.CONTEXT_MAX + 1)}, "additionalContext"),
    ],
)
def test_a_brief_that_cannot_be_meant_is_refused_by_its_field(changes, field):
    with pytest.raises(Invalid) as refused:
        words_of(replace(MUG, **changes))

    assert refused.value.field == field
