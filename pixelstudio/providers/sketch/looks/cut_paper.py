"""Cut paper: sheets laid one over the other, hills under a paper sun, each throwing a soft shadow on the one behind.

A thing that words name is cut out too, and stands or floats behind the edge of a sheet, in the weather they name (`strewn`); chance for both
is `Subject.aside`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from pixelstudio.providers.sketch import noise, strewn
from pixelstudio.providers.sketch.canvas import Canvas, Shadow
from pixelstudio.providers.sketch.colour import Floats
from pixelstudio.providers.sketch.figures.catalogue import FIGURES
from pixelstudio.providers.sketch.noise import Paper
from pixelstudio.providers.sketch.placing import STANDS
from pixelstudio.providers.sketch.portrayal import Placed, around, covered
from pixelstudio.providers.sketch.sights import Sights, sights_of
from pixelstudio.providers.sketch.silhouettes import cloud, firs
from pixelstudio.providers.sketch.subject import Stroke, Subject

_CONTACT = Shadow(dx=0.0015, dy=-0.003, blur=0.0035, depth=0.38)
_WIDE = Shadow(dx=0.004, dy=-0.012, blur=0.022, depth=0.60)
_LIDS: Final[dict[str, tuple[float, float]]] = {"storm": (0.34, 0.60), "rain": (0.52, 0.76), "overcast": (0.72, 0.90)}
"""Weather without a sun: how pale the nearest and the farthest of its clouds are."""
_FALLING: Final = frozenset({"rain", "storm", "snow"})
_REACH = 0.075
"""Room above a sheet for its shadow, in units."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    top: Floats
    """The ground: y in units for every column."""
    trees: Floats
    """How far the cut edge stands above the ground, per column."""
    tone: float
    turn: int


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """Ground, sun, stars or clouds, then the sheets from the far one to the near one."""
    sights = sights_of(subject.prompt)
    is_covered = sights.weather in _LIDS
    subject = replace(subject, palette=subject.palette.greyed(0.35)) if is_covered else subject
    rng = subject.rng
    sheets = _sheets(canvas, subject, sights, int(rng.integers(8, 10)))
    sun = (float(rng.uniform(-0.45, 0.45)) * canvas.half_width, float(rng.uniform(0.12, 0.19)), bool(rng.random() < 0.55))
    stars, clouds = _starry(canvas, rng), _cloudy(canvas, subject)
    paper = Paper(canvas, rng)
    standing = _standing(canvas, subject, sights, sheets, sun[0])
    horizon = float(sheets[0].top.min())
    strokes: list[Stroke] = [partial(_ground, canvas, subject, paper, sights.weather)]
    if is_covered:
        strokes.append(partial(_lid, canvas, subject, paper, sights.weather, horizon, -1.0 if sun[0] > 0 else 1.0))
    else:
        strokes.append(partial(_sun, canvas, subject, paper, sun, horizon))
        if subject.palette.is_night:
            strokes.append(partial(_stars, canvas, subject, stars))
        elif clouds:
            strokes.append(partial(_clouds, canvas, subject, paper, clouds))
    for i, sheet in enumerate(sheets):
        strokes.append(partial(_laid, canvas, subject, paper, sheet, standing.get(i, []), is_lit=sights.is_lit))
        if sights.weather == "fog" and i == len(sheets) - 5:
            strokes.append(partial(_veil, canvas, subject, paper, float(np.median(sheet.top))))
    if sights.weather in _FALLING:
        strokes.append(partial(_falling, canvas, subject, paper, sights.weather))
    return strokes


def _standing(canvas: Canvas, subject: Subject, sights: Sights, sheets: list[_Sheet], sun_x: float) -> dict[int, list[Placed]]:
    """What is named, by the sheet it stands behind, levelled there and with nothing nearer before it: the first away from the sun, what
    floats beside what stands one sheet nearer and on the other side.
    """
    rng = subject.aside
    names = [*sights.standing[:1], *sights.afloat[:1]]
    first = len(sheets) - 5
    side = -1.0 if sun_x > 0 else 1.0
    scale, night = 0.6 + 0.8 * canvas.short, subject.palette.is_night
    tones = (0.06, 0.80) if night else (sheets[first].tone * 0.30, 0.95)
    placed = {first: _aloft(canvas, rng, sights, side if not names else -side, float(sheets[0].top.min()), scale, tones)}
    for i, name in enumerate(names):
        behind = first + i
        side = -side if i else side
        breadth, size = (STANDS[name].breadth, STANDS[name].height * 1.1) if name in STANDS else (0.20, 0.30)
        x = side * canvas.half_width * float(rng.uniform(0.26, 0.38))
        off = canvas.x[0] - np.float32(x)
        level = np.exp(-((off / np.float32(breadth * scale)) ** 4)).astype(np.float32)
        swell = np.exp(-((off / np.float32(breadth * 2)) ** 2)).astype(np.float32)
        ground = sheets[behind]
        y = float(np.interp(x, canvas.x[0], ground.top))
        ground.top[:] += (np.float32(y) + off * off * np.float32(0.3) - ground.top) * level
        ground.trees[:] *= 1 - level
        for sheet in sheets[behind + 1 :]:
            over = np.float32(y + 0.04) - (sheet.top - sheet.trees)
            sheet.top[:] += max(float((over * (level > 0.5)).max()), 0.0) * swell
        size = min(size * (0.8 if i else 1.0) * scale, 0.75 * (y + canvas.half_height))
        figure = Placed(FIGURES[name](rng), x, y + 0.012, size, *tones, is_turned=bool(rng.random() < 0.5))
        placed.setdefault(behind, []).append(figure)
    return placed


def _aloft(
    canvas: Canvas, rng: np.random.Generator, sights: Sights, side: float, horizon: float, scale: float, tones: tuple[float, float]
) -> list[Placed]:
    """Balloons and birds in the sky."""
    sky = horizon + canvas.half_height
    placed: list[Placed] = []
    if "balloon" in sights.aloft:
        for size, across, up in ((0.30, 0.40, 0.02), (0.13, -0.12, 0.42)):
            tall = min(size * scale, 0.8 * canvas.half_height)
            placed.append(
                Placed(FIGURES["balloon"](rng), side * across * canvas.half_width, horizon - sky * up + tall * 0.25, tall, *tones)
            )
    if "bird" in sights.aloft:
        for _ in range(6):
            at = (-side * canvas.half_width * 0.36 + float(rng.normal(0, 0.08)), horizon - sky * float(rng.uniform(0.25, 0.6)))
            placed.append(Placed(FIGURES["bird"](rng), *at, float(rng.uniform(0.026, 0.040)) * scale, *tones))
    return placed


def _tone(t: float, sights: Sights, *, is_night: bool) -> float:
    """How pale a sheet is, `t` from the far one (0) to the near one (1): fog takes the far ones away, snow lies on all."""
    tone = 0.58 - 0.50 * t if is_night else 0.80 - 0.65 * t**0.92
    if sights.weather == "fog":
        return tone + ((0.34 if is_night else 0.90) - tone) * 0.62 * (1 - t)
    if sights.weather == "snow":
        return tone + (0.12 if is_night else 0.20) * (1 - tone)
    return tone


def _sheets(canvas: Canvas, subject: Subject, sights: Sights, count: int) -> list[_Sheet]:
    rng, x = subject.rng, canvas.x[0]
    peaked = subject.speaks_of("mountain", "alp", "peak", "summit", "glacier", "berg", "iceberg", "pyramid", "山")
    waves = subject.speaks_of("wave", "sea", "ocean", "surf", "water", "storm", "海") or sights.is_at_sea
    wooded = subject.speaks_of("forest", "tree", "pine", "fir", "wood", "jungle", "wald", "fox", "bear", "森") or bool(rng.random() < 0.12)
    sheets: list[_Sheet] = []
    for i in range(count):
        t = i / (count - 1)
        base = (-0.40 + 1.22 * t**1.08) * canvas.half_height
        swing = (0.075 + 0.02 * np.sin(np.pi * t)) * (0.55 + 0.45 * canvas.half_height / 0.5)
        if peaked:
            edge = _peaks(x, rng, 0.42 - 0.1 * t) * 1.25
        elif waves:
            edge = _crests(x, rng, 0.30 + 0.16 * t)
        else:
            edge = noise.line(x, rng, float(rng.uniform(0.26, 0.46))) + noise.line(x, rng, 0.15) * np.float32(0.22)
        if sights.afloat and not waves and t > 0.3:
            edge *= np.float32(0.22)  # the water of a lake
        trees = firs(canvas, rng, 0.048 + 0.038 * t, density=1.25) if wooded and 0.25 < t < 0.9 and i % 2 else np.zeros_like(x)
        lean = float(rng.normal(0, 0.07)) * x
        sheets.append(
            _Sheet(
                (base + swing * edge + lean).astype(np.float32),
                trees,
                _tone(t, sights, is_night=subject.palette.is_night),
                i + 2,
            )
        )
    return sheets


def _peaks(x: Floats, rng: np.random.Generator, cell: float) -> Floats:
    """Straight flanks with broken edges."""
    knots = np.arange(-1.6, 1.6, cell / 2) + rng.uniform(-0.06, 0.06, len(np.arange(-1.6, 1.6, cell / 2)))
    heights = np.where(np.arange(len(knots)) % 2 == 0, rng.uniform(0.3, 1.0, len(knots)), -rng.uniform(0.5, 1.5, len(knots)))
    return (np.interp(x, knots, heights) + noise.line(x, rng, 0.05, octaves=3) * 0.10).astype(np.float32)


def _crests(x: Floats, rng: np.random.Generator, length: float) -> Floats:
    """Rounded troughs that meet in points, of uneven height."""
    phase = (x + noise.line(x, rng, 0.6) * np.float32(0.06)) / np.float32(length) + np.float32(rng.uniform(0, 1))
    return ((np.abs(np.sin(np.pi * phase)) - 0.6) * (1 + 0.3 * noise.line(x, rng, 0.5)) * 0.9).astype(np.float32)


def _sky(subject: Subject, weather: str = "") -> Floats:
    tone = 0.22 if subject.palette.is_night else 0.93
    return subject.palette.at(tone * {"storm": 0.74, "rain": 0.88}.get(weather, 1.0))


def _ground(canvas: Canvas, subject: Subject, paper: Paper, weather: str) -> None:
    box = canvas.whole()
    shade = np.float32(1.0) + paper.sheet(box, 0)
    fall = (canvas.y / canvas.half_height) * np.float32(0.06)
    colour = _sky(subject, weather)
    canvas.lay(box, None, list(colour), shade + fall)


def _sun(canvas: Canvas, subject: Subject, paper: Paper, sun: tuple[float, float, bool], horizon: float) -> None:
    """One to three discs of paper, the smallest on top, most of it above the first hill."""
    x, radius, ringed = sun
    radius *= 0.45 + 0.55 * canvas.short / 0.5
    y = max(horizon - radius * 0.22, radius * 1.12 - canvas.half_height)
    rings = ((1.62, 0.16), (1.30, 0.36), (1.0, 1.0)) if ringed else ((1.0, 1.0),)
    ground, light = _sky(subject), subject.palette.at(0.97) if subject.palette.is_night else subject.palette.sun
    for turn, (size, share) in enumerate(rings):
        reach = radius * size
        box = canvas.around(x, y, reach + _REACH)
        if box.is_empty:
            continue
        xs, ys = canvas.coordinates(box)
        distance = np.float32(reach) - np.hypot(xs - np.float32(x), ys - np.float32(y))
        cover = canvas.cover(distance)
        canvas.cast(box, cover, Shadow(dx=0.003, dy=0.006, blur=0.010, depth=0.20))
        shade = np.float32(1.0) + paper.sheet(box, turn + 11) + _rim(canvas, distance) * np.float32(0.10)
        canvas.lay(box, cover, list(light * np.float32(share) + ground * np.float32(1 - share)), shade)


def _starry(canvas: Canvas, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Punched stars: x, y, radius."""
    count = 90
    x, y = rng.uniform(-1.42, 1.42, count), -rng.uniform(-0.1, 1.0, count) * canvas.half_height
    size = 0.0016 + 0.0032 * rng.random(count) ** 3
    return [(float(x[i]), float(y[i]), float(size[i])) for i in range(count)]


def _stars(canvas: Canvas, subject: Subject, stars: list[tuple[float, float, float]]) -> None:
    for x, y, radius in stars:
        box = canvas.around(x, y, radius * 2)
        if box.is_empty:
            continue
        xs, ys = canvas.coordinates(box)
        distance = np.float32(radius) - np.hypot(xs - np.float32(x), ys - np.float32(y))
        canvas.lay(box, canvas.cover(distance) * np.float32(0.85), list(subject.palette.at(0.95)))


def _cloudy(canvas: Canvas, subject: Subject) -> list[list[tuple[float, float, float]]]:
    """No cloud, or one to three of them, each a list of discs."""
    rng = subject.rng
    wanted = subject.speaks_of("cloud", "sky", "rain", "storm", "wolke", "nuage", "雲")
    count = int(rng.integers(2, 4)) if wanted else int(rng.choice([0, 0, 1, 2]))
    clouds: list[list[tuple[float, float, float]]] = []
    start = float(rng.uniform(-1, 1))
    for i in range(count):
        place = (start + 2 * i / count + 1) % 2 - 1 + float(rng.uniform(-0.12, 0.12))
        x, y = place * canvas.half_width, float(rng.uniform(-0.82, -0.5)) * canvas.half_height
        discs = cloud(rng, float(rng.uniform(0.20, 0.32)) * (0.5 + canvas.short))
        clouds.append([(x + dx, y + dy, radius) for dx, dy, radius in discs])
    return clouds


def _clouds(canvas: Canvas, subject: Subject, paper: Paper, clouds: list[list[tuple[float, float, float]]]) -> None:
    for turn, discs in enumerate(clouds):
        _cloud(canvas, subject, paper, discs, turn + 20)


def _lid(canvas: Canvas, subject: Subject, paper: Paper, weather: str, horizon: float, side: float) -> None:
    """Three sheets of cloud instead of a sun, scalloped below, the upper ones nearer; in a storm a flash behind them, away from what stands."""
    rng, box = subject.aside, canvas.whole()
    sky = horizon + canvas.half_height
    darkest, palest = _LIDS[weather]
    if weather == "storm":
        x = -side * canvas.half_width * float(rng.uniform(0.25, 0.50))
        cover = strewn.flash(canvas, rng, x, -canvas.half_height + sky * 0.05, horizon + 0.06)
        canvas.cast(box, cover, Shadow(dx=0.003, dy=0.006, blur=0.010, depth=0.24))
        light = subject.palette.sun * np.float32(0.3) + np.array([1.0, 0.86, 0.42], np.float32) * np.float32(0.7)
        canvas.lay(box, cover, list(light), np.float32(1.0) + paper.sheet(box, 31))
    for row, down in enumerate((0.52, 0.32, 0.13)):
        tone = (palest + (darkest - palest) * row / 2) * (0.5 if subject.palette.is_night else 1.0)
        _hung(canvas, subject, paper, _scallops(canvas, rng, -canvas.half_height + sky * down, 0.5 + canvas.short), tone, 40 + row)


def _scallops(canvas: Canvas, rng: np.random.Generator, y: float, scale: float) -> Floats:
    """The lower edge of a sheet of cloud: rounds that meet in points, small ones and large."""
    x, edge = canvas.x[0], np.full(canvas.width, -9.0, np.float32)
    at = -1.5 - float(rng.uniform(0, 0.2))
    while at < 1.5:
        radius = float(rng.uniform(0.05, 0.13)) * scale
        at += radius
        inside = np.maximum(np.float32(radius * radius) - (x - np.float32(at)) ** 2, 0)
        below = np.float32(y - radius * 0.55 + float(rng.normal(0, 0.014))) + np.sqrt(inside)
        edge = np.maximum(edge, np.where(inside > 0, below, -9.0))
        at += radius * 0.62
    return np.maximum(edge, np.float32(y - 0.02)).astype(np.float32)


def _hung(canvas: Canvas, subject: Subject, paper: Paper, edge: Floats, tone: float, turn: int) -> None:
    """A sheet that hangs down to an edge."""
    box = canvas.box(-canvas.half_width, -canvas.half_height, canvas.half_width, float(edge.max()) + _REACH)
    if box.is_empty:
        return
    _, y = canvas.coordinates(box)
    distance = -_below(canvas, edge, y)[0]
    cover = canvas.cover(distance)
    canvas.cast(box, cover, Shadow(dx=0.004, dy=0.011, blur=0.015, depth=0.34))
    shade = np.float32(1.0) + paper.sheet(box, turn) + _rim(canvas, distance) * np.float32(0.07)
    canvas.lay(box, cover, list(subject.palette.at(tone)), shade)


def _veil(canvas: Canvas, subject: Subject, paper: Paper, top: float) -> None:
    """Two strips of tracing paper across the land, which let it through."""
    rng, tone = subject.aside, 0.40 if subject.palette.is_night else 0.97
    for turn, (start, tall, cover) in enumerate(((top - 0.05, 0.15, 0.62), (top + 0.03, 0.20, 0.50))):
        x = canvas.x[0]
        upper = np.float32(start) + noise.line(x, rng, 0.32) * np.float32(0.036)
        lower = np.float32(start + tall) + noise.line(x, rng, 0.40) * np.float32(0.036)
        box = canvas.box(-canvas.half_width, float(upper.min()) - 0.02, canvas.half_width, float(lower.max()) + 0.02)
        if box.is_empty:
            continue
        _, y = canvas.coordinates(box)
        inside = canvas.cover(np.minimum(_below(canvas, upper, y)[0], -_below(canvas, lower, y)[0])) * np.float32(cover)
        canvas.cast(box, inside, Shadow(dx=0.002, dy=0.004, blur=0.008, depth=0.10))
        canvas.lay(box, inside, list(subject.palette.at(tone)), np.float32(1.0) + paper.sheet(box, 50 + turn))


def _falling(canvas: Canvas, subject: Subject, paper: Paper, weather: str) -> None:
    """Slips of paper for rain, punched discs for snow, each with its small shadow."""
    cover = strewn.slips(canvas, subject.aside) if weather != "snow" else strewn.flakes(canvas, subject.aside)
    box = canvas.whole()
    canvas.cast(box, cover, Shadow(dx=0.002, dy=0.004, blur=0.004, depth=0.30))
    tone = 0.98 if weather == "snow" else 0.72 if subject.palette.is_night else 0.95
    canvas.lay(box, cover, list(subject.palette.at(tone)), np.float32(1.02) + paper.sheet(box, 37))


def _cloud(canvas: Canvas, subject: Subject, paper: Paper, discs: list[tuple[float, float, float]], turn: int) -> None:
    left, right = min(x - r for x, _, r in discs), max(x + r for x, _, r in discs)
    top, foot = min(y - r for _, y, r in discs), max(y + r * 0.45 for _, y, r in discs)
    box = canvas.box(left - _REACH, top - _REACH, right + _REACH, foot + _REACH)
    if box.is_empty:
        return
    xs, ys = canvas.coordinates(box)
    distance = np.float32(foot) - ys + np.zeros_like(xs)
    inside = np.full_like(distance, -1)
    for x, y, radius in discs:
        np.maximum(inside, np.float32(radius) - np.hypot(xs - np.float32(x), ys - np.float32(y)), out=inside)
    distance = np.minimum(distance, inside)
    cover = canvas.cover(distance)
    canvas.cast(box, cover, Shadow(dx=0.004, dy=0.009, blur=0.012, depth=0.24))
    canvas.lay(
        box, cover, list(subject.palette.at(0.99)), np.float32(1.02) + paper.sheet(box, turn) + _rim(canvas, distance) * np.float32(0.08)
    )


def _rim(canvas: Canvas, distance: Floats) -> Floats:
    """A line of light along the cut, as thick as the paper."""
    width = np.float32(max(0.0016, 0.9 / canvas.unit))
    return canvas.cover(distance) - canvas.cover(distance - width, 1.6)


def _laid(canvas: Canvas, subject: Subject, paper: Paper, sheet: _Sheet, standing: list[Placed], *, is_lit: bool) -> None:
    """A sheet, and before it what stands behind its edge."""
    for placed in standing:
        box = around(canvas, placed, 0.03)
        if box.is_empty:
            continue
        cover, tone = covered(canvas, box, placed)
        canvas.cast(box, cover, Shadow(dx=0.004, dy=0.007, blur=0.009, depth=0.34))
        colours = subject.palette.over(np.float32(placed.dark) + tone * np.float32(placed.pale - placed.dark))
        shade = np.float32(1.0) + paper.sheet(box, sheet.turn + 5)
        canvas.lay(box, cover, list(colours), shade)
        if placed.figure.lamps and is_lit:
            windows, _ = covered(canvas, box, replace(placed, figure=placed.figure.windows()))
            canvas.lay(box, windows, [np.float32(part) for part in (1.0, 0.66, 0.24)], shade)
    _lay(canvas, subject, paper, sheet)


def _lay(canvas: Canvas, subject: Subject, paper: Paper, sheet: _Sheet) -> None:
    edge = sheet.top - sheet.trees
    top = float(edge.min())
    box = canvas.box(-canvas.half_width, top - _REACH, canvas.half_width, canvas.half_height)
    if box.is_empty:
        return
    _, y = canvas.coordinates(box)
    distance, slope, lean = _below(canvas, edge, y)
    depth = _below(canvas, sheet.top, y)[0] if sheet.trees.any() else distance
    cover = canvas.cover(distance)
    canvas.cast(box, cover, _WIDE)
    canvas.cast(box, cover, _CONTACT)
    light = (np.clip(0.62 + 0.5 * slope * lean, 0.25, 1.1) * 0.16).astype(np.float32)
    shade = _curl(depth)
    shade += paper.sheet(box, sheet.turn)
    shade += _rim(canvas, distance) * light[None, :]
    canvas.lay(box, cover, list(subject.palette.at(sheet.tone)), shade)


def _below(canvas: Canvas, edge: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """How far each pixel lies below an edge, measured across it; and the edge's slope and lean per column."""
    slope = np.gradient(edge, canvas.x[0])
    lean = (1 / np.sqrt(1 + slope * slope)).astype(np.float32)
    return (y - edge[None, :]) * lean[None, :], slope, lean


def _curl(distance: Floats) -> Floats:
    """Paper lifts at its cut: lighter there, falling off into the sheet."""
    inside = np.maximum(distance, 0)
    return np.float32(0.86) + np.float32(0.2 * 0.07) / (inside + np.float32(0.07))
