"""A picture as pages show it: its shape and its blur are known before its bytes."""

from __future__ import annotations

import pytest

from pixelstudio.ui import pictures
from pixelstudio.ui.art import CORAL_DUNES, MINT_MOON


def test_a_portrait_names_the_true_widths_of_its_renditions():
    assert pictures.srcset("x", 1024, 1280) == "/media/x/256 205w, /media/x/512 410w, /media/x/1024 819w"


def test_a_small_picture_never_claims_to_be_wider_than_it_is():
    assert pictures.srcset("x", 300, 200) == "/media/x/256 256w, /media/x/512 300w, /media/x/1024 300w"


def test_a_missing_thumbhash_paints_nothing():
    assert pictures.blur(b"") == "none"


@pytest.mark.parametrize("art", [CORAL_DUNES, MINT_MOON], ids=lambda art: art.src)
def test_a_picture_of_the_house_has_a_blur_that_fits_into_a_page(art):
    assert art.blur.startswith("url(data:image/png;base64,")
    assert len(art.blur) < 2_048
