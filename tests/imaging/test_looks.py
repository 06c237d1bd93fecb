"""Looks: colours are where independent sources say, copies look alike, signs lead from a wish to what fulfils it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pixelstudio.imaging.likeness import look_of
from pixelstudio.imaging.looks import BLANK, LOOK_MAX, asked_for, asked_like, colour_of, off_palette, signs_of, unlike, whole_look
from tests.imaging.test_fingerprints import COPIES, a_scene


def a_field(*colours):
    """Upright stripes of these colours."""
    picture = Image.new("RGB", (300, 200))
    pen = ImageDraw.Draw(picture)
    for at, colour in enumerate(colours):
        pen.rectangle((at * 300 // len(colours), 0, 300, 200), fill=colour)
    return picture


@pytest.mark.parametrize(
    ("text", "oklab"),
    [("#ffffff", (1, 0, 0)), ("000000", (0, 0, 0)), ("#FF0000", (0.628, 0.225, 0.126)), ("#0000ff", (0.452, -0.032, -0.312))],
)
def test_a_colour_is_where_its_source_says(text, oklab):
    colour = colour_of(text)

    assert colour is not None
    found = (colour[0] / 255, *((part / 255 - 0.5) * 0.8 for part in colour[1:]))
    assert found == pytest.approx(oklab, abs=0.004)


@pytest.mark.parametrize("text", ["", "#", "red", "#12345", "#1234567", "١٢٣٤٥٦", "ff00zz"])
def test_what_is_no_colour_is_none(text):
    assert colour_of(text) is None


@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
def test_a_picture_of_one_colour_is_found_by_it(red, green, blue):
    wanted = colour_of(f"#{red:02x}{green:02x}{blue:02x}")
    assert wanted is not None
    look = look_of(a_field((red, green, blue)))

    assert set(asked_for([wanted])[0][0]) & set(signs_of(look))
    assert off_palette([wanted], look) < 3


def test_two_colours_are_found_together_before_one_of_them():
    both, one = look_of(a_field("#2f5d8a", "#e9c46a")), look_of(a_field("#2f5d8a"))
    palette = [colour for colour in map(colour_of, ("#2f5d8a", "#e9c46a")) if colour]
    strict, _, loose = asked_for(palette)

    assert all(set(group) & set(signs_of(both)) for group in strict)
    assert not all(set(group) & set(signs_of(one)) for group in strict)
    assert set(loose[0]) & set(signs_of(one))
    assert off_palette(palette, both) < off_palette(palette, one)


@pytest.mark.parametrize("copy", [name for name in COPIES if name not in {"grey", "brighter"}])
def test_a_copy_is_nearer_than_any_other_and_shares_its_signs(copy):
    looks = [look_of(a_scene(seed)) for seed in range(6)]
    for at, look in enumerate(looks):
        copied = look_of(COPIES[copy](a_scene(at)))
        assert min(range(6), key=lambda other: unlike(copied, looks[other])) == at
        assert any(set(group) & set(signs_of(look)) for stage in asked_like(copied) for group in stage)


def test_a_look_is_small_and_a_blank_one_has_no_signs():
    assert all(len(whole_look(look_of(a_scene(seed)))) <= LOOK_MAX for seed in range(4))
    assert signs_of(BLANK) == ()


@pytest.mark.parametrize("said", [b"", BLANK, BLANK + b"abc", BLANK + bytes(24)])
def test_a_look_of_a_wrong_length_is_refused(said):
    with pytest.raises(ValueError, match="length"):
        whole_look(said)
