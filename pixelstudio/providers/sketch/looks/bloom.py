"""Bloom: one open flower seen from above, petal by petal from the outside in; tall and wide pictures get smaller ones beside it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pixelstudio.providers.sketch.canvas import Canvas, Shadow
from pixelstudio.providers.sketch.noise import Paper

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Box
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))
_GROUPS: Final = 9
_TABLE: Final = 4096


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the petals of one flower have in common. `near` and `tip` are exponents of the outline: a tip of 1 is round, 2 pointed."""

    breadth: float
    near: float
    tip: float
    notch: float
    rings: int
    """Petals in a ring; 0 sets them along the golden angle, as a dahlia does."""
    heart_is_light: bool


@dataclass(frozen=True, slots=True)
class _Petal:
    x: float
    y: float
    angle: float
    length: float
    tones: tuple[float, float]
    lift: float
    """How high it lies over the one beneath: the size of its shadow."""
    turn: int


class _Dot(NamedTuple):
    """One stamen, in units, and its tone."""

    x: float
    y: float
    size: float
    tone: float


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """Ground, leaves, smaller flowers where there is room, nine groups of petals, the heart."""
    rng = subject.rng
    dark = subject.palette.is_night or (bool(rng.random() < 0.5) and not subject.palette.is_pale)
    kind = _kind(rng)
    radius = min(canvas.short * 1.06, 0.56)
    x, y = (float(v) for v in rng.uniform(-0.03, 0.03, 2))
    petals = _flower(rng, kind, (x, y), radius, 60)
    leaves = _leaves(rng, (x, y), radius, dark=dark)
    beside = _beside(canvas, rng, radius)
    small = [petal for middle, size in beside for petal in _flower(rng, kind, middle, size, 32)]
    small_dots = [dot for middle, size in beside for dot in _heart(rng, middle, size, kind)]
    dots = _heart(rng, (x, y), radius, kind)
    paper = Paper(canvas, rng, strength=0.8)
    strokes: list[Stroke] = [partial(_ground, canvas, subject, paper, dark=dark, middle=(x, y))]
    strokes.append(partial(_lay_all, canvas, subject, paper, _LEAF, leaves))
    if small:
        strokes.append(partial(_lay_flower, canvas, subject, paper, kind, small, small_dots))
    strokes += [partial(_lay_all, canvas, subject, paper, kind, part) for part in _groups(petals)]
    strokes.append(partial(_dot_all, canvas, subject, dots))
    return strokes


def _kind(rng: np.random.Generator) -> _Kind:
    tip = float(rng.choice([0.85, 1.0, 1.35, 1.8]))
    notch = float(rng.choice([0.0, 0.0, 0.07])) if tip <= 1 else 0.0
    return _Kind(
        breadth=float(rng.uniform(0.25, 0.34)) * (1.0 if tip <= 1 else 0.86),
        near=float(rng.uniform(1.1, 1.9)),
        tip=tip,
        notch=notch,
        rings=int(rng.choice([0, 0, 7, 8, 9, 10])),
        heart_is_light=bool(rng.random() < 0.72),
    )


_LEAF: Final = _Kind(breadth=0.20, near=1.0, tip=1.5, notch=0.0, rings=0, heart_is_light=True)


def _flower(rng: np.random.Generator, kind: _Kind, middle: tuple[float, float], radius: float, count: int) -> list[_Petal]:
    """Petals from the outermost to the innermost; rings are always full."""
    petals: list[_Petal] = []
    if kind.rings:
        count = round(count / kind.rings) * kind.rings
    start = float(rng.uniform(0, 2 * np.pi))
    for i in range(count):
        t = i / (count - 1)
        if kind.rings:
            ring, place = divmod(i, kind.rings)
            t = ring / max(1, count // kind.rings - 1)
            angle = start + (place + 0.5 * (ring % 2)) * 2 * np.pi / kind.rings + float(rng.normal(0, 0.025))
        else:
            angle = start + i * _GOLDEN_ANGLE
        length = radius * ((1 - t) ** 0.86 * 0.86 + 0.14) * float(rng.uniform(0.965, 1.035))
        tone = 0.24 + 0.58 * t if kind.heart_is_light else 0.76 - 0.46 * t
        tone += float(rng.normal(0, 0.018))
        depth = 0.20 - 0.08 * t if kind.heart_is_light else 0.30 - 0.08 * t
        tones = (tone - depth, tone + 0.10)
        petals.append(_Petal(*middle, angle, length, tones, 0.4 + 0.6 * (1 - t), i))
    return petals


def _leaves(rng: np.random.Generator, middle: tuple[float, float], radius: float, *, dark: bool) -> list[_Petal]:
    count, start = int(rng.integers(5, 9)), float(rng.uniform(0, 2 * np.pi))
    tones = (0.05, 0.20) if dark else (0.16, 0.40)
    spread = 2 * np.pi / count
    return [
        _Petal(*middle, start + i * spread + float(rng.normal(0, 0.16)), radius * float(rng.uniform(1.12, 1.34)), tones, 1.0, i + 90)
        for i in range(count)
    ]


def _beside(canvas: Canvas, rng: np.random.Generator, radius: float) -> list[tuple[tuple[float, float], float]]:
    """Middle and radius of smaller flowers where a long picture would be empty, partly outside it."""
    ahead = max(canvas.half_width, canvas.half_height)
    if ahead < radius * 1.12:
        return []
    flowers: list[tuple[tuple[float, float], float]] = []
    for side in (-1, 1):
        small = radius * float(rng.uniform(0.50, 0.66))
        along = side * (ahead - small * float(rng.uniform(0.10, 0.45)))
        across = float(rng.choice([-1, 1])) * canvas.short * float(rng.uniform(0.25, 0.8))
        flowers.append(((along, across) if canvas.half_width > canvas.half_height else (across, along), small))
    return flowers


def _groups(petals: list[_Petal]) -> list[list[_Petal]]:
    """Nine strokes of about the same painted area: few large petals at first, many small ones at last."""
    painted = list(accumulate(0.02 + petal.length**2 for petal in petals))
    cuts = [0, *(bisect_left(painted, painted[-1] * i / _GROUPS) + 1 for i in range(1, _GROUPS)), len(petals)]
    return [petals[first:last] for first, last in pairwise(cuts)]


def _ground(canvas: Canvas, subject: Subject, paper: Paper, *, dark: bool, middle: tuple[float, float]) -> None:
    box = canvas.whole()
    far = np.hypot(canvas.x - np.float32(middle[0]), canvas.y - np.float32(middle[1]))
    shade = np.float32(1.12) - np.float32(0.42) * far * far
    shade += paper.sheet(box, 0)
    canvas.lay(box, None, list(subject.palette.at(0.10 if dark else 0.94)), shade)


def _lay_all(canvas: Canvas, subject: Subject, paper: Paper, kind: _Kind, petals: list[_Petal]) -> None:
    for petal in petals:
        _lay(canvas, subject, paper, kind, petal)


def _lay_flower(canvas: Canvas, subject: Subject, paper: Paper, kind: _Kind, petals: list[_Petal], dots: list[_Dot]) -> None:
    _lay_all(canvas, subject, paper, kind, petals)
    _dot_all(canvas, subject, dots)


def _lay(canvas: Canvas, subject: Subject, paper: Paper, kind: _Kind, petal: _Petal) -> None:
    box = _frame(canvas, kind, petal)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    cos, sin = np.float32(np.cos(petal.angle)), np.float32(np.sin(petal.angle))
    x, y = x - np.float32(petal.x), y - np.float32(petal.y)
    along = (x * cos + y * sin) / np.float32(petal.length)
    across = (y * cos - x * sin) / np.float32(petal.length)
    distance, edge = _outline(kind, along, across)
    cover = canvas.cover(distance * np.float32(petal.length))
    shadow = 0.018 * petal.lift
    canvas.cast(box, cover, Shadow(dx=shadow * 0.35, dy=shadow * 0.6, blur=max(shadow * 0.8, 0.004), depth=0.55))
    shade = _light(kind, along, across, edge, (float(cos), float(sin)))
    shade += paper.sheet(box, petal.turn)
    base, tip = subject.palette.at(petal.tones[0]), subject.palette.at(petal.tones[1])
    grown = np.clip(along, 0, 1)
    grown *= grown
    canvas.lay(box, cover, [grown * (tip[c] - base[c]) + base[c] for c in range(3)], shade)


def _frame(canvas: Canvas, kind: _Kind, petal: _Petal) -> Box:
    """The pixels a petal and its shadow can touch."""
    room = 0.03 * petal.lift + 0.012
    cos, sin = float(np.cos(petal.angle)), float(np.sin(petal.angle))
    half = petal.length * kind.breadth
    ends_x, ends_y = (0.0, petal.length * cos), (0.0, petal.length * sin)
    side_x, side_y = abs(half * sin) + room, abs(half * cos) + room
    return canvas.box(
        petal.x + min(ends_x) - side_x, petal.y + min(ends_y) - side_y, petal.x + max(ends_x) + side_x, petal.y + max(ends_y) + side_y
    )


def _outline(kind: _Kind, along: Floats, across: Floats) -> tuple[Floats, Floats]:
    """Signed distance to the outline (petal lengths) and how far out each pixel lies across, 0 at the fold and 1 at the edge.

    The outline is `across**2 = c * along**near * (1 - along)**tip`; the distance is its value over its gradient.
    """
    s = along
    if kind.notch:
        s = along / (1 - np.float32(kind.notch) * np.exp(-((across / np.float32(0.07)) ** 2)))
    places = np.clip(s * np.float32(_TABLE), 0, _TABLE).astype(np.int32)
    value, rise, narrowness = (table[places] for table in _profile(kind))
    squared = across * across
    edge = np.abs(across) * narrowness
    value -= squared
    squared *= 4
    squared += rise
    value /= np.sqrt(squared)
    return value, np.minimum(edge, 1)


@lru_cache(maxsize=8)
def _profile(kind: _Kind) -> tuple[Floats, Floats, Floats]:
    """Tables along a petal: squared half breadth, its squared slope, one over the half breadth. Powers per pixel would be half the work.

    The first and the last entry stand for everything beyond the petal: far outside.
    """
    s = np.linspace(0, 1, _TABLE + 1, dtype=np.float32).clip(1e-4, 1 - 1e-4)
    peak = kind.near / (kind.near + kind.tip)
    scale = kind.breadth**2 / (peak**kind.near * (1 - peak) ** kind.tip)
    value = np.float32(scale) * s ** np.float32(kind.near) * (1 - s) ** np.float32(kind.tip)
    rise = value * (np.float32(kind.near) / s - np.float32(kind.tip) / (1 - s))
    narrowness = 1 / np.sqrt(np.maximum(value, 1e-6))
    value[0] = value[-1] = -1
    rise[0] = rise[-1] = 0
    return value, rise * rise + np.float32(1e-7), narrowness


def _light(kind: _Kind, along: Floats, across: Floats, edge: Floats, direction: tuple[float, float]) -> Floats:
    """A cupped petal: dark where it leaves the heart, one flank turned to the light, a fold, fine veins, a bright rim."""
    cos, sin = direction
    flank = np.float32(0.17 * (0.5 * sin - 0.75 * cos))
    tilt = np.float32(1.0 - 0.10 * (0.5 * cos + 0.75 * sin))
    side = np.sign(across) * edge
    shade = np.clip(along * np.float32(1.5), 0, 1)
    shade *= np.float32(0.50)
    shade += np.float32(0.53) * tilt
    shade += side * flank
    fold = across * np.float32(14 / kind.breadth)
    shade -= np.float32(0.11) / (1 + fold * fold)
    shade += np.float32(0.022) * np.cos(side * np.float32(22)) * along
    rim = edge * edge
    rim *= rim
    rim *= rim
    shade += np.float32(0.10) * rim
    return shade


def _heart(rng: np.random.Generator, middle: tuple[float, float], radius: float, kind: _Kind) -> list[_Dot]:
    """Stamens, the outermost first."""
    count = 46
    dots: list[_Dot] = []
    for i in range(count, 0, -1):
        reach = radius * 0.105 * np.sqrt(i / count)
        angle = i * _GOLDEN_ANGLE
        tone = (0.50 - 0.25 * i / count if kind.heart_is_light else 0.92 - 0.15 * i / count) + float(rng.normal(0, 0.03))
        size = radius * 0.0125 * float(rng.uniform(0.8, 1.25))
        dots.append(_Dot(middle[0] + float(np.cos(angle) * reach), middle[1] + float(np.sin(angle) * reach), size, tone))
    return dots


def _dot_all(canvas: Canvas, subject: Subject, dots: list[_Dot]) -> None:
    for x, y, size, tone in dots:
        box = canvas.around(x, y, size * 2.6)
        if box.is_empty:
            continue
        xs, ys = canvas.coordinates(box)
        u, v = (xs - np.float32(x)) / np.float32(size), (ys - np.float32(y)) / np.float32(size)
        far = np.hypot(u, v)
        cover = canvas.cover((1 - far) * np.float32(size))
        canvas.cast(box, cover, Shadow(dx=size * 0.3, dy=size * 0.5, blur=size * 0.6, depth=0.6))
        dome = np.sqrt(np.maximum(1 - far * far, 0))
        shade = np.float32(0.62) + np.float32(0.5) * np.clip(dome * np.float32(0.6) - u * np.float32(0.5) - v * np.float32(0.6), 0, 1)
        canvas.lay(box, cover, list(subject.palette.at(tone)), shade)
