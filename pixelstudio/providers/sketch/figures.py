"""Things as outlines, each of height 1 on its own ground: x to the right, y upwards, a few tones, and where lamps are.

Curves are short polygons. A part's tone runs from 0, as dark as the ground the thing stands on, to 1, as pale as a sail in the sun.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats

Point = tuple[float, float]


class Part(NamedTuple):
    """One closed outline."""

    outline: Floats
    tone: float


class Lamp(NamedTuple):
    """A light that burns when it is dark: a window is wider than high, or the other way round."""

    x: float
    y: float
    width: float
    height: float


class Figure(NamedTuple):
    """Parts in the order they are painted."""

    parts: tuple[Part, ...]
    lamps: tuple[Lamp, ...] = ()
    beacon: Point | None = None
    """Where a beam leaves it."""

    def windows(self) -> Figure:
        """Its lamps as shapes."""
        return Figure(
            tuple(_box(1.0, at.x - at.width / 2, at.y - at.height / 2, at.x + at.width / 2, at.y + at.height / 2) for at in self.lamps)
        )

    def moved(self, x: float, y: float = 0.0, size: float = 1.0) -> Figure:
        """The same, elsewhere and larger or smaller: to build a village from houses."""
        parts = tuple(Part((part.outline * size + (x, y)).astype(np.float32), part.tone) for part in self.parts)
        return Figure(parts, tuple(Lamp(at.x * size + x, at.y * size + y, at.width * size, at.height * size) for at in self.lamps))


def _shape(tone: float, *points: Point) -> Part:
    return Part(np.array(points, np.float32), tone)


def _box(tone: float, left: float, foot: float, right: float, top: float) -> Part:
    return _shape(tone, (left, foot), (right, foot), (right, top), (left, top))


def _oval(tone: float, x: float, y: float, across: float, up: float, start: float = 0.0, end: float = 2 * np.pi) -> Part:
    angle = np.linspace(start, end, 40)
    return Part(np.stack([x + across * np.cos(angle), y + up * np.sin(angle)], axis=1).astype(np.float32), tone)


def _curve(start: Point, by: Point, end: Point) -> list[Point]:
    """A bent line, by way of `by`."""
    t = np.linspace(0, 1, 14)
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(start, by, end, strict=True))
    return [(float(one), float(other)) for one, other in zip(x, y, strict=True)]


def lighthouse(_rng: np.random.Generator) -> Figure:
    """A banded tower with a gallery and a lantern, and the keeper's house."""

    def wide(y: float) -> float:
        return 0.098 - 0.042 * (y / 0.76) ** 0.8

    def band(tone: float, foot: float, top: float) -> Part:
        up = np.linspace(foot, top, 6)
        right = [(wide(float(y)), float(y)) for y in up]
        return _shape(tone, *right, *[(-x, y) for x, y in reversed(right)])

    keeper = house(_rng).moved(0.245, 0.0, 0.15)
    return Figure(
        (
            *keeper.parts,
            band(0.66, 0.0, 0.77),
            *(band(0.14, foot, foot + 0.125) for foot in (0.115, 0.365, 0.615)),
            _box(0.0, -0.088, 0.765, 0.088, 0.785),
            _box(0.05, -0.086, 0.80, 0.086, 0.806),
            *(_box(0.05, x - 0.003, 0.78, x + 0.003, 0.806) for x in (-0.083, -0.05, 0.05, 0.083)),
            _box(0.75, -0.043, 0.785, 0.043, 0.875),
            *(_box(0.0, x - 0.004, 0.785, x + 0.004, 0.875) for x in (-0.041, 0.0, 0.041)),
            _oval(0.0, 0.0, 0.873, 0.056, 0.062, 0, np.pi),
            _box(0.0, -0.004, 0.92, 0.004, 1.0),
            _box(0.0, -0.016, 0.30, 0.016, 0.34),
            _box(0.0, -0.020, 0.0, 0.020, 0.062),
        ),
        (*keeper.lamps, Lamp(0.0, 0.83, 0.055, 0.07)),
        (0.0, 0.83),
    )


def house(_rng: np.random.Generator) -> Figure:
    """A gable end, a long side under its roof, a chimney and three windows."""
    return Figure(
        (
            _box(0.05, 0.30, 0.70, 0.44, 1.06),
            _shape(0.12, (-0.28, 0.0), (0.92, 0.0), (0.92, 0.5), (-0.28, 0.5)),
            _shape(0.30, (-0.80, 0.0), (-0.28, 0.0), (-0.28, 0.48), (-0.54, 0.94), (-0.80, 0.48)),
            _shape(0.0, (-0.58, 0.97), (0.72, 0.97), (1.00, 0.44), (-0.24, 0.44), (-0.54, 0.97)),
            _shape(0.0, (-0.54, 0.99), (-0.87, 0.42), (-0.80, 0.40), (-0.54, 0.86), (-0.28, 0.40), (-0.20, 0.43)),
            _box(0.0, -0.60, 0.0, -0.47, 0.28),
        ),
        (Lamp(0.10, 0.25, 0.15, 0.17), Lamp(0.56, 0.25, 0.15, 0.17), Lamp(-0.54, 0.53, 0.11, 0.14)),
    )


def _merged(*figures: Figure) -> Figure:
    return Figure(tuple(part for one in figures for part in one.parts), tuple(lamp for one in figures for lamp in one.lamps))


def _barn() -> Figure:
    return Figure(
        (
            _box(0.10, -0.30, 0.0, 1.05, 0.50),
            _shape(0.26, (-0.9, 0), (-0.3, 0), (-0.3, 0.5), (-0.36, 0.74), (-0.6, 0.95), (-0.84, 0.74), (-0.9, 0.5)),
            _shape(0.0, (-0.6, 0.98), (0.82, 0.98), (1.02, 0.74), (1.10, 0.46), (-0.28, 0.46), (-0.36, 0.74)),
            _box(0.0, -0.72, 0.0, -0.48, 0.36),
        ),
        (Lamp(-0.6, 0.62, 0.10, 0.12),),
    )


def farm(rng: np.random.Generator) -> Figure:
    """A barn, the house beside it, and a silo behind."""
    silo = Figure((_box(0.16, -0.16, 0, 0.16, 1.0), _oval(0.0, 0, 0.99, 0.175, 0.15, 0, np.pi)))
    return _merged(silo.moved(0.72, 0, 0.92), _barn().moved(-0.25, 0, 0.78), house(rng).moved(1.35, 0, 0.52))


def church(_rng: np.random.Generator) -> Figure:
    """A nave beside a tower with a steep spire."""
    return Figure(
        (
            _box(0.12, 0.02, 0.0, 0.58, 0.24),
            _shape(0.0, (0.0, 0.43), (0.52, 0.43), (0.62, 0.21), (0.0, 0.21)),
            _box(0.26, -0.13, 0.0, 0.11, 0.52),
            _shape(0.0, (-0.155, 0.51), (0.135, 0.51), (-0.01, 0.93)),
            _box(0.0, -0.016, 0.92, -0.004, 1.0),
            _box(0.0, -0.035, 0.955, 0.015, 0.967),
            _oval(0.0, -0.01, 0.42, 0.028, 0.05),
            _box(0.0, -0.05, 0.0, 0.03, 0.13),
        ),
        (Lamp(0.20, 0.12, 0.035, 0.10), Lamp(0.33, 0.12, 0.035, 0.10), Lamp(0.46, 0.12, 0.035, 0.10)),
    )


def village(rng: np.random.Generator) -> Figure:
    """Houses close together, some of them behind, around a church."""
    homes = [
        house(rng).moved(float(x + rng.normal(0, 0.06)), float(y), float(size * rng.uniform(0.9, 1.15)))
        for x, y, size in ((-1.05, 0.10, 0.24), (0.95, 0.09, 0.25), (-0.55, 0.10, 0.28), (0.62, 0.0, 0.33), (-0.85, -0.02, 0.33))
    ]
    return _merged(homes[0], homes[1], homes[2], church(rng).moved(0.02, 0.05, 0.95), *homes[3:], house(rng).moved(-0.22, -0.04, 0.34))


def _battlements(tone: float, left: float, right: float, top: float, count: int) -> list[Part]:
    """A row of merlons."""
    step = (right - left) / (2 * count - 1)
    return [_box(tone, left + 2 * i * step, top - 0.001, left + (2 * i + 1) * step, top + step * 0.95) for i in range(count)]


def castle(_rng: np.random.Generator) -> Figure:
    """A keep among round towers with pointed roofs, within a wall."""

    def turret(x: float, half: float, top: float, tip: float, tone: float) -> list[Part]:
        return [
            _box(tone, x - half, 0.0, x + half, top),
            _box(tone * 0.6, x - half * 1.18, top - 0.035, x + half * 1.18, top),
            _shape(0.0, (x - half * 1.38, top), (x + half * 1.38, top), (x, tip)),
        ]

    return Figure(
        (
            *turret(-0.20, 0.055, 0.62, 0.85, 0.14),
            *turret(0.27, 0.050, 0.50, 0.70, 0.14),
            _box(0.20, -0.15, 0.0, 0.17, 0.58),
            *_battlements(0.20, -0.15, 0.17, 0.58, 6),
            *turret(0.075, 0.062, 0.74, 1.0, 0.26),
            _box(0.12, -0.52, 0.0, 0.56, 0.26),
            *_battlements(0.12, -0.52, 0.56, 0.26, 16),
            *turret(-0.50, 0.075, 0.40, 0.62, 0.22),
            *turret(0.54, 0.085, 0.36, 0.57, 0.22),
            _box(0.18, -0.10, 0.0, 0.06, 0.30),
            *_battlements(0.18, -0.10, 0.06, 0.30, 4),
            _box(0.0, -0.055, 0.0, 0.015, 0.11),
            _oval(0.0, -0.02, 0.11, 0.035, 0.045),
        ),
        (
            Lamp(0.075, 0.60, 0.022, 0.05),
            Lamp(-0.06, 0.44, 0.022, 0.05),
            Lamp(-0.50, 0.30, 0.020, 0.045),
            Lamp(0.54, 0.27, 0.020, 0.045),
            Lamp(-0.20, 0.50, 0.018, 0.045),
        ),
    )


def tower(_rng: np.random.Generator) -> Figure:
    """A round tower with merlons, older than the path to it."""
    return Figure(
        (
            _shape(0.24, (-0.17, 0), (0.17, 0), (0.135, 0.80), (-0.135, 0.80)),
            _shape(0.12, (-0.135, 0.78), (0.135, 0.78), (0.18, 0.85), (-0.18, 0.85)),
            _box(0.12, -0.18, 0.845, 0.18, 0.92),
            *_battlements(0.12, -0.18, 0.18, 0.92, 5),
            _oval(0.0, 0, 0.10, 0.045, 0.07),
            _box(0.0, -0.045, 0, 0.045, 0.10),
        ),
        (Lamp(0.0, 0.62, 0.035, 0.08), Lamp(0.03, 0.36, 0.030, 0.07)),
    )


def windmill(rng: np.random.Generator) -> Figure:
    """A tapering mill with a cap, its four sails caught at some angle."""
    hub = (-0.02, 0.63)
    turn = float(rng.uniform(0.15, 1.2))
    sails: list[Part] = []
    for quarter in range(4):
        angle = turn + quarter * np.pi / 2
        cos, sin = np.cos(angle), np.sin(angle)

        def out(along: float, across: float, cos: float = cos, sin: float = sin) -> Point:
            return (hub[0] + along * cos - across * sin, hub[1] + along * sin + across * cos)

        sails += [
            _shape(0.0, out(0, -0.008), out(0.40, -0.005), out(0.40, 0.005), out(0, 0.008)),
            *(
                _shape(0.0, out(y - 0.003, -0.001), out(y - 0.003, 0.075), out(y + 0.003, 0.075), out(y + 0.003, -0.001))
                for y in np.linspace(0.10, 0.39, 8)
            ),
            *(_shape(0.0, out(0.10, x - 0.003), out(0.39, x - 0.003), out(0.39, x + 0.003), out(0.10, x + 0.003)) for x in (0.038, 0.075)),
        ]
    return Figure(
        (
            _shape(0.36, (-0.19, 0), (0.19, 0), (0.105, 0.60), (-0.105, 0.60)),
            _shape(0.10, (-0.25, 0.205), (0.25, 0.205), (0.25, 0.225), (-0.25, 0.225)),
            _shape(
                0.0,
                (-0.13, 0.59),
                (0.14, 0.59),
                *_curve((0.12, 0.63), (0.06, 0.78), (-0.02, 0.77)),
                *_curve((-0.03, 0.77), (-0.10, 0.76), (-0.12, 0.63)),
            ),
            _box(0.0, -0.045, 0, 0.045, 0.14),
            *sails,
            _oval(0.0, *hub, 0.022, 0.022),
        ),
        (Lamp(0.06, 0.33, 0.035, 0.05), Lamp(-0.05, 0.45, 0.030, 0.045)),
    )


def tree(rng: np.random.Generator) -> Figure:
    """A broad tree: a trunk that forks, under a crown of many rounds."""
    limbs: list[Part] = [
        _shape(0.0, *_curve((-0.075, 0.0), (-0.025, 0.10), (-0.03, 0.42)), *_curve((0.03, 0.42), (0.022, 0.10), (0.085, 0.0)))
    ]
    for x, y in ((-0.26, 0.60), (0.24, 0.62), (-0.09, 0.74), (0.10, 0.78)):
        limbs.append(
            _shape(
                0.0,
                (-0.028, 0.26),
                *_curve((-0.02, 0.30), (x * 0.35, 0.40), (x, y)),
                *_curve((x + 0.015, y), (x * 0.35 + 0.04, 0.40), (0.028, 0.26)),
            )
        )
    rounds: list[Part] = []
    boughs = [(float(rng.uniform(-0.33, 0.33)), float(rng.uniform(0.52, 0.86)), float(rng.uniform(0.10, 0.17))) for _ in range(18)]
    for x, y, reach in [*boughs, (0.0, 0.70, 0.20), (-0.14, 0.62, 0.15), (0.15, 0.63, 0.15)]:
        for _ in range(30):
            angle, far = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.0, 1.0)) ** 0.6
            at = (x * (1 - 0.35 * max(0.0, y - 0.70) / 0.16) + reach * 1.25 * far * np.cos(angle), y + reach * 0.62 * far * np.sin(angle))
            size = float(rng.uniform(0.012, 0.034))
            rounds.append(_oval(max(0.0, 0.12 * (at[1] - 0.55)), *at, size * 1.3, size))
    rounds.sort(key=lambda part: -float(part.outline[:, 1].mean()))
    return Figure((*limbs, *rounds))


def walker(rng: np.random.Generator, *, has_umbrella: bool = False) -> Figure:
    """Somebody in a long coat, in mid-stride, seen from afar."""
    parts = [
        _shape(0.0, (-0.02, 0.46), (0.07, 0.46), (0.115, 0.22), (0.16, 0.035), (0.215, 0.02), (0.21, 0.0), (0.11, 0.0), (0.06, 0.22)),
        _shape(0.0, (-0.06, 0.46), (0.04, 0.46), (-0.02, 0.24), (-0.115, 0.05), (-0.09, 0.0), (-0.17, 0.02), (-0.085, 0.24)),
        _shape(
            0.04,
            *_curve((-0.055, 0.80), (-0.105, 0.60), (-0.135, 0.32)),
            *_curve((0.105, 0.32), (0.095, 0.62), (0.062, 0.80)),
            (0.02, 0.845),
            (-0.02, 0.845),
        ),
        _oval(0.06, 0.008, 0.915, 0.058, 0.074),
        _box(0.04, -0.022, 0.82, 0.032, 0.88),
    ]
    if has_umbrella:
        parts += [
            _shape(0.0, (0.045, 0.66), (0.13, 0.74), (0.155, 0.71), (0.07, 0.58)),
            _box(0.0, 0.128, 0.68, 0.140, 1.13),
            _oval(0.22, 0.10, 1.03, 0.34, 0.22, 0, np.pi),
            *(_oval(0.0, 0.10 + x, 1.03, 0.0855, 0.028, 0, np.pi) for x in (-0.255, -0.085, 0.085, 0.255)),
        ]
    del rng
    return Figure(tuple(parts))


def city(rng: np.random.Generator) -> Figure:
    """Towers behind towers, tallest in the middle, with windows here and there."""
    parts: list[Part] = []
    lamps: list[Lamp] = []
    for row, (tone, count, tall) in enumerate(((0.30, 13, 1.0), (0.14, 15, 0.72), (0.0, 17, 0.46))):
        places = np.linspace(-1.75, 1.75, count) + rng.uniform(-0.07, 0.07, count)
        for x in places:
            near = np.exp(-((x / 0.85) ** 2))
            height = tall * float((0.34 + 0.66 * near) * rng.uniform(0.55, 1.0))
            half = float(rng.uniform(0.075, 0.14))
            parts.append(_box(tone, x - half, -0.2, x + half, height))
            crown = int(rng.integers(4))
            if crown == 0:
                parts.append(_box(tone, x - half * 0.55, height - 0.01, x + half * 0.55, height + 0.06 * tall))
            elif crown == 1 and row < 2:
                parts.append(_box(tone, x - 0.006, height - 0.01, x + 0.006, height + 0.14 * tall))
            elif crown == 2:
                parts.append(_shape(tone, (x - half, height - 0.005), (x + half, height - 0.005), (x + half, height + 0.05 * tall)))
            for _ in range(int(rng.integers(1, 5)) if row else 1):
                column, floor = int(rng.integers(-2, 3)), float(rng.uniform(0.12, 0.92))
                if height * floor > 0.05:
                    lamps.append(Lamp(x + column * half * 0.32, height * floor, 0.018, 0.022))
    return Figure(tuple(parts), tuple(lamps))


def boat(_rng: np.random.Generator) -> Figure:
    """A sloop on its way: hull, mast, mainsail and jib."""
    return Figure(
        (
            _shape(0.92, (0.015, 0.985), *_curve((0.015, 0.985), (-0.20, 0.50), (-0.335, 0.185)), (0.012, 0.165)),
            _shape(
                0.74,
                (0.035, 0.90),
                *_curve((0.035, 0.90), (0.245, 0.48), (0.375, 0.165)),
                *_curve((0.375, 0.165), (0.17, 0.19), (0.05, 0.175)),
            ),
            _shape(0.0, (0.010, 0.06), (0.026, 0.06), (0.024, 1.0), (0.014, 1.0)),
            _shape(0.0, (-0.345, 0.168), (0.02, 0.148), (0.02, 0.160), (-0.345, 0.182)),
            _shape(
                0.05,
                (-0.40, 0.118),
                *_curve((-0.40, 0.118), (0.05, 0.075), (0.43, 0.135)),
                *_curve((0.43, 0.135), (0.34, 0.03), (0.26, 0.0)),
                (-0.33, 0.0),
            ),
            _shape(
                0.50,
                (-0.397, 0.108),
                *_curve((-0.397, 0.108), (0.05, 0.066), (0.418, 0.122)),
                *_curve((0.405, 0.108), (0.05, 0.050), (-0.39, 0.092)),
            ),
        )
    )


def ship(_rng: np.random.Generator) -> Figure:
    """A three-master under full sail."""
    parts: list[Part] = []
    for x, tall, wide in ((-0.34, 0.84, 0.17), (-0.02, 1.0, 0.205), (0.29, 0.90, 0.18)):
        parts.append(_shape(0.0, (x - 0.008, 0.12), (x + 0.008, 0.12), (x + 0.004, tall), (x - 0.004, tall)))
        foot = 0.235
        for share, narrower in ((0.34, 1.0), (0.30, 0.84), (0.22, 0.66)):
            top = foot + share * (tall - 0.26)
            low, high = wide * narrower * 0.86, wide * narrower * 0.70
            parts.append(
                _shape(
                    0.86 - 0.10 * (x > 0.2),
                    *_curve((x - low + 0.02, foot), (x + 0.03, foot + 0.045), (x + low + 0.02, foot)),
                    *_curve((x + low + 0.02, foot), (x + high + 0.065, (foot + top) / 2), (x + high, top)),
                    *_curve((x - high, top), (x - high + 0.03, (foot + top) / 2), (x - low + 0.02, foot)),
                )
            )
            parts.append(_box(0.0, x - high - 0.012, top - 0.004, x + high + 0.012, top + 0.006))
            foot = top + 0.018
    parts += [
        _shape(0.72, (0.33, 0.80), *_curve((0.33, 0.80), (0.50, 0.45), (0.70, 0.255)), *_curve((0.70, 0.255), (0.52, 0.30), (0.43, 0.25))),
        _shape(0.0, (0.44, 0.165), (0.80, 0.285), (0.80, 0.295), (0.44, 0.19)),
        _shape(
            0.02,
            (-0.60, 0.235),
            (-0.44, 0.225),
            (-0.43, 0.165),
            *_curve((-0.40, 0.155), (0.05, 0.110), (0.36, 0.150)),
            (0.38, 0.185),
            (0.56, 0.205),
            *_curve((0.56, 0.205), (0.47, 0.08), (0.40, 0.0)),
            (-0.46, 0.0),
            *_curve((-0.50, 0.03), (-0.54, 0.12), (-0.60, 0.235)),
        ),
        _shape(0.42, *_curve((-0.535, 0.120), (0.0, 0.062), (0.475, 0.118)), *_curve((0.468, 0.100), (0.0, 0.044), (-0.528, 0.100))),
    ]
    return Figure(tuple(parts), (Lamp(-0.53, 0.18, 0.030, 0.026), Lamp(-0.47, 0.18, 0.030, 0.026)))


def balloon(_rng: np.random.Generator) -> Figure:
    """A hot-air balloon of alternating gores over its basket."""
    height = np.linspace(0.0, 1.0, 40)
    half = 0.345 * np.sqrt(np.clip(1 - (2 * height - 1.0) ** 2, 0, 1))
    low = height < 0.5
    half[low] = 0.345 * np.sin(np.pi / 2 * np.clip((height[low] + 0.09) / 0.59, 0, 1)) ** 0.92
    up = 0.24 + 0.76 * height
    parts = [
        _shape(0.0, (-0.055, 0.09), (-0.047, 0.09), (-0.040, 0.26), (-0.048, 0.26)),
        _shape(0.0, (0.047, 0.09), (0.055, 0.09), (0.048, 0.26), (0.040, 0.26)),
    ]
    edges = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 9))
    for gore, (left, right) in enumerate(itertools.pairwise(edges)):
        sides = [*zip(half * left, up, strict=True), *reversed(list(zip(half * right, up, strict=True)))]
        parts.append(_shape(0.22 if gore % 2 else 0.92, *[(float(x), float(y)) for x, y in sides]))
    parts += [_shape(0.0, (-0.062, 0.10), (0.062, 0.10), (0.048, 0.0), (-0.048, 0.0)), _box(0.35, -0.066, 0.088, 0.066, 0.104)]
    return Figure(tuple(parts), (Lamp(0.0, 0.235, 0.030, 0.035),))


def bird(rng: np.random.Generator) -> Figure:
    """Two bent wings, at some moment of their beat."""
    lift, lean = float(rng.uniform(0.35, 1.0)), float(rng.uniform(-0.12, 0.12))
    left = [
        *_curve((0, 0.05), (-0.42, 0.62 * lift + 0.2), (-1.0, 0.30 * lift + lean)),
        *_curve((-1.0, 0.30 * lift + lean), (-0.42, 0.40 * lift + 0.1), (0, -0.13)),
    ]
    right = [
        *_curve((0, 0.05), (0.42, 0.62 * lift + 0.2), (1.0, 0.30 * lift - lean)),
        *_curve((1.0, 0.30 * lift - lean), (0.42, 0.40 * lift + 0.1), (0, -0.13)),
    ]
    return Figure((_shape(0.0, *left), _shape(0.0, *right), _oval(0.0, 0.0, -0.03, 0.16, 0.09)))


FIGURES: Final[dict[str, Callable[[np.random.Generator], Figure]]] = {
    each.__name__: each
    for each in (lighthouse, castle, windmill, church, village, farm, city, tower, house, tree, walker, ship, boat, balloon, bird)
}
