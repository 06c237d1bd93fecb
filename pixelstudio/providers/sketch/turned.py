"""Things from the lathe: an outline turned round its middle, seen a little from above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Box, Canvas
    from pixelstudio.providers.sketch.colour import Floats

_TILT: Final = 0.20
"""How far from above one looks: the height of a round foot against its breadth."""
_FINE: Final = 2048
"""Places an outline is known at."""


class Turn(NamedTuple):
    """A point of an outline that is turned round: how far down from the top and how far from the middle, in heights of the whole."""

    down: float
    out: float


@dataclass(frozen=True, slots=True)
class Vessel:
    """A thing as it comes from the lathe: `foot` is where its middle stands, `tall` how high it is, in units."""

    x: float
    foot: float
    tall: float
    outline: tuple[Turn, ...]
    tones: tuple[float, float]
    """In its own shadow, and in the light."""
    gloss: float
    accent: bool = False
    is_open: bool = False


class Surface(NamedTuple):
    """A turned thing seen by pixel: how much of it covers each, where round it (-1 left to 1 right), how far down (0..1), the lid's share."""

    box: Box
    cover: Floats
    around: Floats
    down: Floats
    lid: Floats


def surface(canvas: Canvas, vessel: Vessel) -> Surface | None:
    """Turned outlines seen a little from above: what lies nearer to the eye lies lower in the picture."""
    places = np.array([turn.down for turn in vessel.outline], np.float32)
    outs = np.array([turn.out for turn in vessel.outline], np.float32) * np.float32(vessel.tall)
    widest, top = float(outs.max()), vessel.foot - vessel.tall
    room = widest * _TILT
    box = canvas.box(vessel.x - widest - 0.02, top - room - 0.02, vessel.x + widest + 0.16, vessel.foot + room + 0.05)
    if box.is_empty:
        return None
    x, y = canvas.coordinates(box)
    off = x - np.float32(vessel.x)
    down = (y - np.float32(top)) / np.float32(vessel.tall) + np.zeros_like(off)
    fine = _smoothed(np.interp(np.linspace(0, 1, _FINE + 1), places, outs).astype(np.float32))
    for _ in range(3):
        out = fine[np.clip(down * _FINE, 0, _FINE).astype(np.int16)]
        depth = np.sqrt(np.maximum(1 - (off / out) ** 2, 0))
        down = (y - np.float32(top) - np.float32(_TILT) * out * depth) / np.float32(vessel.tall)
    out = fine[np.clip(down * _FINE, 0, _FINE).astype(np.int16)]
    tall = np.float32(vessel.tall)
    body = canvas.cover(np.minimum(np.minimum(out - np.abs(off), down * tall), (1 - down) * tall), 1.3)
    first = fine[0]
    ring = np.hypot(off / first, (y - np.float32(top)) / (first * np.float32(_TILT)))
    lid = canvas.cover((1 - ring) * first * np.float32(_TILT), 1.3)
    around = np.clip(off / np.maximum(out, np.float32(1e-4)), -1, 1)
    return Surface(box, np.minimum(body + lid, 1), around, np.clip(down, 0, 1), lid)


def _smoothed(outline: Floats, reach: int = _FINE // 12) -> Floats:
    """No corner of an outline is sharp; its two ends stay where they are."""
    kernel = np.hanning(2 * reach + 3)[1:-1]
    padded = np.concatenate([2 * outline[0] - outline[reach:0:-1], outline, 2 * outline[-1] - outline[-2 : -reach - 2 : -1]])
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), "valid"), np.float32)


def straight(out: float) -> tuple[Turn, ...]:
    """The outline of a plain cylinder with its edges broken."""
    return (Turn(0, out * 0.99), Turn(0.03, out), Turn(0.97, out), Turn(1, out * 0.985))
