"""What people have built: houses and what stands among them, towers, a mill, a city."""

from __future__ import annotations

import numpy as np

from pixelstudio.providers.sketch.figures.outlines import Figure, Lamp, Part, Point, box, curve, merged, oval, shape


def lighthouse(_rng: np.random.Generator) -> Figure:
    """A banded tower with a gallery and a lantern, and the keeper's house."""

    def wide(y: float) -> float:
        return 0.098 - 0.042 * (y / 0.76) ** 0.8

    def band(tone: float, foot: float, top: float) -> Part:
        up = np.linspace(foot, top, 6)
        right = [(wide(float(y)), float(y)) for y in up]
        return shape(tone, *right, *[(-x, y) for x, y in reversed(right)])

    keeper = house(_rng).moved(0.245, 0.0, 0.15)
    return Figure(
        (
            *keeper.parts,
            band(0.66, 0.0, 0.77),
            *(band(0.14, foot, foot + 0.125) for foot in (0.115, 0.365, 0.615)),
            box(0.0, -0.088, 0.765, 0.088, 0.785),
            box(0.05, -0.086, 0.80, 0.086, 0.806),
            *(box(0.05, x - 0.003, 0.78, x + 0.003, 0.806) for x in (-0.083, -0.05, 0.05, 0.083)),
            box(0.75, -0.043, 0.785, 0.043, 0.875),
            *(box(0.0, x - 0.004, 0.785, x + 0.004, 0.875) for x in (-0.041, 0.0, 0.041)),
            oval(0.0, 0.0, 0.873, 0.056, 0.062, 0, np.pi),
            box(0.0, -0.004, 0.92, 0.004, 1.0),
            box(0.0, -0.016, 0.30, 0.016, 0.34),
            box(0.0, -0.020, 0.0, 0.020, 0.062),
        ),
        (*keeper.lamps, Lamp(0.0, 0.83, 0.055, 0.07)),
        (0.0, 0.83),
    )


def house(_rng: np.random.Generator) -> Figure:
    """A gable end, a long side under its roof, a chimney and three windows."""
    return Figure(
        (
            box(0.05, 0.30, 0.70, 0.44, 1.06),
            shape(0.12, (-0.28, 0.0), (0.92, 0.0), (0.92, 0.5), (-0.28, 0.5)),
            shape(0.30, (-0.80, 0.0), (-0.28, 0.0), (-0.28, 0.48), (-0.54, 0.94), (-0.80, 0.48)),
            shape(0.0, (-0.58, 0.97), (0.72, 0.97), (1.00, 0.44), (-0.24, 0.44), (-0.54, 0.97)),
            shape(0.0, (-0.54, 0.99), (-0.87, 0.42), (-0.80, 0.40), (-0.54, 0.86), (-0.28, 0.40), (-0.20, 0.43)),
            box(0.0, -0.60, 0.0, -0.47, 0.28),
        ),
        (Lamp(0.10, 0.25, 0.15, 0.17), Lamp(0.56, 0.25, 0.15, 0.17), Lamp(-0.54, 0.53, 0.11, 0.14)),
    )


def _barn() -> Figure:
    return Figure(
        (
            box(0.10, -0.30, 0.0, 1.05, 0.50),
            shape(0.26, (-0.9, 0), (-0.3, 0), (-0.3, 0.5), (-0.36, 0.74), (-0.6, 0.95), (-0.84, 0.74), (-0.9, 0.5)),
            shape(0.0, (-0.6, 0.98), (0.82, 0.98), (1.02, 0.74), (1.10, 0.46), (-0.28, 0.46), (-0.36, 0.74)),
            box(0.0, -0.72, 0.0, -0.48, 0.36),
        ),
        (Lamp(-0.6, 0.62, 0.10, 0.12),),
    )


def farm(rng: np.random.Generator) -> Figure:
    """A barn, the house beside it, and a silo behind."""
    silo = Figure((box(0.16, -0.16, 0, 0.16, 1.0), oval(0.0, 0, 0.99, 0.175, 0.15, 0, np.pi)))
    return merged(silo.moved(0.72, 0, 0.92), _barn().moved(-0.25, 0, 0.78), house(rng).moved(1.35, 0, 0.52))


def church(_rng: np.random.Generator) -> Figure:
    """A nave beside a tower with a steep spire."""
    return Figure(
        (
            box(0.12, 0.02, 0.0, 0.58, 0.24),
            shape(0.0, (0.0, 0.43), (0.52, 0.43), (0.62, 0.21), (0.0, 0.21)),
            box(0.26, -0.13, 0.0, 0.11, 0.52),
            shape(0.0, (-0.155, 0.51), (0.135, 0.51), (-0.01, 0.93)),
            box(0.0, -0.016, 0.92, -0.004, 1.0),
            box(0.0, -0.035, 0.955, 0.015, 0.967),
            oval(0.0, -0.01, 0.42, 0.028, 0.05),
            box(0.0, -0.05, 0.0, 0.03, 0.13),
        ),
        (Lamp(0.20, 0.12, 0.035, 0.10), Lamp(0.33, 0.12, 0.035, 0.10), Lamp(0.46, 0.12, 0.035, 0.10)),
    )


def village(rng: np.random.Generator) -> Figure:
    """Houses close together, some of them behind, around a church."""
    homes = [
        house(rng).moved(float(x + rng.normal(0, 0.06)), float(y), float(size * rng.uniform(0.9, 1.15)))
        for x, y, size in ((-1.05, 0.10, 0.24), (0.95, 0.09, 0.25), (-0.55, 0.10, 0.28), (0.62, 0.0, 0.33), (-0.85, -0.02, 0.33))
    ]
    return merged(homes[0], homes[1], homes[2], church(rng).moved(0.02, 0.05, 0.95), *homes[3:], house(rng).moved(-0.22, -0.04, 0.34))


def _battlements(tone: float, left: float, right: float, top: float, count: int) -> list[Part]:
    """A row of merlons."""
    step = (right - left) / (2 * count - 1)
    return [box(tone, left + 2 * i * step, top - 0.001, left + (2 * i + 1) * step, top + step * 0.95) for i in range(count)]


def castle(_rng: np.random.Generator) -> Figure:
    """A keep among round towers with pointed roofs, within a wall."""

    def turret(x: float, half: float, top: float, tip: float, tone: float) -> list[Part]:
        return [
            box(tone, x - half, 0.0, x + half, top),
            box(tone * 0.6, x - half * 1.18, top - 0.035, x + half * 1.18, top),
            shape(0.0, (x - half * 1.38, top), (x + half * 1.38, top), (x, tip)),
        ]

    return Figure(
        (
            *turret(-0.20, 0.055, 0.62, 0.85, 0.14),
            *turret(0.27, 0.050, 0.50, 0.70, 0.14),
            box(0.20, -0.15, 0.0, 0.17, 0.58),
            *_battlements(0.20, -0.15, 0.17, 0.58, 6),
            *turret(0.075, 0.062, 0.74, 1.0, 0.26),
            box(0.12, -0.52, 0.0, 0.56, 0.26),
            *_battlements(0.12, -0.52, 0.56, 0.26, 16),
            *turret(-0.50, 0.075, 0.40, 0.62, 0.22),
            *turret(0.54, 0.085, 0.36, 0.57, 0.22),
            box(0.18, -0.10, 0.0, 0.06, 0.30),
            *_battlements(0.18, -0.10, 0.06, 0.30, 4),
            box(0.0, -0.055, 0.0, 0.015, 0.11),
            oval(0.0, -0.02, 0.11, 0.035, 0.045),
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
            shape(0.24, (-0.17, 0), (0.17, 0), (0.135, 0.80), (-0.135, 0.80)),
            shape(0.12, (-0.135, 0.78), (0.135, 0.78), (0.18, 0.85), (-0.18, 0.85)),
            box(0.12, -0.18, 0.845, 0.18, 0.92),
            *_battlements(0.12, -0.18, 0.18, 0.92, 5),
            oval(0.0, 0, 0.10, 0.045, 0.07),
            box(0.0, -0.045, 0, 0.045, 0.10),
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
            shape(0.0, out(0, -0.008), out(0.40, -0.005), out(0.40, 0.005), out(0, 0.008)),
            *(
                shape(0.0, out(y - 0.003, -0.001), out(y - 0.003, 0.075), out(y + 0.003, 0.075), out(y + 0.003, -0.001))
                for y in np.linspace(0.10, 0.39, 8)
            ),
            *(shape(0.0, out(0.10, x - 0.003), out(0.39, x - 0.003), out(0.39, x + 0.003), out(0.10, x + 0.003)) for x in (0.038, 0.075)),
        ]
    return Figure(
        (
            shape(0.36, (-0.19, 0), (0.19, 0), (0.105, 0.60), (-0.105, 0.60)),
            shape(0.10, (-0.25, 0.205), (0.25, 0.205), (0.25, 0.225), (-0.25, 0.225)),
            shape(
                0.0,
                (-0.13, 0.59),
                (0.14, 0.59),
                *curve((0.12, 0.63), (0.06, 0.78), (-0.02, 0.77)),
                *curve((-0.03, 0.77), (-0.10, 0.76), (-0.12, 0.63)),
            ),
            box(0.0, -0.045, 0, 0.045, 0.14),
            *sails,
            oval(0.0, *hub, 0.022, 0.022),
        ),
        (Lamp(0.06, 0.33, 0.035, 0.05), Lamp(-0.05, 0.45, 0.030, 0.045)),
    )


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
            parts.append(box(tone, x - half, -0.2, x + half, height))
            crown = int(rng.integers(4))
            if crown == 0:
                parts.append(box(tone, x - half * 0.55, height - 0.01, x + half * 0.55, height + 0.06 * tall))
            elif crown == 1 and row < 2:
                parts.append(box(tone, x - 0.006, height - 0.01, x + 0.006, height + 0.14 * tall))
            elif crown == 2:
                parts.append(shape(tone, (x - half, height - 0.005), (x + half, height - 0.005), (x + half, height + 0.05 * tall)))
            for _ in range(int(rng.integers(1, 5)) if row else 1):
                column, floor = int(rng.integers(-2, 3)), float(rng.uniform(0.12, 0.92))
                if height * floor > 0.05:
                    lamps.append(Lamp(x + column * half * 0.32, height * floor, 0.018, 0.022))
    return Figure(tuple(parts), tuple(lamps))
