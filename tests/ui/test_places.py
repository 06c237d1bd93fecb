"""Places: each tells a stranger why it wants to know who they are."""

from __future__ import annotations

import pytest

from pixelstudio.ui.places import EXPLORE, LIBRARY_TABS, PLACES, RAIL, UNDER, VERIFY, why_sign_in


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/create", "Sign in to create."),
        ("/create?from=abc", "Sign in to create."),
        ("/collections/abc", "Sign in to see your collections."),
        ("/creates", "Sign in to go on."),
        ("/settings", "Sign in to go on."),
        ("javascript:alert(1)", "Sign in to go on."),
        ("", ""),
    ],
)
def test_who_was_led_to_the_door_is_told_why(path, why):
    assert why_sign_in(path) == why


def test_who_was_about_to_do_something_is_told_what_it_needs():
    assert why_sign_in("/explore", "like") == "Sign in or create an account, and your like counts."
    assert why_sign_in("/library", "<b>") == "Sign in to see your pictures."


def test_every_place_that_is_not_for_everybody_says_what_one_signs_in_for():
    silent = {place for place in PLACES if why_sign_in(place.href) == "Sign in to go on."}

    assert silent == {EXPLORE, VERIFY}


def test_a_place_the_rail_leaves_out_is_a_tab_of_one_that_it_has():
    left_out = {place.href for place in PLACES} - {place.href for place in RAIL}

    assert left_out == set(UNDER) <= {href for _, href in LIBRARY_TABS}
    assert set(UNDER.values()) <= {place.href for place in RAIL}
