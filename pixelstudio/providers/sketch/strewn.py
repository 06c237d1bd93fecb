"""What is strewn over a sheet of paper or hangs before it, cut out: slips for rain, discs for snow, a flash. Each gives cover, 0..1, canvas size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pixelstudio.providers.sketch.canvas import FRACTION_BITS

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats

_REACH = 1.42
"""Half the longest side that is strewn over, in units: the same slips at every shape."""
_APART = 0.11
"""How far the middles of what is strewn lie apart, in units."""


def slips(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Narrow slanting strips, all one way, in rows that are shaken."""
    slant = float(rng.uniform(0.20, 0.34)) * float(rng.choice([-1.0, 1.0]))
    places = _places(rng)
    half = 0.5 * rng.uniform(0.030, 0.066, len(places))[:, None] * (np.array([[slant, 1.0]]) / np.hypot(slant, 1.0))
    across = rng.uniform(0.0008, 0.0014, len(places))[:, None] * (np.array([[1.0, -slant]]) / np.hypot(slant, 1.0))
    return _cut(canvas, np.stack([places - half - across, places - half + across, places + half + across, places + half - across], axis=1))


def flakes(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Punched discs, a few of them large."""
    places = _places(rng)
    radius = 0.0035 + 0.0085 * rng.random(len(places)) ** 2.2
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return _cut(canvas, places[:, None, :] + circle[None] * radius[:, None, None])


def flash(canvas: Canvas, rng: np.random.Generator, x: float, top: float, foot: float) -> Floats:
    """A zigzag that grows thinner downwards, from `top` to `foot`."""
    down = np.array([0.0, 0.36, 0.33, 0.68, 0.65, 1.0])
    aside = np.array([0.06, -0.10, 0.04, -0.10, 0.02, -0.16]) + rng.normal(0, 0.010, 6)
    thick = np.array([0.060, 0.052, 0.050, 0.040, 0.038, 0.0])
    tall = foot - top
    y = top + down * tall
    left, right = x + (aside - thick) * tall, x + (aside + thick) * tall
    return _cut(canvas, np.concatenate([np.stack([left, y], axis=1), np.stack([right, y], axis=1)[::-1]])[None])


def _places(rng: np.random.Generator) -> Floats:
    """Middles on a grid, each shaken within its field: nothing heaps up and nothing stays bare."""
    steps = np.arange(-_REACH, _REACH, _APART)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    return np.asarray(grid + rng.uniform(-0.5, 0.5, grid.shape) * _APART, np.float32)


def _cut(canvas: Canvas, outlines: Floats) -> Floats:
    sheet = np.zeros((canvas.height, canvas.width), np.uint8)
    for outline in canvas.fixed(outlines):
        cv2.fillPoly(sheet, [outline], 255, cv2.LINE_AA, FRACTION_BITS)
    return sheet.astype(np.float32) * np.float32(1 / 255)
