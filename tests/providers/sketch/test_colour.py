"""Palettes are even to the eye, inside the gamut, and right against known numbers."""

from __future__ import annotations

import numpy as np
import pytest

from pixelstudio.providers.sketch.colour import lab_of_hex, linear_of_lab, palette_for

PROMPTS = ("sunset over the ocean", "neon galaxy dreams", "lemon and lavender", "dark moody forest", "soft pastel mint", "invoice", "")


def _lightness(linear):
    lms = (
        linear
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    return np.cbrt(np.maximum(lms, 0)) @ np.array([0.2104542553, 0.7936177850, -0.0040720468])


def test_oklab_agrees_with_published_values():
    # Ottosson 2020: white is (1, 0, 0); sRGB red is about (0.628, 0.225, 0.126).
    assert lab_of_hex("ffffff") == pytest.approx([1, 0, 0], abs=1e-4)
    assert lab_of_hex("ff0000") == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)


def test_there_and_back_is_the_same_colour():
    assert linear_of_lab(lab_of_hex("ff0000")) == pytest.approx([1, 0, 0], abs=1e-4)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_ramp_rises_in_lightness_without_a_dip_and_stays_in_gamut(prompt):
    ramp = palette_for(prompt, np.random.default_rng(3)).ramp.astype(float)

    assert ramp.min() >= 0
    assert ramp.max() <= 1
    assert np.diff(_lightness(ramp)).min() > -0.002


def test_seeds_move_a_palette_a_little():
    one, other = (palette_for("rose garden", np.random.default_rng(seed)).ramp for seed in (1, 2))

    assert 0.001 < np.abs(one - other).max() < 0.2


def test_two_words_share_the_ramp_light_above_and_dark_below():
    palette = palette_for("ocean sunset", np.random.default_rng(1))

    assert palette.at(0.2)[2] > palette.at(0.2)[0]
    assert palette.at(0.8)[0] > palette.at(0.8)[2]


def test_night_words_make_a_night_and_pastel_does_not():
    assert palette_for("a lake at night", np.random.default_rng(1)).is_night
    assert not palette_for("a pastel night", np.random.default_rng(1)).is_night
    assert palette_for("a pastel night", np.random.default_rng(1)).is_pale
