"""Orbs: balls of different sizes afloat before a glow, some matte, some polished, some thin as bubbles; planets when the words ask for space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import Canvas, Shadow
from pixelstudio.providers.sketch.silhouettes import stars

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Box
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_Skin = Literal["matte", "polished", "banded", "bubble"]
_LIGHT: Final = (-0.52, -0.60, 0.61)
_TURNS: Final = (2, 4, 1, 3, 0, 5, 6, 7, 8)
"""In which order they are painted, by size: every step is to be seen, and the smallest are nearest."""
_LARGE: Final = 0.15
_PLACES: Final = 60
"""Places tried for each orb before it is let overlap."""


@dataclass(frozen=True, slots=True)
class _Orb:
    x: float
    y: float
    radius: float
    tone: float
    skin: _Skin
    ring: float
    """Tilt of a planet's ring; 0 for none."""
    bands: Floats
    """Tone by latitude, for a banded one."""


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """The ground with its glow, then the orbs, the largest among them half way, then the light over all."""
    rng = subject.rng
    orbs = _orbs(canvas, subject)
    glow = (orbs[0].x * 0.6, orbs[0].y * 0.6 - 0.05)
    strokes: list[Stroke] = [partial(_ground, canvas, subject, glow)]
    strokes += [partial(_orb, canvas, subject, orbs[turn]) for turn in _TURNS]
    strokes.append(partial(_dust, canvas, subject, rng))
    return strokes


def _orbs(canvas: Canvas, subject: Subject) -> list[_Orb]:
    """Sizes fall by about a quarter each; the largest finds its place first, the others where there is room."""
    rng = subject.rng
    space = subject.speaks_of("space", "planet", "galaxy", "cosmos", "star", "moon", "universe", "saturn", "nebula", "宇宙")
    bubbly = subject.speaks_of("bubble", "soap", "water", "sea", "ocean", "glass", "dew", "champagne", "fizz")
    skins: list[_Skin] = ["banded", "matte", "banded"] if space else ["polished", "bubble", "bubble"] if bubbly else ["polished", "matte"]
    radius = float(rng.uniform(0.24, 0.31)) * (0.55 + 0.9 * canvas.short)
    placed: list[tuple[float, float, float]] = []
    orbs: list[_Orb] = []
    for i in range(len(_TURNS)):
        x, y = _place(canvas, rng, radius, placed)
        placed.append((x, y, radius))
        skin = skins[int(rng.integers(len(skins)))] if i else skins[0]
        if not space and not bubbly and rng.random() < 0.16 and i:
            skin = "bubble"
        tilt = float(rng.uniform(0.16, 0.34)) if space and i in (0, 2) and skin == "banded" else 0.0
        bands = noise.line(np.linspace(-1, 1, 128, dtype=np.float32), rng, 0.16, octaves=3, gain=0.6)
        tone = float((0.30 + 0.62 * ((i * 0.382 + 0.2) % 1)) if i else rng.uniform(0.42, 0.62))
        orbs.append(_Orb(x, y, radius, tone, skin, tilt, bands.astype(np.float32)))
        radius *= float(rng.uniform(0.60, 0.86)) if i else 0.62
        radius = max(radius, 0.016)
    return orbs


def _place(canvas: Canvas, rng: np.random.Generator, radius: float, placed: list[tuple[float, float, float]]) -> tuple[float, float]:
    reach_x, reach_y = max(canvas.half_width - radius * 0.7, 0.02), max(canvas.half_height - radius * 0.7, 0.02)
    if not placed:
        return float(rng.uniform(-0.42, 0.42)) * reach_x, float(rng.uniform(-0.42, 0.42)) * reach_y
    tries = rng.uniform(-1, 1, (_PLACES, 2)) * (reach_x, reach_y)
    gaps = [min(float(np.hypot(x - px, y - py)) - radius - pr for px, py, pr in placed) for x, y in tries]
    best = next((i for i, gap in enumerate(gaps) if 0.008 < gap < 0.16), int(np.argmax(gaps)))
    return float(tries[best, 0]), float(tries[best, 1])


def _ground(canvas: Canvas, subject: Subject, glow: tuple[float, float]) -> None:
    night = subject.palette.is_night
    near, far = ((0.30, 0.04) if night else (0.98, 0.66)) if not subject.palette.is_pale else (0.99, 0.84)
    gap = np.hypot(canvas.x - np.float32(glow[0]), (canvas.y - np.float32(glow[1])) * np.float32(1.1))
    share = np.exp(-gap * gap * np.float32(2.6))
    share += (canvas.y / np.float32(canvas.half_height)) * np.float32(0.06)
    edge, middle, light = (subject.palette.at(tone) for tone in (far, (near + far) / 2, near))
    canvas.lay(canvas.whole(), None, canvas.blend(np.clip(share, 0, 1), edge, middle, light))
    if night:
        stars(canvas, subject.rng, 260)


def _orb(canvas: Canvas, subject: Subject, orb: _Orb) -> None:
    r = orb.radius
    box = canvas.box(orb.x - r * 1.9, orb.y - r * 1.6, orb.x + r * 2.3, orb.y + r * 2.5)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    u, v = (x - np.float32(orb.x)) / np.float32(r), (y - np.float32(orb.y)) / np.float32(r)
    squared = u * u + v * v
    cover = canvas.cover((1 - np.sqrt(squared)) * np.float32(r), 1.3)
    if orb.skin == "bubble":
        _bubble(canvas, subject, box, orb, (u, v, squared, cover))
        return
    night = subject.palette.is_night
    canvas.cast(box, cover, Shadow(dx=r * 0.26, dy=r * 0.42, blur=r * 0.30, depth=0.34 if night else 0.40, tint=(1.0, 0.97, 0.90)))
    z = np.sqrt(np.maximum(1 - squared, 0))
    if orb.ring:
        _ring(canvas, subject, box, orb, (u, v), front=False)
    _skin(canvas, subject, box, orb, (u, v, z, cover))
    if orb.ring:
        _ring(canvas, subject, box, orb, (u, v), front=True)


def _skin(canvas: Canvas, subject: Subject, box: Box, orb: _Orb, parts: tuple[Floats, Floats, Floats, Floats]) -> None:
    """Lit from the upper left with a soft edge to its night, the ground's light on its underside, a thin rim of it all around."""
    u, v, z, cover = parts
    lit = u * np.float32(_LIGHT[0]) + v * np.float32(_LIGHT[1]) + z * np.float32(_LIGHT[2])
    share = np.clip(lit * np.float32(0.62) + np.float32(0.36), 0, 1)
    share *= share * (3 - 2 * share)
    if orb.skin == "banded":
        latitude = np.clip((v * np.float32(0.92) + u * np.float32(0.38)) * np.float32(63.5) + np.float32(63.5), 0, 127)
        share = np.clip(share + orb.bands[latitude.astype(np.int16)] * np.float32(0.17) * (share + np.float32(0.15)), 0, 1)
    spread = 0.46 if orb.radius > _LARGE else 0.34  # a large one has room for the whole ramp
    low, high = max(orb.tone - spread, 0.03), min(orb.tone + spread - 0.04, 0.985)
    dark, middle, light = (subject.palette.at(tone) for tone in (low, orb.tone, high))
    colours = canvas.blend(share, dark, middle, light)
    rim = (1 - z) ** 3 * np.clip(u * np.float32(0.65) + v * np.float32(0.75) + np.float32(0.1), 0, 1)
    bounce = subject.palette.at(0.32 if subject.palette.is_night else 0.90)
    colours = [colour + rim * np.float32(0.42) * bounce[c] for c, colour in enumerate(colours)]
    if orb.skin != "matte":
        shine = np.exp(((u + np.float32(0.40)) ** 2 + (v + np.float32(0.46)) ** 2) * np.float32(-15)) * np.float32(0.34)
        shine += np.exp(((u + np.float32(0.44)) ** 2 + (v + np.float32(0.50)) ** 2) * np.float32(-130)) * np.float32(0.45)
        shine *= np.float32(0.35 if orb.skin == "banded" else 1.0)
        colours = [colour + shine for colour in colours]
    canvas.lay(box, cover, colours)


def _bubble(canvas: Canvas, subject: Subject, box: Box, orb: _Orb, parts: tuple[Floats, Floats, Floats, Floats]) -> None:
    """Seen through in the middle; the rim gathers the colours, and the light stands in it twice."""
    u, v, squared, cover = parts
    rim = np.clip(squared, 0, 1)
    rim *= rim
    turn = np.clip(np.float32(0.5) + np.float32(0.5) * np.sin(np.arctan2(v, u) * np.float32(2) + squared * 4), 0, 1)
    one, other = subject.palette.at(min(orb.tone + 0.2, 0.97)), subject.palette.accent
    colours = [turn * (other[c] - one[c]) + one[c] for c in range(3)]
    canvas.lay(box, cover * (rim * np.float32(0.70) + np.float32(0.06)), colours)
    shine = np.exp(((u + np.float32(0.46)) ** 2 + (v + np.float32(0.50)) ** 2) * np.float32(-50)) * np.float32(0.75)
    shine += (
        np.exp(-(((np.sqrt(squared) - np.float32(0.88)) / np.float32(0.05)) ** 2))
        * np.clip(u + v - np.float32(0.55), 0, 1)
        * np.float32(0.6)
    )
    canvas.add(box, shine * cover, (1.0, 0.99, 0.97))


def _ring(canvas: Canvas, subject: Subject, box: Box, orb: _Orb, place: tuple[Floats, Floats], *, front: bool) -> None:
    """A flat ring around a planet; the planet hides its far half."""
    u, v = place
    along, across = u * np.float32(0.94) + v * np.float32(0.34), v * np.float32(0.94) - u * np.float32(0.34)
    far = np.hypot(along, across / np.float32(orb.ring))
    inside = np.clip((np.float32(0.30) - np.abs(far - np.float32(1.55))) * np.float32(orb.radius * canvas.unit * orb.ring), 0, 1)
    inside *= np.float32(0.45) + np.float32(0.4) * np.sin(far * np.float32(26)) ** 2
    half = canvas.cover(across * np.float32(orb.radius) * (1 if front else -1))
    canvas.lay(box, inside * half, list(subject.palette.at(min(orb.tone + 0.34, 0.97))))


def _dust(canvas: Canvas, subject: Subject, rng: np.random.Generator) -> None:
    """A veil of light from where the light stands, and motes in it."""
    far = np.hypot(canvas.x + np.float32(canvas.half_width), canvas.y + np.float32(canvas.half_height))
    canvas.lay(canvas.whole(), np.exp(far * np.float32(-2.3)) * np.float32(0.20), list(subject.palette.at(0.97)))
    for _ in range(46):
        x, y = float(rng.uniform(-1.42, 1.42)), float(rng.uniform(-1.42, 1.42))
        size, bright = 0.0016 + 0.006 * float(rng.random()) ** 4, float(rng.uniform(0.05, 0.30))
        box = canvas.around(x, y, size * 3)
        if not box.is_empty:
            xs, ys = canvas.coordinates(box)
            gap = ((xs - np.float32(x)) ** 2 + (ys - np.float32(y)) ** 2) / np.float32(max(size, 0.7 / canvas.unit) ** 2)
            canvas.add(box, np.exp(-gap) * np.float32(bright), (1.0, 0.98, 0.94))
