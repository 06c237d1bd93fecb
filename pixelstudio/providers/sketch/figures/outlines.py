"""What a figure is made of: outlines of height 1 on its own ground, x to the right, y upwards, a few tones, and where lamps are.

Curves are short polygons. A part's tone runs from 0, as dark as the ground the thing stands on, to 1, as pale as a sail in the sun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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

    @property
    def breadth(self) -> float:
        """How much room it takes across, whichever way it is turned; its height is 1."""
        return 2 * max(float(np.abs(part.outline[:, 0]).max()) for part in self.parts)

    def windows(self) -> Figure:
        """Its lamps as shapes."""
        return Figure(
            tuple(box(1.0, at.x - at.width / 2, at.y - at.height / 2, at.x + at.width / 2, at.y + at.height / 2) for at in self.lamps)
        )

    def moved(self, x: float, y: float = 0.0, size: float = 1.0) -> Figure:
        """The same, elsewhere and larger or smaller: to build a village from houses."""
        parts = tuple(Part((part.outline * size + (x, y)).astype(np.float32), part.tone) for part in self.parts)
        return Figure(parts, tuple(Lamp(at.x * size + x, at.y * size + y, at.width * size, at.height * size) for at in self.lamps))


def shape(tone: float, *points: Point) -> Part:
    """One outline through these points."""
    return Part(np.array(points, np.float32), tone)


def box(tone: float, left: float, foot: float, right: float, top: float) -> Part:
    """An upright rectangle."""
    return shape(tone, (left, foot), (right, foot), (right, top), (left, top))


def oval(tone: float, x: float, y: float, across: float, up: float, start: float = 0.0, end: float = 2 * np.pi) -> Part:
    """An ellipse, or the part of it between two angles, closed by a straight line."""
    angle = np.linspace(start, end, 40)
    return Part(np.stack([x + across * np.cos(angle), y + up * np.sin(angle)], axis=1).astype(np.float32), tone)


def curve(start: Point, by: Point, end: Point) -> list[Point]:
    """A bent line, by way of `by`."""
    t = np.linspace(0, 1, 14)
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(start, by, end, strict=True))
    return [(float(one), float(other)) for one, other in zip(x, y, strict=True)]


def merged(*figures: Figure) -> Figure:
    """Several as one, the first behind."""
    return Figure(tuple(part for one in figures for part in one.parts), tuple(lamp for one in figures for lamp in one.lamps))
