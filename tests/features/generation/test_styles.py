"""Styles: words put behind a prompt and found there again."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.styles import NONE, STYLES, composed, parted, style_of
from tests.factories import a_request, a_user


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.id)
def test_what_a_style_adds_is_found_again_and_added_once(style):
    whole = composed("a quiet house", style)

    assert whole == f"a quiet house, {style.words}"
    assert parted(whole) == ("a quiet house", style)
    assert composed(whole, style) == whole


def test_no_style_changes_nothing_and_an_unknown_one_is_refused():
    assert composed("a quiet house", NONE) == "a quiet house"
    assert parted("a quiet house") == ("a quiet house", NONE)
    assert style_of("") is NONE
    with pytest.raises(Invalid) as refusal:
        style_of("no-such-style")
    assert refusal.value.field == "style"


def test_there_are_a_dozen_of_them_told_apart_by_every_column():
    assert len(STYLES) == 12
    assert all(len({getattr(style, column) for style in STYLES}) == 12 for column in ("id", "title", "words"))


async def test_a_set_keeps_the_whole_prompt_and_says_which_style(studio):
    ines = await a_user(studio.db)

    async with studio.db.transaction() as tx:
        view = await submit(tx, studio, a_request(prompt="a quiet house", style="dusk"), ines)

    assert parted(view.prompt) == ("a quiet house", style_of("dusk"))
    assert view.facts[1] == "Dusk"


async def test_a_prompt_too_long_with_its_style_is_refused_before_anything_is_written(studio):
    ines = await a_user(studio.db)

    async with studio.db.transaction() as tx:
        with pytest.raises(Invalid) as refusal:
            await submit(tx, studio, a_request(prompt="x" * limits.PROMPT_MAX, style="dusk"), ines)

    assert refusal.value.code == "prompt_too_long"
