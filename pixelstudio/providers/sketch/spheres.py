"""Round things in studio light, which comes from the upper left, and the shadow they throw on what they lie on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pixelstudio.providers.sketch.canvas import Canvas, Shadow

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats

Ball = tuple[float, float, float]
"""Where its middle stands, where its foot is, and its radius, in units."""
_CLOSE: Final = Shadow(dx=0.003, dy=0.005, blur=0.010, depth=0.42, tint=(1.0, 0.97, 0.92))
"""Of one on the next."""


def fall(canvas: Canvas, ball: Ball) -> None:
    """The shadow beside a round thing on the floor."""
    x0, foot, r = ball
    y0 = foot - r
    box = canvas.box(x0 - r * 1.3, y0 - r * 1.3, x0 + r * 3.2, foot + r * 0.8)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    u, v = (x - np.float32(x0)) / np.float32(r), (y - np.float32(y0)) / np.float32(r)
    flat = np.hypot(u - np.float32(0.55), (v - np.float32(0.98)) / np.float32(0.26))
    canvas.dim(box, np.exp(-flat * flat * np.float32(1.1)) * np.float32(0.46), (1.0, 0.97, 0.92))


def sphere(canvas: Canvas, ball: Ball, tones: tuple[Floats, Floats, Floats], long: float = 1.0, front: Floats | None = None) -> None:
    """Something round, `long` times as broad as it is high, lit from the upper left; what is in `front` of it, canvas size, hides it."""
    x0, foot, r = ball
    y0 = foot - r
    box = canvas.box(x0 - r * 1.6 * long, y0 - r * 1.6, x0 + r * 1.6 * long, foot + r * 0.8)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    u, v = (x - np.float32(x0)) / np.float32(r * long), (y - np.float32(y0)) / np.float32(r)
    squared = u * u + v * v
    z = np.sqrt(np.maximum(1 - squared, 0))
    share = np.clip(np.float32(0.06) - u * np.float32(0.44) - v * np.float32(0.46) + z * np.float32(0.52), 0, 1)
    share += (1 - z) ** 3 * np.clip(v, 0, 1) * np.float32(0.30)
    shine = np.exp(((u + np.float32(0.40)) ** 2 + (v + np.float32(0.44)) ** 2) * np.float32(-26)) * np.float32(0.42)
    cover = canvas.cover((1 - np.sqrt(squared)) * np.float32(r), 1.3)
    if front is not None:
        cover *= 1 - front[box.top : box.bottom, box.left : box.right]
        canvas.cast(box, cover, _CLOSE)
    canvas.lay(box, cover, [colour + shine for colour in canvas.blend(np.clip(share, 0, 1), *tones)])
