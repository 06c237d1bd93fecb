"""What lives: a tree, somebody walking, birds."""

from __future__ import annotations

import numpy as np

from pixelstudio.providers.sketch.figures.outlines import Figure, Part, box, curve, oval, shape


def tree(rng: np.random.Generator) -> Figure:
    """A broad tree: a trunk that forks, under a crown of many rounds."""
    limbs: list[Part] = [
        shape(0.0, *curve((-0.075, 0.0), (-0.025, 0.10), (-0.03, 0.42)), *curve((0.03, 0.42), (0.022, 0.10), (0.085, 0.0)))
    ]
    for x, y in ((-0.26, 0.60), (0.24, 0.62), (-0.09, 0.74), (0.10, 0.78)):
        limbs.append(
            shape(
                0.0,
                (-0.028, 0.26),
                *curve((-0.02, 0.30), (x * 0.35, 0.40), (x, y)),
                *curve((x + 0.015, y), (x * 0.35 + 0.04, 0.40), (0.028, 0.26)),
            )
        )
    rounds: list[Part] = []
    boughs = [(float(rng.uniform(-0.33, 0.33)), float(rng.uniform(0.52, 0.86)), float(rng.uniform(0.10, 0.17))) for _ in range(18)]
    for x, y, reach in [*boughs, (0.0, 0.70, 0.20), (-0.14, 0.62, 0.15), (0.15, 0.63, 0.15)]:
        for _ in range(30):
            angle, far = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.0, 1.0)) ** 0.6
            at = (x * (1 - 0.35 * max(0.0, y - 0.70) / 0.16) + reach * 1.25 * far * np.cos(angle), y + reach * 0.62 * far * np.sin(angle))
            size = float(rng.uniform(0.012, 0.034))
            rounds.append(oval(max(0.0, 0.12 * (at[1] - 0.55)), *at, size * 1.3, size))
    rounds.sort(key=lambda part: -float(part.outline[:, 1].mean()))
    return Figure((*limbs, *rounds))


def walker(rng: np.random.Generator, *, has_umbrella: bool = False) -> Figure:
    """Somebody in a long coat, in mid-stride, seen from afar."""
    parts = [
        shape(0.0, (-0.02, 0.46), (0.07, 0.46), (0.115, 0.22), (0.16, 0.035), (0.215, 0.02), (0.21, 0.0), (0.11, 0.0), (0.06, 0.22)),
        shape(0.0, (-0.06, 0.46), (0.04, 0.46), (-0.02, 0.24), (-0.115, 0.05), (-0.09, 0.0), (-0.17, 0.02), (-0.085, 0.24)),
        shape(
            0.04,
            *curve((-0.055, 0.80), (-0.105, 0.60), (-0.135, 0.32)),
            *curve((0.105, 0.32), (0.095, 0.62), (0.062, 0.80)),
            (0.02, 0.845),
            (-0.02, 0.845),
        ),
        oval(0.06, 0.008, 0.915, 0.058, 0.074),
        box(0.04, -0.022, 0.82, 0.032, 0.88),
    ]
    if has_umbrella:
        parts += [
            shape(0.0, (0.045, 0.66), (0.13, 0.74), (0.155, 0.71), (0.07, 0.58)),
            box(0.0, 0.128, 0.68, 0.140, 1.13),
            oval(0.22, 0.10, 1.03, 0.34, 0.22, 0, np.pi),
            *(oval(0.0, 0.10 + x, 1.03, 0.0855, 0.028, 0, np.pi) for x in (-0.255, -0.085, 0.085, 0.255)),
        ]
    del rng
    return Figure(tuple(parts))


def bird(rng: np.random.Generator) -> Figure:
    """Two bent wings, at some moment of their beat."""
    lift, lean = float(rng.uniform(0.35, 1.0)), float(rng.uniform(-0.12, 0.12))
    left = [
        *curve((0, 0.05), (-0.42, 0.62 * lift + 0.2), (-1.0, 0.30 * lift + lean)),
        *curve((-1.0, 0.30 * lift + lean), (-0.42, 0.40 * lift + 0.1), (0, -0.13)),
    ]
    right = [
        *curve((0, 0.05), (0.42, 0.62 * lift + 0.2), (1.0, 0.30 * lift - lean)),
        *curve((1.0, 0.30 * lift - lean), (0.42, 0.40 * lift + 0.1), (0, -0.13)),
    ]
    return Figure((shape(0.0, *left), shape(0.0, *right), oval(0.0, 0.0, -0.03, 0.16, 0.09)))
