"""Horizon: ridge behind ridge in the haze, under a sky with a sun or a moon; sometimes over still water.

A few things that words name stand on a ridge, float on the water or hang in the air (`placing`), in the weather they name. Words that name
none of these are drawn as if there were none: chance for them is `Subject.aside`, and nothing else is taken differently.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import cv2
import numpy as np

from pixelstudio.providers.sketch import noise, placing, weather
from pixelstudio.providers.sketch.canvas import Canvas
from pixelstudio.providers.sketch.portrayal import Light, Placed, beam, mirror, portray
from pixelstudio.providers.sketch.sights import Sights, Weather, sights_of
from pixelstudio.providers.sketch.silhouettes import firs, stars

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject


class _Air(NamedTuple):
    """What weather does to a day: how grey it is, from where to where the sky goes in the ramp, how pale the haze is, how dense the cloud."""

    grey: float
    sky: tuple[float, float]
    haze: float
    cloud: float


_CLEAR: Final = _Air(0.0, (0.56, 0.93), 0.90, 0.0)
_DAYS: Final[dict[Weather, _Air]] = {
    "": _CLEAR,
    "rain": _Air(0.45, (0.50, 0.82), 0.80, 0.80),
    "storm": _Air(0.50, (0.30, 0.68), 0.66, 0.92),
    "snow": _Air(0.20, (0.50, 0.80), 0.82, 0.60),
    "fog": _Air(0.25, (0.70, 0.93), 0.92, 0.0),
    "overcast": _Air(0.40, (0.56, 0.86), 0.86, 0.85),
}


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where things are, in units. `foot` is the shore, or the lower edge when there is no water."""

    horizon: float
    foot: float
    sun_x: float
    sun_y: float
    sun_radius: float
    is_night: bool
    zenith: Floats
    haze: Floats
    haze_tone: float
    sun: Floats
    weather: Weather = ""


@dataclass(frozen=True, slots=True)
class _Ridge:
    top: Floats
    nearness: float
    tooth: Floats


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """Sky, sun, clouds, the ridges from far to near with mist between them, the water if there is any, and what is named."""
    sights = sights_of(subject.prompt)
    subject = replace(subject, palette=subject.palette.greyed(_DAYS[sights.weather].grey)) if sights.weather else subject
    rng = subject.rng
    water = subject.speaks_of("lake", "sea", "ocean", "water", "river", "fjord", "bay", "island", "lagoon", "beach", "reflection", "海")
    water = water or bool(sights.afloat) or sights.is_at_sea or "city" in sights.standing
    water = water or (not sights.standing and bool(rng.random() < 0.25))
    scene = _scene(canvas, subject, sights, water=water)
    ridges = _islands(canvas, subject, scene) if sights.is_at_sea else _ridges(canvas, subject, scene, 5 if water else 7)
    placed = placing.placed(canvas, subject.aside, sights, _ground(scene, ridges, water=water))
    strokes: list[Stroke] = [partial(_sky, canvas, subject, scene)]
    strokes.append(partial(_sun, canvas, scene))
    strokes.append(partial(_clouds, canvas, subject, scene))
    raised: list[Stroke] = [partial(_raised, canvas, subject, scene, ridge, placed.on(i)) for i, ridge in enumerate(ridges)]
    strokes += [*raised[:-2], partial(_air, canvas, rng, scene), *raised[-2:]]
    if water:
        strokes.append(partial(_water, canvas, rng, scene))
    if placed.before:
        strokes.append(partial(_before, canvas, subject, scene, placed))
    if scene.weather:
        strokes.append(partial(_falling, canvas, subject, scene))
    return strokes


def _scene(canvas: Canvas, subject: Subject, sights: Sights, *, water: bool) -> _Scene:
    rng, palette, day = subject.rng, subject.palette, _DAYS[sights.weather]
    night = palette.is_night
    horizon = canvas.half_height * float(rng.uniform(-0.02, 0.14) if water else rng.uniform(-0.22, 0.02))
    foot = canvas.half_height * float(rng.uniform(0.30, 0.42)) if water else canvas.half_height
    if sights.is_at_sea:
        foot = canvas.half_height * float(subject.aside.uniform(0.16, 0.30))
        horizon = foot - 0.012
    radius = float(rng.uniform(0.045, 0.085)) * (0.7 + 0.6 * canvas.short)
    haze_tone = 0.46 if night else day.haze
    return _Scene(
        horizon=horizon,
        foot=foot,
        sun_x=canvas.half_width * float(rng.uniform(-0.5, 0.5)),
        sun_y=horizon - canvas.half_height * float(rng.uniform(0.20, 0.52)),
        sun_radius=radius,
        is_night=night,
        zenith=palette.at(0.10 if night else 0.60),
        haze=palette.at(haze_tone),
        haze_tone=haze_tone,
        sun=palette.at(0.99) * np.float32(1.0 if night else 1.15),
        weather=sights.weather,
    )


def _ground(scene: _Scene, ridges: list[_Ridge], *, water: bool) -> placing.Ground:
    tones = [_tone(scene, ridge.nearness) for ridge in ridges]
    return placing.Ground(
        [ridge.top for ridge in ridges],
        [ridge.tooth for ridge in ridges],
        tones,
        [ridge.nearness for ridge in ridges],
        scene.horizon,
        scene.foot,
        scene.sun_x,
        scene.is_night,
        has_water=water,
    )


def _ridges(canvas: Canvas, subject: Subject, scene: _Scene, count: int) -> list[_Ridge]:
    rng, x = subject.rng, canvas.x[0]
    dunes = subject.speaks_of("dune", "desert", "sand", "sahara", "prairie", "field")
    wooded = subject.speaks_of("forest", "pine", "wood", "tree", "jungle", "fir", "wald", "森") or bool(rng.random() < 0.35)
    wooded = wooded or scene.weather == "snow"
    ridges: list[_Ridge] = []
    for i in range(count):
        t = i / (count - 1)
        base = scene.horizon + (scene.foot - scene.horizon) * (0.10 + 0.80 * t**1.25)
        swing = 0.115 - 0.045 * t
        edge = noise.line(x, rng, 0.75 - 0.25 * t, octaves=2, gain=0.45)
        if not dunes:
            edge += noise.line(x, rng, 0.16, octaves=5, gain=0.50) * np.float32(0.30 + 0.1 * t)
        tooth = np.zeros_like(x)
        if wooded and t > 0.55:
            tooth = firs(canvas, rng, 0.016 + 0.050 * (t - 0.5) * 2)
        ridges.append(_Ridge((base - swing * edge).astype(np.float32), t, tooth))
    return ridges


def _islands(canvas: Canvas, subject: Subject, scene: _Scene) -> list[_Ridge]:
    """What is seen of land across the open sea: two low lines that come and go."""
    x, rng = canvas.x[0], subject.rng
    lines = ((0.15, 0.30, 0.045), (0.42, 0.20, 0.030))
    return [
        _Ridge(
            (
                scene.foot
                + 0.004
                - tall * np.maximum(noise.line(x, rng, cell) + noise.line(x, rng, 0.07, octaves=3) * np.float32(0.16) - 0.25, 0)
            ).astype(np.float32),
            nearness,
            np.zeros_like(x),
        )
        for nearness, cell, tall in lines
    ]


def _tone(scene: _Scene, nearness: float) -> float:
    """How dark a ridge is by itself; under snow the nearest is the palest."""
    if scene.weather == "snow":
        return 0.34 + 0.20 * nearness if scene.is_night else 0.62 + 0.36 * nearness
    return (0.34 - 0.30 * nearness) if scene.is_night else (0.74 - 0.66 * nearness**0.85)


def _sky(canvas: Canvas, subject: Subject, scene: _Scene) -> None:
    """From zenith to haze along the ramp, so that a sunset passes through all its colours."""
    tones = (0.10, 0.48) if scene.is_night else _DAYS[scene.weather].sky
    height = np.clip((canvas.y + canvas.half_height) / (scene.horizon + canvas.half_height + 0.06), 0, 1)
    share = height * np.float32(0.55) + height**2 * np.float32(0.45)
    colours = subject.palette.over((tones[0] + (tones[1] - tones[0]) * share).astype(np.float32))
    for plane, colour in zip(canvas.planes, colours, strict=True):
        plane[:] = colour
    if scene.is_night and not scene.weather:
        stars(canvas, subject.rng, 340, scene.horizon)


def _sun(canvas: Canvas, scene: _Scene) -> None:
    """A wide glow, a near one, and the disc; behind cloud only the wide one."""
    dx, dy = canvas.x - np.float32(scene.sun_x), canvas.y - np.float32(scene.sun_y)
    far = np.sqrt(dx * dx + dy * dy)
    reach = 3.4 if scene.is_night else 4.6
    glow = np.exp(far * np.float32(-1 / (scene.sun_radius * reach * 0.5))) * np.float32(0.42 if scene.is_night else 0.50)
    if scene.weather:
        veiled = np.exp(-((far / np.float32(scene.sun_radius * 3.2)) ** 2)) * np.float32(
            0.14 if scene.is_night else 0.30
        ) + glow * np.float32(0.40 if scene.is_night else 0.55)
        canvas.lay(canvas.whole(), veiled, list(scene.sun))
        return
    glow += np.exp(-((far / np.float32(scene.sun_radius * 1.7)) ** 2)) * np.float32(0.22)
    canvas.lay(canvas.whole(), np.clip(glow, 0, 1), list(scene.sun))
    box = canvas.around(scene.sun_x, scene.sun_y, scene.sun_radius + 0.01)
    if not box.is_empty:
        near = far[box.top : box.bottom, box.left : box.right]
        canvas.lay(box, canvas.cover(np.float32(scene.sun_radius) - near, 1.6), list(scene.sun))


def _clouds(canvas: Canvas, subject: Subject, scene: _Scene) -> None:
    """Long streaks, brighter underneath towards the sun; a lid over all in bad weather."""
    day = _DAYS[scene.weather]
    if day.cloud:
        low, high = (0.05, 0.30) if scene.is_night else (day.sky[0] - 0.20, day.sky[1])
        weather.overcast(canvas, subject.aside, scene.horizon, subject.palette.at(low), subject.palette.at(high), day.cloud)
        if scene.weather == "storm":
            x = (
                float(np.sign(scene.sun_x)) * canvas.half_width * float(subject.aside.uniform(0.25, 0.55))
            )  # what stands is on the other side
            weather.lightning(canvas, subject.aside, x, -canvas.half_height * 1.05, scene.horizon + 0.01, subject.palette.at(0.9))
        return
    streaks = noise.clouds(canvas, subject.rng, 0.10, octaves=4, gain=0.52, stretch=4.5)
    height = np.clip((canvas.y + canvas.half_height) / (scene.horizon + canvas.half_height), 0, 1.4)
    band = np.exp(-(((height - np.float32(0.62)) / np.float32(0.34)) ** 2))
    cover = np.clip((streaks - np.float32(0.25)) * np.float32(0.62), 0, 1)
    cover *= cover * band
    far = np.hypot(canvas.x - np.float32(scene.sun_x), canvas.y - np.float32(scene.sun_y))
    lit = np.exp(far * np.float32(-2.2))
    strength = np.float32(0.34 if scene.is_night else 0.85)
    canvas.lay(
        canvas.whole(),
        np.clip(cover * strength, 0, 0.8),
        [lit * (sun - haze) * np.float32(0.8) + haze for sun, haze in zip(scene.sun, scene.haze, strict=True)],
    )


def _raised(canvas: Canvas, subject: Subject, scene: _Scene, ridge: _Ridge, standing: list[Placed]) -> None:
    """One ridge, and what stands on it: the foot of it in the ground."""
    light = _light(scene, subject)
    for placed in standing:
        portray(canvas, subject.palette, placed, light)
    _ridge(canvas, subject, scene, ridge)
    _shine(canvas, scene, light, standing)


def _ridge(canvas: Canvas, subject: Subject, scene: _Scene, ridge: _Ridge) -> None:
    """One ridge: near ones dark and clear, far ones the colour of the air, mist in every foot."""
    top = ridge.top - ridge.tooth
    box = canvas.box(-canvas.half_width, float(top.min()) - 0.004, canvas.half_width, min(scene.foot, canvas.half_height))
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    below = y - top[None, :]
    cover = canvas.cover(below, 1.2)
    t = ridge.nearness
    tone = _tone(scene, t)
    own, middle = subject.palette.at(tone), _between(subject, tone, scene.haze_tone)
    if scene.weather == "snow":
        own, middle = _white(own), _white(middle)
    air = np.float32((1 - t) ** 1.5 * (0.35 if scene.is_night else 0.42))
    mist = 1 - np.exp(np.maximum(y - ridge.top[None, :], 0) * np.float32(-1 / (0.085 + 0.10 * t)))
    mist *= np.float32(0.62 * (1 - t) ** 0.8 + 0.02)
    mist += air
    sunward = np.exp(-np.abs(x - np.float32(scene.sun_x)) * np.float32(1.7)) * np.float32(0.30 * (1 - 0.75 * t))
    mist *= 1 + sunward
    grade = _slopes(canvas, subject.rng, ridge, below, scene)
    canvas.lay(box, cover, canvas.blend(mist, own, middle, scene.haze), grade)
    if scene.weather == "snow" and ridge.tooth.any():
        wood = canvas.cover(ridge.top[None, :] + np.float32(0.006) - y, 1.2) * cover
        canvas.lay(box, wood, list(subject.palette.at(0.10 + 0.30 * (1 - t)) * (1 - air) + scene.haze * air))


def _white(colour: Floats) -> Floats:
    """Snow of that brightness: it keeps a little of the palette, and of the sky's blue."""
    grey = np.float32(colour @ np.array([0.2126, 0.7152, 0.0722], np.float32))
    return (colour * np.float32(0.35) + grey * np.array([0.54, 0.64, 0.77], np.float32)).astype(np.float32)


def _between(subject: Subject, tone: float, haze_tone: float) -> Floats:
    """Half way into the haze: half by the ramp, half by the air."""
    by_air = (subject.palette.at(tone) + subject.palette.at(haze_tone)) / 2
    return (subject.palette.at((tone + haze_tone) / 2) + by_air) / 2


def _slopes(canvas: Canvas, rng: np.random.Generator, ridge: _Ridge, below: Floats, scene: _Scene) -> Floats:
    """Gullies that follow the crest, lit from where the sun stands."""
    x = canvas.x[0]
    crest = cv2.GaussianBlur(ridge.top[None, :], (0, 0), max(0.014 * canvas.unit, 0.8))[0]
    slope = np.gradient(crest, x) * np.tanh((scene.sun_x - x) * 7)
    lit = np.clip(slope * -0.8, -1, 1).astype(np.float32) + noise.line(x, rng, 0.05, octaves=2) * np.float32(0.08)
    grade = np.exp(np.maximum(below, 0) * np.float32(-26)) * lit[None, :] * np.float32(0.15)
    grade += 1
    return grade


def _water(canvas: Canvas, rng: np.random.Generator, scene: _Scene) -> None:
    """Everything above the shore again, upside down, drawn out and broken by ripples; darker the nearer."""
    shore = round(scene.foot * canvas.unit + canvas.height / 2)
    depth = canvas.height - shore
    if depth < 4:
        return
    y = np.arange(depth, dtype=np.float32)[:, None] / np.float32(depth)
    ripple = noise.clouds(canvas, rng, 0.020, octaves=3, gain=0.7, stretch=8.0)[shore:]
    push = (0.3 + y * 1.8) * np.float32(0.0050 * canvas.unit)
    rows = shore - 1 - np.arange(depth, dtype=np.float32)[:, None] * np.float32(0.96) + ripple * push
    columns = np.broadcast_to(np.arange(canvas.width, dtype=np.float32)[None, :], rows.shape) + ripple * push * np.float32(0.25)
    shade = np.float32(0.90) - np.float32(0.24) * y + ripple * np.float32(0.022) * (0.4 + y)
    for plane in canvas.planes:
        mirrored = cv2.remap(plane, columns, np.clip(rows, 0, shore - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        plane[shore:] = cv2.blur(mirrored, (1, max(1, round(0.014 * canvas.unit) | 1))) * shade
    glint = np.exp(-((np.arange(depth, dtype=np.float32)[:, None] / np.float32(0.004 * canvas.unit)) ** 2)) * np.float32(0.10)
    for plane, haze in zip(canvas.planes, scene.haze, strict=True):
        plane[shore:] += glint * haze


def _air(canvas: Canvas, rng: np.random.Generator, scene: _Scene) -> None:
    """Drifting mist over all, thickest in the valleys."""
    drift = noise.clouds(canvas, rng, 0.16, octaves=3, gain=0.5, stretch=3.5)
    band = np.exp(-(((canvas.y - np.float32(scene.horizon + 0.16)) / np.float32(0.20)) ** 2))
    cover = np.clip(drift * np.float32(0.5) + np.float32(0.12), 0, 1) * band * np.float32(0.20 if scene.is_night else 0.22)
    canvas.lay(canvas.whole(), cover, list(scene.haze))


def _light(scene: _Scene, subject: Subject) -> Light:
    strength = 0.12 if scene.weather else 0.45 if scene.is_night else 0.60
    return Light(scene.sun_x, scene.sun, strength, scene.haze, scene.is_night or sights_of(subject.prompt).is_lit)


def _before(canvas: Canvas, subject: Subject, scene: _Scene, placed: placing.Placing) -> None:
    """What is nearest: in the air, on the water, and on a headland of its own."""
    light = _light(scene, subject)
    for figure in placed.aloft:
        portray(canvas, subject.palette, figure, light)
    if placed.afloat:
        ripple = noise.line(canvas.y[:, 0], subject.aside, 0.016, octaves=2)
        for figure in placed.afloat:
            mirror(canvas, subject.palette, figure, light, ripple)
            portray(canvas, subject.palette, figure, light)
    if placed.headland is not None:
        for figure in placed.ashore:
            portray(canvas, subject.palette, figure, light)
        near = _Ridge(placed.headland, 1.0, np.zeros_like(placed.headland))
        _ridge(canvas, subject, replace(scene, foot=canvas.half_height), near)
        _shine(canvas, scene, light, placed.ashore)


def _shine(canvas: Canvas, scene: _Scene, light: Light, figures: list[Placed]) -> None:
    """Lanterns and their beams: out over the open side and, shorter, the other way."""
    for figure in figures:
        if figure.figure.beacon is None or not light.is_lit:
            continue
        x, y = figure.at(*figure.figure.beacon)
        out, lean = (np.pi, 0.07) if figure.x > 0 else (0.0, -0.07)
        strength = 0.55 if scene.is_night or scene.weather else 0.36
        beam(canvas, x, y, out + lean, 1.0, strength)
        beam(canvas, x, y, out + np.pi + lean, 0.45, strength * 0.7)
        box = canvas.around(x, y, 0.34)
        xs, ys = canvas.coordinates(box)
        far = np.hypot(xs - np.float32(x), ys - np.float32(y))
        glow = np.exp(far * np.float32(-46)) * np.float32(0.9) + np.exp(far * np.float32(-17)) * np.float32(0.16)
        canvas.add(box, glow, (1.0, 0.80, 0.45))


def _falling(canvas: Canvas, subject: Subject, scene: _Scene) -> None:
    """The weather between us and all of it."""
    rng, palette = subject.aside, subject.palette
    if scene.weather in {"rain", "storm"}:
        weather.rain(canvas, rng, palette.at(0.62 if scene.is_night else 0.97), 0.34 if scene.weather == "rain" else 0.42)
    elif scene.weather == "snow":
        weather.snow(canvas, rng, _white(palette.at(0.80 if scene.is_night else 0.995)))
    elif scene.weather == "fog":
        weather.fog(canvas, rng, scene.horizon + 0.10, scene.haze, 0.62)
