"""Arches: niches cut one behind the other into a plaster wall, a ball on the sill, and a bar of window light across it all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import Canvas, Shadow
from pixelstudio.providers.sketch.noise import Paper

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_SHADE_TINT = (1.0, 0.96, 0.9)


@dataclass(frozen=True, slots=True)
class _Arch:
    """One opening: its middle, half its breadth, the height of its crown, its tone."""

    x: float
    half: float
    crown: float
    tone: float
    turn: int


@dataclass(frozen=True, slots=True)
class _Ball:
    x: float
    radius: float
    tone: float
    is_accent: bool


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """Wall, arches from the widest to the deepest, floor, balls, window light."""
    rng = subject.rng
    sill = canvas.half_height * float(rng.uniform(0.54, 0.66))
    arches = _arches(canvas, rng, sill, night=subject.palette.is_night)
    balls = _balls(rng, arches)
    bars = (float(rng.uniform(0.45, 0.75)), float(rng.uniform(-0.25, 0.25)), float(rng.uniform(0.10, 0.16)))
    plaster = Paper(canvas, rng, strength=1.15)
    strokes: list[Stroke] = [partial(_wall, canvas, subject, plaster)]
    strokes += [partial(_arch, canvas, subject, plaster, arch, sill) for arch in arches]
    strokes.append(partial(_floor, canvas, subject, plaster, sill))
    strokes.append(partial(_ball_all, canvas, subject, balls, sill))
    strokes.append(partial(_window, canvas, rng, bars))
    return strokes


def _arches(canvas: Canvas, rng: np.random.Generator, sill: float, *, night: bool) -> list[_Arch]:
    count = int(rng.integers(5, 7))
    half = min(canvas.half_width * 0.80, 0.42 * (0.6 + 0.8 * canvas.half_height))
    room = sill + canvas.half_height * 0.80
    half = min(half, room * 0.62)
    x = float(rng.uniform(-0.25, 0.25)) * max(canvas.half_width - half, 0.0)
    drift = float(rng.choice([-0.020, 0.0, 0.020]))
    crown = max(sill - room, sill - half * 2.3)
    lift = (sill - crown - half) / count * 0.55
    first, last = (0.48, 0.84) if night else (0.76, 0.16)
    arches: list[_Arch] = []
    for i in range(count):
        t = i / (count - 1)
        narrow = half * (1 - 0.80 * i / count)
        arches.append(_Arch(x + drift * i, narrow, crown + (half - narrow) * 0.72 + lift * i, first + (last - first) * t, i + 3))
    return arches


def _balls(rng: np.random.Generator, arches: list[_Arch]) -> list[_Ball]:
    big = arches[0].half * float(rng.uniform(0.19, 0.25))
    side = float(rng.choice([-1, 1]))
    balls = [_Ball(arches[-1].x + side * arches[0].half * float(rng.uniform(0.22, 0.34)), big, 0.93, is_accent=bool(rng.random() < 0.6))]
    if rng.random() < 0.7:
        small = big * float(rng.uniform(0.38, 0.55))
        balls.append(_Ball(balls[0].x + side * (big + small) * float(rng.uniform(1.08, 1.4)), small, 0.55, is_accent=False))
    return balls


def _wall(canvas: Canvas, subject: Subject, plaster: Paper) -> None:
    box = canvas.whole()
    shade = np.float32(1.0) + plaster.sheet(box, 0)
    shade -= (canvas.x + canvas.y * np.float32(0.6)) * np.float32(0.16)
    canvas.lay(box, None, list(subject.palette.at(0.36 if subject.palette.is_night else 0.90)), shade)


def _arch(canvas: Canvas, subject: Subject, plaster: Paper, arch: _Arch, sill: float) -> None:
    """A deeper plane seen through an opening: the edge around it throws its shadow inwards."""
    room = 0.01
    box = canvas.box(arch.x - arch.half - room, arch.crown - room, arch.x + arch.half + room, sill + room)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    distance = _opening(arch, x, y, sill)
    cover = canvas.cover(distance)
    size = arch.half
    wide = canvas.softened(1 - cover, Shadow(dx=0.055 * size + 0.006, dy=0.060 * size + 0.006, blur=0.030 * size + 0.006, depth=1.0))
    near = canvas.softened(1 - cover, Shadow(dx=0.004, dy=0.004, blur=0.004, depth=1.0))
    shade = np.float32(1.03) - wide * np.float32(0.46) - near * np.float32(0.16)
    shade += plaster.sheet(box, arch.turn)
    shade += (y - np.float32(arch.crown)) * np.float32(0.22)
    rim = canvas.cover(distance) - canvas.cover(distance - np.float32(max(0.0022, 1.2 / canvas.unit)), 1.4)
    shade += rim * np.clip((x - np.float32(arch.x)) / np.float32(size) * np.float32(0.35), 0, 1)
    canvas.lay(box, cover, list(subject.palette.at(arch.tone)), shade)


def _opening(arch: _Arch, x: Floats, y: Floats, sill: float) -> Floats:
    """Signed distance to an opening with a round head, inside positive."""
    dx = np.abs(x - np.float32(arch.x))
    spring = np.float32(arch.crown + arch.half)
    head = np.float32(arch.half) - np.hypot(dx, np.minimum(y - spring, 0))
    return np.minimum(head, np.float32(sill) + 0.02 - y)


def _floor(canvas: Canvas, subject: Subject, plaster: Paper, sill: float) -> None:
    """The sill: it meets the wall in a soft dark line and grows lighter towards the reader."""
    box = canvas.box(-canvas.half_width, sill - 0.002, canvas.half_width, canvas.half_height)
    if box.is_empty:
        return
    _, y = canvas.coordinates(box)
    below = y - np.float32(sill)
    cover = canvas.cover(below)
    shade = np.float32(1.0) - np.float32(0.26) * np.exp(below * np.float32(-38)) + below * np.float32(0.10)
    canvas.lay(box, cover, list(subject.palette.at(0.26 if subject.palette.is_night else 0.80)), shade + plaster.sheet(box, 9))


def _ball_all(canvas: Canvas, subject: Subject, balls: list[_Ball], sill: float) -> None:
    for ball in balls:
        _ball(canvas, subject, ball, sill + 0.055 + ball.radius * 0.12)


def _ball(canvas: Canvas, subject: Subject, ball: _Ball, floor: float) -> None:
    """A matte sphere lit from the upper left, the floor's light on its underside, its shadow drawn out to the right."""
    r, y0 = ball.radius, floor - ball.radius
    ground = canvas.box(ball.x - r * 2, floor - r * 0.9, ball.x + r * 4.2, floor + r * 0.9)
    if not ground.is_empty:
        x, y = canvas.coordinates(ground)
        u, v = (x - np.float32(ball.x)) / np.float32(r), (y - np.float32(floor)) / np.float32(r)
        drawn_out = _blot(u - v * np.float32(0.4), v, 0.75, -0.06, 1.15, 0.20)
        canvas.dim(ground, drawn_out * np.float32(0.52), _SHADE_TINT)
        canvas.dim(ground, _blot(u, v, 0.06, 0.0, 0.42, 0.08) * np.float32(0.55), _SHADE_TINT)
    box = canvas.around(ball.x, y0, r + 0.01)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    u, v = (x - np.float32(ball.x)) / np.float32(r), (y - np.float32(y0)) / np.float32(r)
    far = np.hypot(u, v)
    dome = np.sqrt(np.maximum(1 - far * far, 0))
    lambert = np.clip(u * np.float32(-0.48) - v * np.float32(0.58) + dome * np.float32(0.66), 0, 1)
    shade = np.float32(0.20) + np.float32(0.86) * lambert + np.float32(0.16) * np.clip(v, 0, 1) ** 2
    shade += np.exp(-((u + np.float32(0.40)) ** 2 + (v + np.float32(0.46)) ** 2) * np.float32(9)) * np.float32(0.14)
    colour = subject.palette.accent if ball.is_accent else subject.palette.at(ball.tone)
    canvas.lay(box, canvas.cover((1 - far) * np.float32(r), 1.2), list(colour), shade)


def _blot(u: Floats, v: Floats, x: float, y: float, breadth: float, height: float) -> Floats:
    """A soft ellipse, 1 in its middle."""
    across, along = (u - np.float32(x)) / np.float32(breadth), (v - np.float32(y)) / np.float32(height)
    return np.exp(-(across**2) - along**2)


def _window(canvas: Canvas, rng: np.random.Generator, bars: tuple[float, float, float]) -> None:
    """Late light through a window: a slanting bar with soft edges and the shade of leaves in it."""
    lean, place, breadth = bars
    across = canvas.x * np.float32(np.cos(lean)) + canvas.y * np.float32(np.sin(lean)) - np.float32(place)
    light = np.zeros((canvas.height, canvas.width), np.float32)
    for offset, share in ((0.0, 1.0), (-breadth * 2.3, 0.8)):
        edge = (np.abs(across - np.float32(offset)) - np.float32(breadth)) / np.float32(0.012)
        light += np.float32(share) / (1 + np.exp(np.clip(edge, -30, 30)))
    leaves = noise.clouds(canvas, rng, 0.11, octaves=2, gain=0.5)
    light *= np.clip(np.float32(0.86) - leaves * np.float32(0.34), 0.1, 1)
    light *= np.float32(0.42)
    light += np.float32(0.84)
    for plane, share in zip(canvas.planes, (1.02, 1.0, 0.96), strict=True):
        np.multiply(plane, light * np.float32(share), out=plane)
