"""Every mode a decoder gives becomes eight-bit sRGB, without clipping and without colours that were hidden."""

import numpy as np
import pytest
from PIL import Image

from pixelstudio.imaging.colours import is_usable, to_srgb
from tests.imaging.pictures import srgb_profile, swapped_profile


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (128, 0), (129, 1), (40_000, 156), (65_535, 255)])
def test_sixteen_bit_grey_is_scaled_to_the_nearest_eight(value, expected):
    picture = Image.fromarray(np.full((2, 2), value, np.uint16))

    assert to_srgb(picture, b"").getpixel((0, 0)) == (expected,) * 3


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0), (0.5, 128), (1.0, 255), (7.0, 255), (float("nan"), 0)])
def test_float_grey_is_scaled_from_nought_to_one(value, expected):
    picture = Image.fromarray(np.full((2, 2), value, np.float32))

    assert to_srgb(picture, b"").getpixel((0, 0)) == (expected,) * 3


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 77, (77, 77, 77)),
        ("LA", (77, 128), (77, 77, 77, 128)),
        ("LA", (77, 255), (77, 77, 77)),
        ("RGB", (1, 2, 3), (1, 2, 3)),
        ("RGBA", (1, 2, 3, 128), (1, 2, 3, 128)),
        ("RGBA", (1, 2, 3, 255), (1, 2, 3)),
        ("CMYK", (255, 0, 0, 0), (0, 255, 255)),
    ],
)
def test_a_mode_becomes_rgb_with_alpha_only_where_something_is_see_through(mode, colour, expected):
    assert to_srgb(Image.new(mode, (2, 2), colour), b"").getpixel((0, 0)) == expected


def test_a_profile_is_followed_and_alpha_is_left_alone():
    picture = Image.new("RGBA", (2, 2), (255, 0, 0, 100))

    red, green, blue, alpha = np.asarray(to_srgb(picture, swapped_profile()))[0, 0].tolist()

    assert (red, green, alpha) == (0, 0, 100)
    assert blue > 250


def test_srgb_itself_changes_nothing():
    assert to_srgb(Image.new("RGB", (2, 2), (12, 34, 56)), srgb_profile()).getpixel((0, 0)) == (12, 34, 56)


@pytest.mark.parametrize(("mode", "usable"), [("RGB", True), ("RGBA", True), ("P", True), ("L", False), ("CMYK", False)])
def test_a_profile_must_speak_of_the_colours_there_are(mode, usable):
    assert is_usable(srgb_profile(), mode) is usable


@pytest.mark.parametrize("icc", [b"", b"nothing", bytes(200), srgb_profile()[:100]], ids=["none", "words", "noughts", "cut off"])
def test_a_broken_profile_is_not_usable(icc):
    assert not is_usable(icc, "RGB")
