"""Outlines that several looks share: a line of firs, a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats


def firs(canvas: Canvas, rng: np.random.Generator, tall: float, *, density: float = 1.0) -> Floats:
    """How far a line of firs stands above its ground, per column, in units; `tall` is the middle height."""
    x = canvas.x[0]
    count = int(2.8 / (tall * 0.30) * density)
    places, heights = rng.uniform(-1.4, 1.4, count), rng.gamma(7, 1 / 7, count) * tall
    crown = np.zeros_like(x)
    for place, height in zip(places, heights, strict=True):
        breadth = height * 0.30
        first, last = np.searchsorted(x, (place - breadth, place + breadth))
        off = np.abs(x[first:last] - np.float32(place)) / np.float32(breadth)
        boughs = 0.10 * np.abs(np.sin(off * 9 + place * 40)) * off
        crown[first:last] = np.maximum(crown[first:last], np.float32(height) * (1 - off**0.8 - boughs))
    return crown.astype(np.float32)


def cloud(rng: np.random.Generator, breadth: float) -> list[tuple[float, float, float]]:
    """Discs (x, y, radius) whose union, cut off at y = 0, is a cloud about `breadth` wide standing on its flat foot."""
    count = int(rng.integers(4, 6))
    discs: list[tuple[float, float, float]] = []
    for i in range(count):
        t = i / (count - 1) * 2 - 1
        radius = breadth * (0.26 - 0.13 * t * t) * float(rng.uniform(0.85, 1.15))
        discs.append((t * (breadth / 2 - radius), -radius * 0.45, radius))
    return discs
