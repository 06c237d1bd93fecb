"""A picture read by two threads is the one that the decoder reads alone, whole or damaged."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from pixelstudio.imaging import inflating, png
from tests.imaging.corpus import MEGABYTE, zeros_deflated
from tests.imaging.corpus import png as png_of

REFUSED = "refused"
NOISE = np.random.default_rng(7).integers(0, 256, (288, 256, 4), np.uint8)
MODES = {
    "RGB": Image.fromarray(NOISE[..., :3]),
    "RGBA": Image.fromarray(NOISE),
    "LA": Image.fromarray(NOISE[..., :2], "LA"),
    "I;16": Image.fromarray(NOISE[..., :2].copy().view(np.uint16)[..., 0]),
    "L": Image.fromarray(np.concatenate([NOISE[..., 0], NOISE[..., 1]])),
    "P": Image.fromarray(np.concatenate([NOISE[..., 0], NOISE[..., 1]])).quantize(200),
    "1": Image.fromarray(NOISE.reshape(-1, 1024)).resize((1024, 1024)).convert("1"),
}


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return png.stripped(out.getvalue())


def _read(file) -> tuple[str, bytes] | str:
    try:
        with Image.open(file, formats=("PNG",)) as picture:
            picture.load()
            return picture.mode, picture.tobytes()
    except (OSError, SyntaxError, ValueError, struct.error):
        return REFUSED


def _parts(data: bytes) -> tuple[bytes, bytes]:
    parts = png.around_pixels(data)
    assert parts
    return parts


def _ahead(data: bytes) -> inflating.Ahead:
    return inflating.Ahead(*_parts(data))


def _with_pixels(data: bytes, compressed: bytes, *, of: int = 8_192) -> bytes:
    head, _ = _parts(data)
    pieces = [png.chunk(b"IDAT", compressed[at : at + of]) for at in range(0, len(compressed), of)]
    return b"".join([head, *pieces, png.END])


@pytest.mark.parametrize("mode", MODES)
def test_every_kind_of_pixel_is_the_same(mode):
    data = _written(MODES[mode])

    assert isinstance(inflating.opened(data), inflating.Ahead)
    assert _read(inflating.opened(data)) == _read(io.BytesIO(data)) != REFUSED


def test_an_interlaced_one_is_the_same():
    side = 512
    values = np.random.default_rng(8).integers(0, 256, (side, side), np.uint8)
    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    rows = [b"\0" + row.tobytes() for top, left, down, along in passes for row in values[top::down, left::along]]
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 1)
    pixels = png.chunk(b"IDAT", zlib.compress(b"".join(rows), 1))
    data = b"".join([b"\x89PNG\r\n\x1a\n", png.chunk(b"IHDR", header), pixels, png.END])

    assert _read(inflating.opened(data)) == _read(io.BytesIO(data)) == ("L", values.tobytes())


def test_small_ones_and_unusual_ones_are_left_to_the_decoder():
    data = _written(MODES["RGB"])
    head, compressed = _parts(data)
    halves = [png.chunk(b"IDAT", half) for half in (compressed[:9_000], compressed[9_000:])]
    between = b"".join([head, halves[0], png.chunk(b"tRNS", bytes(6)), halves[1], png.END])

    assert isinstance(inflating.opened(_written(MODES["RGB"].resize((16, 16)))), io.BytesIO)
    assert isinstance(inflating.opened(between), io.BytesIO)
    assert isinstance(inflating.opened(head + png.END + bytes(inflating.SMALL_BYTES)), io.BytesIO)


def test_damage_is_damage():
    """Whatever stands in the compressed bytes, with right checksums about them, is refused by both or is the same picture."""
    data = _written(MODES["RGB"].quantize(8).convert("RGB"))
    compressed = bytearray(_parts(data)[1])
    dice = random.Random(9)
    found = []
    for number in range(60):
        broken = bytearray(compressed)
        match number % 4:
            case 0:
                broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
            case 1:
                del broken[dice.randrange(len(broken)) :]
            case 2:
                at = dice.randrange(len(broken))
                broken[at : at + dice.randrange(400)] = dice.randbytes(dice.randrange(400))
            case _:
                broken += dice.randbytes(9)
        specimen = _with_pixels(data, bytes(broken))
        alone, together = _read(io.BytesIO(specimen)), _read(_ahead(specimen))
        assert together == alone, number
        found.append(alone == REFUSED)

    assert 30 <= sum(found) < 60


def test_what_swells_is_not_followed():
    """Take out the bound and a gigabyte is inflated behind four pixels."""
    file = _ahead(png_of(2, 2, colour=2, rows=zeros_deflated(1_000 * MEGABYTE)))

    assert _read(file) == ("RGB", bytes(12))
    assert file.tell() < 1_000
