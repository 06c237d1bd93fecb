"""The placeholder: a tiny picture that resembles its own."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from pixelstudio.imaging.placeholder import placeholder_data_url, spill_of
from pixelstudio.imaging.thumbhash import thumbhash
from tests.imaging.pictures import a_picture


def hashed(picture):
    return thumbhash(np.asarray(picture.convert("RGBA")))


def shown(url):
    return Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,"))))


@pytest.mark.parametrize("size", [(32, 32), (32, 18), (18, 32), (64, 16)])
def test_a_placeholder_has_the_shape_and_colours_of_its_picture(size):
    picture = a_picture(*size)

    placeholder = shown(placeholder_data_url(hashed(picture)))

    assert max(placeholder.size) == 12
    assert abs(placeholder.width / placeholder.height - size[0] / size[1]) < 0.7
    expected = np.asarray(picture.resize(placeholder.size, Image.Resampling.BOX)).astype(int)
    assert np.abs(np.asarray(placeholder) - expected).mean() < 26


def test_a_placeholder_is_small_enough_for_a_page():
    noise = np.random.default_rng(1).integers(0, 256, (32, 32, 4), np.uint8)

    assert len(placeholder_data_url(hashed(a_picture(32, 32)))) < 450
    assert len(placeholder_data_url(thumbhash(noise))) < 600


def test_a_flat_colour_shows_as_itself():
    placeholder = shown(placeholder_data_url(hashed(Image.new("RGB", (32, 32), (200, 100, 50)))))

    assert np.abs(np.asarray(placeholder).reshape(-1, 3) - (200, 100, 50)).max() < 8


@pytest.mark.parametrize("data", [b"", b"\0", b"\1\2\3\4", b"\0\0\0\0\0", b"\xff" * 5])
def test_bytes_that_are_no_thumbhash_show_nothing_and_break_nothing(data):
    assert placeholder_data_url(data) == ""
    assert len(spill_of(data)) == 7
