"""The thumbhash against the reference: vectors made with the npm package thumbhash 0.1.1 from pictures of the formulas below."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from pixelstudio.imaging.placeholder import placeholder_data_url, spill_of
from pixelstudio.imaging.thumbhash import thumbhash

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "thumbhash.json").read_text())
# A wave of these is nought but for the last bit of a cosine, which two mathematical libraries round differently.
TIES = {("noise", 7, 3), ("see-through", 32, 32), ("see-through", 18, 32)}


def picture_of(kind, width, height):
    y, x, channel = np.mgrid[0:height, 0:width, 0:4]
    noise = (((y * width + x) * 4 + channel + 1) * 2_654_435_761 & 0xFFFFFFFF) >> 24
    match kind:
        case "noise":
            values = np.where(channel == 3, 255, noise)
        case "gradient":
            slopes = [255, 255 * x // width, 255 * y // height]
            values = np.select([channel == 3, channel == 0, channel == 1], slopes, 255 * (x + y) // (width + height))
        case "see-through":
            values = np.where(channel == 3, 255 * x // width, noise)
        case "opaque-grey":
            values = np.where(channel == 3, 255, 128)
        case _:
            values = np.where(channel == 3, 0, 77)
    return values.astype(np.uint8)


def nibbles(data):
    return [nibble for byte in data for nibble in (byte & 15, byte >> 4)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['kind']} {vector['width']}x{vector['height']}")
def test_a_thumbhash_is_that_of_the_reference(vector):
    key = (vector["kind"], vector["width"], vector["height"])
    reference = base64.b64decode(vector["hash"])

    ours = thumbhash(picture_of(*key))

    if vector["kind"] == "opaque-grey":  # waves of scale nought: they hold noise, and show nothing
        assert ours[:5] == reference[:5]
        assert placeholder_data_url(ours) == placeholder_data_url(reference)
    elif key in TIES:
        steps = [abs(one - other) for one, other in zip(nibbles(ours), nibbles(reference), strict=True)]
        assert max(steps) <= 1
        assert sum(steps) <= 2
    else:
        assert ours == reference


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['kind']} {vector['width']}x{vector['height']}")
def test_the_mean_colour_is_that_of_the_reference(vector):
    assert spill_of(base64.b64decode(vector["hash"])) == vector["mean"]


def test_a_large_picture_is_not_hashed():
    with pytest.raises(ValueError, match="too large"):
        thumbhash(np.zeros((101, 10, 4), np.uint8))
