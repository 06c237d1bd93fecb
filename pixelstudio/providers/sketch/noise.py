"""Randomness with a scale: smooth fields, ridge lines, paper and grain. All of it from one generator, so a seed repeats a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pixelstudio.providers.sketch.canvas import FRACTION_BITS

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats

_REACH = 1.5
"""Half the longest side a canvas can have, in units (2048 x 256), with room to spare. Fixed, so that a field is the same at every size."""


def _weights(places: Floats, cells: int, cell: float) -> Floats:
    """Cubic B-spline weights (places, cells): smooth to the second derivative, so no lattice shows."""
    at = (places + _REACH) / cell + 1
    first = np.floor(at).astype(np.int64) - 1
    t = (at - np.floor(at)).astype(np.float32)
    parts = ((1 - t) ** 3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6, t**3 / 6)
    weights = np.zeros((len(places), cells), np.float32)
    rows = np.arange(len(places))
    for offset, part in enumerate(parts):
        weights[rows, np.clip(first + offset, 0, cells - 1)] += part
    return weights


def _cells(cell: float) -> int:
    return int(2 * _REACH / cell) + 4


def field(canvas: Canvas, rng: np.random.Generator, cell: float, *, stretch: float = 1.0) -> Floats:
    """Smooth noise over the canvas, about -1..1; features are `cell` units high and `stretch` times as wide."""
    rows, columns = _cells(cell), _cells(cell * stretch)
    lattice = rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(1.5)
    across = lattice @ _weights(canvas.x[0], columns, cell * stretch).T
    return _weights(canvas.y[:, 0], rows, cell) @ across


def clouds(canvas: Canvas, rng: np.random.Generator, cell: float, *, octaves: int = 4, gain: float = 0.5, stretch: float = 1.0) -> Floats:
    """Fractal noise: each octave half as large and `gain` times as strong; about -1..1."""
    total = np.zeros((canvas.height, canvas.width), np.float32)
    strength = 1.0
    for octave in range(octaves):
        layer = field(canvas, rng, cell / 2**octave, stretch=stretch)
        layer *= np.float32(strength)
        total += layer
        strength *= gain
    return total


def line(places: Floats, rng: np.random.Generator, cell: float, *, octaves: int = 1, gain: float = 0.5) -> Floats:
    """Smooth noise along one axis, about -1..1 for one octave."""
    total = np.zeros_like(places)
    for octave in range(octaves):
        size = cell / 2**octave
        knots = rng.standard_normal(_cells(size), dtype=np.float32) * np.float32(1.35)
        total += _weights(places, len(knots), size) @ knots * np.float32(gain**octave)
    return total


class Paper:
    """The tooth of one paper, lit from the upper left: values around 0 to be added to a shade of 1."""

    def __init__(self, canvas: Canvas, rng: np.random.Generator, *, strength: float = 1.0) -> None:
        self._margin = 64
        height, width = canvas.height + self._margin, canvas.width + self._margin
        scale = canvas.unit / 1024
        tooth = _tooth(height, width, rng, scale)
        tooth += _fibres(height, width, rng, scale)
        lit = tooth - np.roll(tooth, (1, 1), (0, 1))
        lit += tooth * np.float32(0.35)
        lit += _mottle(height, width, rng, scale)
        self._height_map = lit * np.float32(strength)

    def sheet(self, box: tuple[int, int, int, int], turn: int) -> Floats:
        """The tooth under one box; another `turn` looks like another sheet."""
        top, bottom, left, right = box
        down, along = (turn * 29) % self._margin, (turn * 47) % self._margin
        return self._height_map[top + down : bottom + down, left + along : right + along]


def _tooth(height: int, width: int, rng: np.random.Generator, scale: float) -> Floats:
    white = rng.standard_normal((height, width), dtype=np.float32)
    fine = cv2.GaussianBlur(white, (0, 0), max(0.75 * scale, 0.5))
    coarse = cv2.GaussianBlur(white, (0, 0), max(2.2 * scale, 0.9))
    return np.asarray(fine * np.float32(0.030 * max(scale, 0.6)) + coarse * np.float32(0.075 * scale), np.float32)


def _mottle(height: int, width: int, rng: np.random.Generator, scale: float) -> Floats:
    small = (max(8, int(height / (9 * scale))), max(8, int(width / (9 * scale))))
    blobs = cv2.GaussianBlur(rng.standard_normal(small, dtype=np.float32), (0, 0), 0.9)
    return np.asarray(cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(0.022), np.float32)


def _fibres(height: int, width: int, rng: np.random.Generator, scale: float) -> Floats:
    """A few hundred short bent hairs, as in handmade paper."""
    sheet = np.full((height, width), 128, np.uint8)
    count, bends = 420, 5
    start = rng.uniform(0, 1, (count, 1, 2)) * (width, height)
    angle = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(rng.normal(0, 0.28, (count, bends)), axis=1)
    stride = rng.uniform(3, 8, (count, 1, 1)) * scale
    points = start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=-1) * stride, axis=1)
    fixed = np.rint(points * (1 << FRACTION_BITS)).astype(np.int32)
    for part, tone in enumerate((104, 150, 116, 142)):
        cv2.polylines(sheet, list(fixed[part::4]), isClosed=False, color=tone, thickness=1, lineType=cv2.LINE_AA, shift=FRACTION_BITS)
    soft = cv2.GaussianBlur(sheet, (0, 0), max(0.6 * scale, 0.4)).astype(np.float32)
    return (soft - 128) * np.float32(0.030 / 24)
