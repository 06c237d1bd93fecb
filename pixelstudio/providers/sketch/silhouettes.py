"""Shapes that several looks share: a line of firs, a cloud, a sky full of stars."""

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


def stars(canvas: Canvas, rng: np.random.Generator, count: int, lowest: float = 1.42) -> None:
    """Points of light above `lowest`, a few of them bright."""
    x, y = rng.uniform(-1.42, 1.42, count), rng.uniform(-1.42, lowest, count)
    bright = rng.pareto(1.9, count) * 0.16 + 0.08
    size = (0.0007 + 0.0012 * rng.random(count)) * np.clip(bright * 3, 0.7, 1.6)
    for place in zip(x, y, bright, size, strict=True):
        _star(canvas, *(float(value) for value in place))


def _star(canvas: Canvas, x: float, y: float, bright: float, size: float) -> None:
    size = max(size, 0.55 / canvas.unit)
    box = canvas.around(x, y, size * 3)
    if box.is_empty:
        return
    xs, ys = canvas.coordinates(box)
    far = ((xs - np.float32(x)) ** 2 + (ys - np.float32(y)) ** 2) / np.float32(size * size)
    canvas.add(box, np.exp(-far) * np.float32(min(bright, 0.9)), (1.0, 0.98, 0.95))
