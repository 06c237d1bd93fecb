"""What floats and flies with people in it: boats, ships, balloons."""

from __future__ import annotations

import itertools

import numpy as np

from pixelstudio.providers.sketch.figures.outlines import Figure, Lamp, Part, box, curve, shape


def boat(_rng: np.random.Generator) -> Figure:
    """A sloop on its way: hull, mast, mainsail and jib."""
    return Figure(
        (
            shape(0.92, (0.015, 0.985), *curve((0.015, 0.985), (-0.20, 0.50), (-0.335, 0.185)), (0.012, 0.165)),
            shape(
                0.74,
                (0.035, 0.90),
                *curve((0.035, 0.90), (0.245, 0.48), (0.375, 0.165)),
                *curve((0.375, 0.165), (0.17, 0.19), (0.05, 0.175)),
            ),
            shape(0.0, (0.010, 0.06), (0.026, 0.06), (0.024, 1.0), (0.014, 1.0)),
            shape(0.0, (-0.345, 0.168), (0.02, 0.148), (0.02, 0.160), (-0.345, 0.182)),
            shape(
                0.05,
                (-0.40, 0.118),
                *curve((-0.40, 0.118), (0.05, 0.075), (0.43, 0.135)),
                *curve((0.43, 0.135), (0.34, 0.03), (0.26, 0.0)),
                (-0.33, 0.0),
            ),
            shape(
                0.50,
                (-0.397, 0.108),
                *curve((-0.397, 0.108), (0.05, 0.066), (0.418, 0.122)),
                *curve((0.405, 0.108), (0.05, 0.050), (-0.39, 0.092)),
            ),
        )
    )


def ship(_rng: np.random.Generator) -> Figure:
    """A three-master under full sail."""
    parts: list[Part] = []
    for x, tall, wide in ((-0.34, 0.84, 0.17), (-0.02, 1.0, 0.205), (0.29, 0.90, 0.18)):
        parts.append(shape(0.0, (x - 0.008, 0.12), (x + 0.008, 0.12), (x + 0.004, tall), (x - 0.004, tall)))
        foot = 0.235
        for share, narrower in ((0.34, 1.0), (0.30, 0.84), (0.22, 0.66)):
            top = foot + share * (tall - 0.26)
            low, high = wide * narrower * 0.86, wide * narrower * 0.70
            parts.append(
                shape(
                    0.86 - 0.10 * (x > 0.2),
                    *curve((x - low + 0.02, foot), (x + 0.03, foot + 0.045), (x + low + 0.02, foot)),
                    *curve((x + low + 0.02, foot), (x + high + 0.065, (foot + top) / 2), (x + high, top)),
                    *curve((x - high, top), (x - high + 0.03, (foot + top) / 2), (x - low + 0.02, foot)),
                )
            )
            parts.append(box(0.0, x - high - 0.012, top - 0.004, x + high + 0.012, top + 0.006))
            foot = top + 0.018
    parts += [
        shape(0.72, (0.33, 0.80), *curve((0.33, 0.80), (0.50, 0.45), (0.70, 0.255)), *curve((0.70, 0.255), (0.52, 0.30), (0.43, 0.25))),
        shape(0.0, (0.44, 0.165), (0.80, 0.285), (0.80, 0.295), (0.44, 0.19)),
        shape(
            0.02,
            (-0.60, 0.235),
            (-0.44, 0.225),
            (-0.43, 0.165),
            *curve((-0.40, 0.155), (0.05, 0.110), (0.36, 0.150)),
            (0.38, 0.185),
            (0.56, 0.205),
            *curve((0.56, 0.205), (0.47, 0.08), (0.40, 0.0)),
            (-0.46, 0.0),
            *curve((-0.50, 0.03), (-0.54, 0.12), (-0.60, 0.235)),
        ),
        shape(0.42, *curve((-0.535, 0.120), (0.0, 0.062), (0.475, 0.118)), *curve((0.468, 0.100), (0.0, 0.044), (-0.528, 0.100))),
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
        shape(0.0, (-0.055, 0.09), (-0.047, 0.09), (-0.040, 0.26), (-0.048, 0.26)),
        shape(0.0, (0.047, 0.09), (0.055, 0.09), (0.048, 0.26), (0.040, 0.26)),
    ]
    edges = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 9))
    for gore, (left, right) in enumerate(itertools.pairwise(edges)):
        sides = [*zip(half * left, up, strict=True), *reversed(list(zip(half * right, up, strict=True)))]
        parts.append(shape(0.22 if gore % 2 else 0.92, *[(float(x), float(y)) for x, y in sides]))
    parts += [shape(0.0, (-0.062, 0.10), (0.062, 0.10), (0.048, 0.0), (-0.048, 0.0)), box(0.35, -0.066, 0.088, 0.066, 0.104)]
    return Figure(tuple(parts), (Lamp(0.0, 0.235, 0.030, 0.035),))
