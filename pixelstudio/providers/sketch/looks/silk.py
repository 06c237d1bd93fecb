"""Silk: wide sheets of cloth blown across the picture, each with its own folds and a bright hem, over a glow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import Canvas, Shadow

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_FALL = Shadow(dx=0.0, dy=-0.020, blur=0.045, depth=0.46, tint=(1.0, 0.98, 0.94))


@dataclass(frozen=True, slots=True)
class _Wind:
    """The way the cloth hangs: the slope of its long axis and the bow of the whole."""

    slope: float
    bow: float


@dataclass(frozen=True, slots=True)
class _Cloth:
    hem: Floats
    """y in units for every column."""
    tone: float
    depth: float
    folds: tuple[float, float, float]
    """How many, how they drift along the hem, where they begin."""


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """The glow, then the sheets from the far one to the near one, then the light over all."""
    rng = subject.rng
    wind = _Wind(float(rng.choice([-1, 1])) * float(rng.uniform(0.18, 0.62)), float(rng.uniform(-0.5, 0.5)))
    cloths = _cloths(canvas, subject, wind, 9)
    lamp = (float(rng.uniform(-0.7, 0.7)) * canvas.half_width, float(rng.uniform(-0.9, -0.4)) * canvas.half_height)
    strokes: list[Stroke] = [partial(_glow, canvas, subject, lamp)]
    strokes += [partial(_hang, canvas, subject, cloth) for cloth in cloths]
    strokes.append(partial(_light, canvas, subject, lamp))
    return strokes


def _cloths(canvas: Canvas, subject: Subject, wind: _Wind, count: int) -> list[_Cloth]:
    rng, x = subject.rng, canvas.x[0]
    night = subject.palette.is_night
    cloths: list[_Cloth] = []
    shared = noise.line(x, rng, 0.85)
    reach = canvas.half_height + abs(wind.slope) * canvas.half_width
    for i in range(count):
        t = i / (count - 1)
        base = reach * (-0.72 + 1.50 * t)
        sway = shared * np.float32(0.085) + noise.line(x, rng, 0.55) * np.float32(0.075) + noise.line(x, rng, 0.24) * np.float32(0.014)
        hem = base + wind.slope * x + wind.bow * (x * x - 0.08) + sway
        wave = 0.5 + 0.5 * np.cos(t * 2 * np.pi * 1.5 + 0.6)
        tone = (0.10 + 0.46 * wave) if night else (0.88 - 0.70 * t + 0.10 * wave)
        folds = (float(rng.uniform(5, 9)), float(rng.uniform(-3.0, 3.0)), float(rng.uniform(0, 6.28)))
        cloths.append(_Cloth(hem.astype(np.float32), tone, 0.20 if night else 0.28, folds))
    return cloths


def _glow(canvas: Canvas, subject: Subject, lamp: tuple[float, float]) -> None:
    far = np.hypot(canvas.x - np.float32(lamp[0]), canvas.y - np.float32(lamp[1]))
    tones = (0.34, 0.06) if subject.palette.is_night else (0.99, 0.78)
    near, edge = subject.palette.at(tones[0]), subject.palette.at(tones[1])
    share = np.exp(-far * far * np.float32(2.6))
    canvas.lay(canvas.whole(), None, [share * (near[c] - edge[c]) + edge[c] for c in range(3)])


def _hang(canvas: Canvas, subject: Subject, cloth: _Cloth) -> None:
    """One sheet: bright along the hem, deeper into the cloth, with folds that run beside the hem and fade."""
    box = canvas.box(-canvas.half_width, float(cloth.hem.min()) - 0.15, canvas.half_width, canvas.half_height)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    slope = np.gradient(cloth.hem, canvas.x[0])
    lean = (1 / np.sqrt(1 + slope * slope)).astype(np.float32)
    below = (y - cloth.hem[None, :]) * lean[None, :]
    cover = canvas.cover(below, 1.4)
    canvas.cast(box, cover, _FALL)
    inside = np.maximum(below, 0)
    into = inside / (inside + np.float32(0.16))
    first, last = min(cloth.tone + 0.13, 0.98), max(cloth.tone - cloth.depth, 0.03)
    light, middle, deep = (subject.palette.at(tone) for tone in (first, (first + last) / 2, last))
    canvas.lay(box, cover, canvas.blend(into, light, middle, deep), _folds(cloth, x, inside, into, slope))


def _folds(cloth: _Cloth, x: Floats, inside: Floats, into: Floats, slope: Floats) -> Floats:
    """The shade of the cloth: folds lit from above, a sheen where the hem turns to the light, a thin bright edge."""
    number, drift, start = cloth.folds
    phase = into * np.float32(number) + x * np.float32(drift) + np.float32(start)
    fold = np.sin(phase)
    fold += np.float32(0.35) * np.sin(phase * np.float32(2.3) + x * np.float32(5.0))
    fold *= np.float32(0.23) * into * (1 - into) * np.float32(4)
    sheen = (np.clip(0.5 - slope * 0.7, 0, 1.2) * 0.22).astype(np.float32)
    fold += sheen[None, :] * (1 - into) ** 2
    fold += np.float32(0.14) * np.exp(inside * np.float32(-260))
    fold += np.float32(0.94)
    return fold


def _light(canvas: Canvas, subject: Subject, lamp: tuple[float, float]) -> None:
    """The lamp spills over the hems nearest to it."""
    far = np.hypot(canvas.x - np.float32(lamp[0]), canvas.y - np.float32(lamp[1]))
    if subject.palette.is_night:  # white light would lie on dark cloth like dust: it only wakes the colours
        glow = np.exp(far * np.float32(-2.6)) * np.float32(0.85) + 1
        for plane, share in zip(canvas.planes, subject.palette.at(0.62), strict=True):
            np.multiply(plane, glow, out=plane)
            np.add(plane, np.exp(far * np.float32(-4.0)) * np.float32(0.06) * share, out=plane)
        return
    spill = np.exp(far * np.float32(-3.2)) * np.float32(0.26)
    canvas.lay(canvas.whole(), spill, list(subject.palette.at(0.97)))
