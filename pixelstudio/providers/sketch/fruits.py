"""Fruit: what of it is named, and how it lies in a bowl or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pixelstudio.core.text import forms
from pixelstudio.providers.sketch.spheres import Ball, fall, sphere
from pixelstudio.providers.sketch.turned import Vessel, surface

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Subject


class Fruit(NamedTuple):
    """Of linear light, dark and lit; how broad it is against its height; how large, against the bowl's rim; how long its stalk is, in radii."""

    dark: tuple[float, float, float]
    lit: tuple[float, float, float]
    long: float
    size: float
    stalk: float = 0.0


_FRUIT: Final[dict[str, Fruit]] = {
    "lemon": Fruit((0.42, 0.22, 0.01), (0.98, 0.78, 0.10), 1.22, 0.31),
    "lime": Fruit((0.05, 0.14, 0.01), (0.36, 0.60, 0.07), 1.12, 0.28),
    "orange": Fruit((0.36, 0.09, 0.01), (0.98, 0.42, 0.05), 1.0, 0.34),
    "apple": Fruit((0.16, 0.01, 0.01), (0.80, 0.12, 0.07), 0.94, 0.35, 0.5),
    "pear": Fruit((0.18, 0.17, 0.02), (0.78, 0.76, 0.20), 0.84, 0.33, 0.55),
    "peach": Fruit((0.42, 0.10, 0.05), (1.0, 0.58, 0.32), 0.98, 0.34),
    "plum": Fruit((0.03, 0.005, 0.04), (0.30, 0.09, 0.34), 1.08, 0.28, 0.3),
    "grape": Fruit((0.04, 0.01, 0.07), (0.34, 0.14, 0.46), 1.0, 0.17),
    "cherry": Fruit((0.06, 0.001, 0.004), (0.55, 0.02, 0.05), 1.0, 0.18, 1.5),
    "strawberry": Fruit((0.20, 0.004, 0.006), (0.90, 0.07, 0.06), 0.88, 0.22),
}
_ROWS: Final = ((0.70, -0.12, -0.10), (0.42, -0.16, -1.15), (0.74, 0.07, -0.20), (0.36, 0.02, -1.30), (0.62, 0.16, -0.05))
"""How fruit lies in a bowl, the far ones first: how far each row reaches and how near it is, against the rim, and how much lower it is than one
fruit; two of them lie on the others.
"""
_BASKET: Final = ("apple", "orange", "pear", "lemon", "plum")
"""Where no kind is named."""


def named(subject: Subject) -> tuple[Fruit, ...]:
    """All that is named, or of everything something."""
    spoken_of = {form for word in subject.words for form in forms(word)}
    return tuple(_FRUIT[name] for name in _FRUIT if name in spoken_of) or tuple(_FRUIT[name] for name in _BASKET)


def are_asked_for(subject: Subject) -> bool:
    """Some fruit is a colour too: then only more than one of it is fruit."""
    plural = {"oranges", "limes", "peaches", "plums", "cherries"}
    return not plural.isdisjoint(subject.words) or subject.speaks_of(
        "fruit", "lemon", "apple", "pear", "grape", "strawberry", "strawberrie"
    )


def rolled(canvas: Canvas, x: float, foot: float, bowl: Vessel, fruit: Fruit) -> None:
    """One that has rolled out of its bowl, to a place in units."""
    ball = (x, foot, fruit.size * _rim(bowl) * 0.9)
    fall(canvas, ball)
    _lying(canvas, ball, fruit, None)


def _lying(canvas: Canvas, ball: Ball, fruit: Fruit, front: Floats | None) -> None:
    """One fruit, and its stalk, which leans to the right."""
    sphere(canvas, ball, _ripe(fruit), fruit.long, front)
    x, foot, r = ball
    if not fruit.stalk:
        return
    ways = np.array([[0.0, -0.84], [0.06, -0.95 - 0.5 * fruit.stalk], [0.22, -0.95 - fruit.stalk]]) * r + (x, foot - r)
    cover = canvas.stroked([ways], max(1, round(0.003 * canvas.unit)))
    canvas.lay(canvas.whole(), cover if front is None else cover * (1 - front), [np.float32(part) for part in (0.10, 0.06, 0.02)])


def heap(canvas: Canvas, rng: np.random.Generator, bowl: Vessel, fruit: tuple[Fruit, ...]) -> None:
    """Fruit in a bowl, the far ones first; what lies below the rim in front is behind the bowl."""
    seen = surface(canvas, bowl)
    front = np.zeros((canvas.height, canvas.width), np.float32)
    if seen is not None:
        front[seen.box.top : seen.box.bottom, seen.box.left : seen.box.right] = seen.cover * (1 - seen.lid)
    rim, top = _rim(bowl), bowl.foot - bowl.tall
    size = float(np.mean([one.size for one in fruit]))
    at = 0
    for reach, deep, up in _ROWS:
        count = max(2, round(2 * reach / (size * 1.75))) if up > -1 else max(1, round(2 * reach / (size * 2.2)))
        for i in range(count):
            one = fruit[(at + int(rng.random() < 0.3)) % len(fruit)]
            at += 1
            place = 0.0 if count == 1 else 2 * i / (count - 1) - 1
            r = one.size * rim * float(rng.uniform(0.93, 1.05))
            x = bowl.x + (place * (reach - one.size * 0.55) + float(rng.normal(0, 0.03))) * rim
            foot = top + deep * rim + (up * size + 0.62 * one.size) * rim
            _lying(canvas, (x, foot, r), one, front)


def _rim(bowl: Vessel) -> float:
    return bowl.outline[0].out * bowl.tall


def _ripe(fruit: Fruit) -> tuple[Floats, Floats, Floats]:
    dark, light = np.array(fruit.dark, np.float32), np.array(fruit.lit, np.float32)
    return dark, (dark + light) / 2, light
