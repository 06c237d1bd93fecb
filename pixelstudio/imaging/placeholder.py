"""What stands in a picture's place until it arrives: a thumbhash as a tiny data URL, and its one mean colour.

Plain Python and zlib: this runs in the serving process, which loads neither numpy nor Pillow. A page carries one for every picture, so
bytes count: 12 pixels hold the seven waves of a thumbhash, and the browser draws them large and smooth.

Source: Evan Wallace, ThumbHash, https://github.com/evanw/thumbhash (thumbHashToRGBA, thumbHashToAverageRGBA), MIT.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LONG_SIDE: Final = 12
_LEVELS_APART: Final = 4
"""Finer steps would be told apart by the compression, and by nobody's eye in a blur."""
_CACHED: Final = 4_096  # about 0.5 KB each


@dataclass(frozen=True, slots=True)
class _Head:
    light: float
    yellow: float
    redness: float
    light_scale: float
    yellow_scale: float
    redness_scale: float
    has_alpha: bool
    is_wide: bool
    columns: int
    rows: int


@lru_cache(maxsize=_CACHED)
def placeholder_data_url(thumbhash: bytes) -> str:
    """A PNG of at most 12 pixels a side as `data:image/png;base64,...`, for a CSS background; opaque, see-through parts in the mean.

    About 400 characters. Empty for bytes that are no thumbhash: a missing placeholder must not fail a page. Remembered.
    """
    try:
        rows = _pixels(thumbhash)
    except (IndexError, ZeroDivisionError):
        return ""
    return "data:image/png;base64," + base64.b64encode(_png(rows)).decode()


def spill_of(thumbhash: bytes) -> str:
    """The mean colour as `#rrggbb`; the colour a picture spills on its surroundings. Mid grey for bytes that are no thumbhash."""
    if len(thumbhash) < 5:
        return "#808080"
    head = _head(thumbhash)
    return "#%02x%02x%02x" % _rgb(head.light, head.yellow, head.redness)  # noqa: UP031  three hex pairs read best this way


def _head(thumbhash: bytes) -> _Head:
    first, second = int.from_bytes(thumbhash[:3], "little"), int.from_bytes(thumbhash[3:5], "little")
    has_alpha, is_wide = bool(first >> 23), bool(second >> 15)
    long, short = 5 if has_alpha else 7, second & 7
    return _Head(
        light=(first & 63) / 63,
        yellow=(first >> 6 & 63) / 31.5 - 1,
        redness=(first >> 12 & 63) / 31.5 - 1,
        light_scale=(first >> 18 & 31) / 31,
        yellow_scale=(second >> 3 & 63) / 63,
        redness_scale=(second >> 9 & 63) / 63,
        has_alpha=has_alpha,
        is_wide=is_wide,
        columns=long if is_wide else short,
        rows=short if is_wide else long,
    )


def _pixels(thumbhash: bytes) -> list[bytes]:
    """Rows of RGB bytes."""
    head = _head(thumbhash)
    start = 6 if head.has_alpha else 5
    nibbles = [nibble for byte in thumbhash[start:] for nibble in (byte & 15, byte >> 4)]
    ratio = head.columns / head.rows
    width = max(1, round(_LONG_SIDE if ratio > 1 else _LONG_SIDE * ratio))
    height = max(1, round(_LONG_SIDE / ratio if ratio > 1 else _LONG_SIDE))
    shapes = ((max(3, head.columns), max(3, head.rows)), (3, 3), (3, 3))
    # the reference strengthens the two colour channels by a quarter against the loss of rounding
    scales = (head.light_scale, head.yellow_scale * 1.25, head.redness_scale * 1.25)
    planes: list[list[list[float]]] = []
    at = 0
    for (columns, rows), scale, constant in zip(shapes, scales, (head.light, head.yellow, head.redness), strict=True):
        count = sum(1 for y in range(rows) for x in range(columns) if (x or y) and x * rows < columns * (rows - y))
        waves = [(nibbles[at + index] / 7.5 - 1) * scale for index in range(count)]
        planes.append(_plane(waves, (columns, rows), constant, (width, height)))
        at += count
    light, yellow, redness = planes
    return [
        b"".join(bytes(_rgb(*colour)) for colour in zip(light[y], yellow[y], redness[y], strict=True))  # one row
        for y in range(height)
    ]


def _plane(waves: list[float], shape: tuple[int, int], constant: float, size: tuple[int, int]) -> list[list[float]]:
    """Sum the waves, rows first: cosines are products, so a row needs its few coefficients only once."""
    (columns, rows), (width, height) = shape, size
    across, down = _cosines(width, columns), _cosines(height, rows)
    positions = [(x, y) for y in range(rows) for x in range(columns) if (x or y) and x * rows < columns * (rows - y)]
    plane: list[list[float]] = []
    for row in range(height):
        sums = [0.0] * columns
        for (x, y), wave in zip(positions, waves, strict=True):
            sums[x] += wave * down[y][row] * 2
        plane.append([constant + sum(sums[x] * across[x][column] for x in range(columns)) for column in range(width)])
    return plane


@lru_cache(maxsize=64)
def _cosines(length: int, count: int) -> list[list[float]]:
    return [[math.cos(math.pi / length * (at + 0.5) * wave) for at in range(length)] for wave in range(count)]


def _rgb(light: float, yellow: float, redness: float) -> tuple[int, int, int]:
    blue = light - 2 / 3 * yellow
    red = (3 * light - blue + redness) / 2
    return _byte(red), _byte(red - redness), _byte(blue)


def _byte(value: float) -> int:
    return round(255 * min(1.0, max(0.0, value)))


def _png(rows: list[bytes]) -> bytes:
    """Rows of RGB as PNG, packed as tightly as a few hundred bytes can be: a table of codes of their own often costs more than it saves."""
    coarse = [bytes(min(255, (value + _LEVELS_APART // 2) // _LEVELS_APART * _LEVELS_APART) for value in row) for row in rows]
    above = [bytes(len(coarse[0])), *coarse]
    filtered = b"".join(b"\4" + _foretold(row, over) for row, over in zip(coarse, above, strict=False))
    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    packed = min((_packed(filtered, strategy) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED)), key=len)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    parts = [struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _packed(data: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 9, 9, strategy)
    return packer.compress(data) + packer.flush()


def _foretold(row: bytes, over: bytes) -> bytes:
    """Each byte as its difference to what its three neighbours foretell (PNG filter 4, Paeth): in smooth pictures close to nothing."""
    before, over_before = bytes(3) + row, bytes(3) + over
    return bytes((value - _paeth(*near)) & 255 for value, *near in zip(row, before, over, over_before, strict=False))


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
