"""The one tag of EXIF that is read."""

import struct

import pytest
from PIL import Image

from pixelstudio.imaging.exif import orientation_of


def a_block(order, *entries):
    body = struct.pack(order + "IH", 8, len(entries)) + b"".join(struct.pack(order + "HHIHH", *entry) for entry in entries)
    return {"<": b"II*\0", ">": b"MM\0*"}[order] + body


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_read_in_both_byte_orders(order, orientation):
    assert orientation_of(a_block(order, (0x010F, 3, 1, 9, 0), (0x0112, 3, 1, orientation, 0))) == orientation


def test_a_block_written_by_pillow_is_read():
    exif = Image.Exif()
    exif[0x0112] = 8
    exif[0x010E] = "words"

    assert orientation_of(exif.tobytes()) == 8


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        a_block("<", (0x0112, 3, 1, 0, 0)),
        a_block("<", (0x0112, 3, 1, 9, 0)),
        a_block("<", (0x0112, 2, 1, 6, 0)),
        a_block("<", (0x0111, 3, 1, 6, 0)),
    ],
)
def test_what_is_broken_or_odd_stands_upright(block):
    assert orientation_of(block) == 1
