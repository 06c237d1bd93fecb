"""The table of keys and the palette: each does one thing, no key two, and what they lead to is there."""

from __future__ import annotations

from typing import get_args

import pytest

from pixelstudio.ui.components.icon import IconName
from pixelstudio.ui.components.strokes import STROKES
from pixelstudio.ui.keys import KEYS
from pixelstudio.ui.palette import ENTRIES
from pixelstudio.ui.places import BAR, PLACES
from pixelstudio.ui.routes import PAGES

ROUTES = {page.route for page in PAGES}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.key)
def test_a_key_does_exactly_one_thing(key):
    assert len([act for act in (key.href, key.opens, key.focuses, key.presses, key.walks) if act]) == 1


def test_no_key_does_two_things():
    assert len({key.key for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.words)
def test_a_line_of_the_palette_does_exactly_one_thing(entry):
    assert len([act for act in (entry.href, entry.opens, entry.presses) if act]) == 1


def test_every_place_is_a_page():
    led_to = [*(place.href for place in PLACES), *(key.href for key in KEYS), *(entry.href for entry in ENTRIES)]

    assert {href for href in led_to if href} <= ROUTES
    assert len(BAR) <= 4


def test_every_icon_has_its_strokes():
    assert set(get_args(IconName)) == set(STROKES)
