"""A whole picture in about 25 bytes: the encoder, bit for bit the reference. Runs inside a child; `placeholder` reads it back.

Source: Evan Wallace, ThumbHash, https://github.com/evanw/thumbhash (rgbaToThumbHash), MIT. Every sum runs in the order of the
reference (`cumsum` adds one after the other, `sum` and matrix products do not), so that even the noise of a flat colour rounds alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane: TypeAlias = NDArray[np.float64]

SIDE_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class _Waves:
    """One channel as cosine waves: the constant, the waves scaled to 0-1, and the scale."""

    constant: float
    waves: list[float]
    scale: float


def thumbhash(rgba: NDArray[Any]) -> bytes:
    """Height x width x 4 uint8, at most 100 pixels a side -> 5 to 25 bytes. Raises ValueError for a larger picture."""
    height, width = rgba.shape[:2]
    if max(height, width) > SIDE_MAX:
        raise ValueError(f"{width}x{height} is too large for a thumbhash")
    values = rgba.reshape(-1, 4).astype(np.float64)
    alpha = values[:, 3] / 255
    total = _in_order(alpha)
    has_alpha = total < width * height
    red, green, blue = (_upon_mean(values[:, channel], alpha, total) for channel in range(3))
    columns, rows = (max(1, _round((5 if has_alpha else 7) * length / max(width, height))) for length in (width, height))
    size = (width, height)
    light = _waves_of((red + green + blue) / 3, size, (max(3, columns), max(3, rows)))
    yellow = _waves_of((red + green) / 2 - blue, size, (3, 3))
    redness = _waves_of(red - green, size, (3, 3))
    opacity = _waves_of(alpha, size, (5, 5)) if has_alpha else None
    is_wide = width > height
    head = _head(light, yellow, redness, opacity, bands=rows if is_wide else columns, is_wide=is_wide)
    return head + _nibbles([*light.waves, *yellow.waves, *redness.waves, *(opacity.waves if opacity else [])])


def _head(light: _Waves, yellow: _Waves, redness: _Waves, opacity: _Waves | None, *, bands: int, is_wide: bool) -> bytes:
    first = _round(63 * light.constant) | _round(31.5 + 31.5 * yellow.constant) << 6 | _round(31.5 + 31.5 * redness.constant) << 12
    first |= _round(31 * light.scale) << 18 | (opacity is not None) << 23
    second = bands | _round(63 * yellow.scale) << 3 | _round(63 * redness.scale) << 9 | is_wide << 15
    head = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    return head if opacity is None else head + bytes([_round(15 * opacity.constant) | _round(15 * opacity.scale) << 4])


def _upon_mean(channel: Plane, alpha: Plane, total: float) -> Plane:
    """One colour as 0-1, laid upon its own mean where it is see-through."""
    mean = _in_order(alpha / 255 * channel) / (total or 1)
    return mean * (1 - alpha) + alpha / 255 * channel


def _waves_of(channel: Plane, size: tuple[int, int], shape: tuple[int, int]) -> _Waves:
    (width, height), (columns, rows) = size, shape
    across, down = _cosines(width, columns), _cosines(height, rows)
    kept = [(x, y) for y in range(rows) for x in range(columns) if x * rows < columns * (rows - y)]
    plane = channel.reshape(height, width)
    products = np.stack([(plane * across[x] * down[y][:, None]).ravel() for x, y in kept])
    sums = [float(value) / (width * height) for value in products.cumsum(1)[:, -1]]
    scale = max(map(abs, sums[1:]), default=0.0)
    return _Waves(sums[0], [0.5 + 0.5 / scale * wave for wave in sums[1:]] if scale else sums[1:], scale)


@lru_cache(maxsize=64)
def _cosines(length: int, count: int) -> list[Plane]:
    return [np.array([math.cos(math.pi / length * wave * (at + 0.5)) for at in range(length)]) for wave in range(count)]


def _in_order(values: Plane) -> float:
    return float(values.cumsum()[-1])


def _nibbles(waves: list[float]) -> bytes:
    values = [_round(15 * wave) for wave in waves]
    values += [0] * (len(values) % 2)
    return bytes(low | high << 4 for low, high in zip(values[::2], values[1::2], strict=True))


def _round(value: float) -> int:
    return math.floor(value + 0.5)  # as Math.round, not to even
