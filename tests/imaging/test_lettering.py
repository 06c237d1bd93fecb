"""Type is set from a file of our own, and what the typeface has not is never set as empty boxes."""

from __future__ import annotations

import pytest

from pixelstudio.imaging.lettering import BOLD, PLAIN, breadth, line, printable
from tests.children import SparingPool


@pytest.mark.parametrize(("word", "is_printable"), [("Peaks", True), ("Été", True), ("l’île", True), ("夜の海", False), ("ночь", False)])
def test_only_words_whose_every_letter_is_there_are_set(word, is_printable):
    assert printable(word) is is_printable


def test_a_word_without_end_is_not_set():
    assert not printable("a" * 41)
    assert not printable("")


def test_a_line_is_as_wide_as_it_says_and_stands_on_its_base():
    mask, base = line("Wild", 100, BOLD)

    assert mask.shape[1] == pytest.approx(breadth("Wild", BOLD) * 100, abs=8)
    assert mask[:base].max() == 1
    assert mask[base + 2 :].max(initial=0) < 0.1
    assert breadth("Wild", BOLD) > breadth("Wild", PLAIN)


async def test_a_confined_child_finds_the_typeface():
    pool = SparingPool(size=1, urgent_size=0)
    arguments = {"model": "sketch-poster", "prompt": "Wild Peaks", "seed": 1, "width": 256, "height": 256}

    step = await pool.call("pixelstudio.providers.sketch.drawing:draw", arguments)

    assert step.facts == {"final": True}
    await pool.close()
