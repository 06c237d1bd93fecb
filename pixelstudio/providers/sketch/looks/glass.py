"""Stained glass: panes cut to a drawing, set piece by piece into lead, with the light behind them; hills under a sun, or a rose window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import Canvas, Shadow

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pixelstudio.providers.sketch.canvas import Box
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_SETTINGS: Final = 9
"""How many strokes set panes."""
_LEAD: Final = 0.0046
_FAR: Final = np.float32(9.0)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What the window shows: where the light stands, the hills by column, and where each pane has its middle."""

    points: Floats
    light: tuple[float, float]
    radius: float
    hills: list[Floats]
    is_rose: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """Every pixel's pane, its region of the drawing, how far it is from the nearest lead, in units, and the streaks of its glass."""

    pane: NDArray[np.int16]
    region: NDArray[np.int16]
    edge: Floats
    streaks: Floats


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """The lead lines on the bench, panes from the ones furthest from the light to the light itself, lead, and the sun through it all."""
    rng = subject.rng
    drawing = _drawing(canvas, subject)
    grain = int(rng.integers(1 << 62))
    colours = _colours(subject, drawing)
    order = _order(drawing)
    cut = lru_cache(maxsize=1)(partial(_cut, canvas, drawing, grain))  # a third of the work: not before the first step is seen
    strokes: list[Stroke] = [partial(_bench, canvas, subject, drawing)]
    strokes += [partial(_set, canvas, cut, colours, order == step) for step in range(_SETTINGS)]
    strokes.append(partial(_lead, canvas, cut))
    strokes.append(partial(_shine, canvas, subject, drawing))
    return strokes


def _drawing(canvas: Canvas, subject: Subject) -> _Drawing:
    rng = subject.rng
    rose = subject.speaks_of("rose", "flower", "bloom", "church", "cathedral", "mandala", "galaxy", "star", "space", "kaleidoscope", "花")
    rose = rose or bool(rng.random() < 0.22)
    if rose:
        light = (float(rng.uniform(-0.03, 0.03)), float(rng.uniform(-0.03, 0.03)))
        points = _rings(rng, light)
        return _Drawing(points, light, canvas.short * float(rng.uniform(0.10, 0.15)), [], is_rose=True)
    light = (float(rng.uniform(-0.45, 0.45)) * canvas.half_width, -float(rng.uniform(0.28, 0.55)) * canvas.half_height)
    hills = _hills(canvas, subject)
    return _Drawing(
        _scattered(canvas, rng, 0.082), light, float(rng.uniform(0.10, 0.15)) * (0.6 + 0.8 * canvas.short), hills, is_rose=False
    )


def _hills(canvas: Canvas, subject: Subject) -> list[Floats]:
    rng, x = subject.rng, canvas.x[0]
    peaked = subject.speaks_of("mountain", "alp", "peak", "summit", "glacier", "berg", "山")
    hills: list[Floats] = []
    for i in range(4):
        base = canvas.half_height * (0.06 + 0.24 * i)
        edge = noise.line(x, rng, 0.55 - 0.08 * i) + noise.line(x, rng, 0.16, octaves=2 if peaked else 1) * np.float32(
            0.55 if peaked else 0.12
        )
        hills.append((base - edge * np.float32(0.085) * (1.6 if peaked and i == 0 else 1.0)).astype(np.float32))
    return hills


def _scattered(canvas: Canvas, rng: np.random.Generator, spacing: float) -> Floats:
    """Points as bees would set them, each then pushed a little out of its place."""
    across = np.arange(-canvas.half_width - spacing, canvas.half_width + spacing, spacing)
    down = np.arange(-canvas.half_height - spacing, canvas.half_height + spacing, spacing * 0.866)
    x, y = np.meshgrid(across, down)
    x[1::2] += spacing / 2
    points = np.stack([x, y], axis=-1).reshape(-1, 2)
    return (points + rng.normal(0, spacing * 0.24, points.shape)).astype(np.float32)


def _rings(rng: np.random.Generator, light: tuple[float, float]) -> Floats:
    """Points in rings, as many or twice as many in each next one: their panes are petals."""
    spokes = int(rng.choice([6, 8, 8, 10, 12]))
    places: list[tuple[float, float]] = []
    radius, ring = 0.0, 0
    while radius < 1.5:
        radius += 0.085 + 0.012 * ring
        count = spokes * (1 if ring < 1 else 2 if ring < 5 else 4)
        turn = np.pi / count * (ring % 2)
        for i in range(count):
            angle = turn + i * 2 * np.pi / count
            places.append((light[0] + radius * float(np.cos(angle)), light[1] + radius * float(np.sin(angle))))
        ring += 1
    near = [place for place in places if max(abs(place[0]), abs(place[1])) < 1.5]
    return np.array([light, *near], np.float32)


def _cut(canvas: Canvas, drawing: _Drawing, grain: int) -> _Cut:
    pane, edge = _panes(canvas, drawing.points)
    region, line, inside = _regions(canvas, drawing)
    in_disc = region == -1
    pane[in_disc] = int(_away(drawing).argmin())  # the light is one pane, whatever is around it
    edge[in_disc] = inside[in_disc]
    np.minimum(edge, line, out=edge)
    streaks = noise.clouds(canvas, np.random.default_rng(grain), 0.055, octaves=3, gain=0.6, stretch=0.35)
    return _Cut(pane, region, edge.astype(np.float32), streaks)


def _regions(canvas: Canvas, drawing: _Drawing) -> tuple[NDArray[np.int16], Floats, Floats]:
    """The drawing without its panes: the light is -1, sky 0, hills from 1; how far its lines are, and how deep inside the light."""
    region = np.zeros((canvas.height, canvas.width), np.int16)
    line = np.full(region.shape, _FAR, np.float32)
    for i, hill in enumerate(drawing.hills, 1):
        slope = np.gradient(hill, canvas.x[0])
        below = (canvas.y - hill[None, :]) / np.sqrt(1 + slope * slope).astype(np.float32)[None, :]
        region[below > 0] = i
        np.copyto(line, np.abs(below), where=(np.abs(below) < line) | (below > 0))
    inside = np.float32(drawing.radius) - np.hypot(canvas.x - np.float32(drawing.light[0]), canvas.y - np.float32(drawing.light[1]))
    free = region == 0
    region[free & (inside > 0)] = -1
    np.minimum(line, np.where(free, np.abs(inside), _FAR), out=line)
    return region, line, inside


def _panes(canvas: Canvas, points: Floats) -> tuple[NDArray[np.int16], Floats]:
    """The nearest point of every pixel, and the distance to the line half way to the second nearest. Each point looks only around itself."""
    shape = (canvas.height, canvas.width)
    first, second = np.full(shape, _FAR, np.float32), np.full(shape, _FAR, np.float32)
    pane, other = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
    for i, (reach, point) in enumerate(zip(_reaches(points), points, strict=True)):
        box = canvas.around(float(point[0]), float(point[1]), float(reach))
        if box.is_empty:
            continue
        x, y = canvas.coordinates(box)
        away = (x - point[0]) ** 2 + (y - point[1]) ** 2
        place = slice(box.top, box.bottom), slice(box.left, box.right)
        nearest, next_one = first[place], second[place]
        is_first = away < nearest
        is_second = ~is_first & (away < next_one)
        next_one[is_first], other[place][is_first] = nearest[is_first], pane[place][is_first]
        nearest[is_first], pane[place][is_first] = away[is_first], i
        next_one[is_second], other[place][is_second] = away[is_second], i
    apart = np.sqrt(((points[pane] - points[other]) ** 2).sum(-1)) + np.float32(1e-6)
    return pane, (second - first) / (2 * apart)


def _reaches(points: Floats) -> Floats:
    """How far from each point a pane, its own or a neighbour's, can still have it as nearest or second: by its seventh neighbour."""
    squared = ((points[:, None, :] - points[None, :, :]) ** 2).sum(-1)
    squared.sort(axis=1)
    return np.sqrt(squared[:, min(8, len(points) - 1)]) + np.float32(0.02)


def _order(drawing: _Drawing) -> NDArray[np.intp]:
    """In which stroke each pane is set: the light last."""
    rank = np.argsort(np.argsort(-_away(drawing)))
    return (rank * _SETTINGS // len(rank)).astype(np.intp)


def _away(drawing: _Drawing) -> Floats:
    """How far each pane's middle is from the light."""
    return np.hypot(drawing.points[:, 0] - drawing.light[0], drawing.points[:, 1] - drawing.light[1])


def _colours(subject: Subject, drawing: _Drawing) -> Floats:
    """Linear light of every pane in every region (regions, panes, 3): light first, then sky, then the hills."""
    rng, palette = subject.rng, subject.palette
    count = len(drawing.points)
    far = _away(drawing)
    high, low = (0.62, 0.16) if palette.is_night else (0.93, 0.52)
    if drawing.is_rose:
        rings = np.round(far / 0.10) % 5
        tones = np.choose(rings.astype(int), [0.86, 0.42, 0.66, 0.24, 0.55]).astype(np.float32) - (0.14 if palette.is_night else 0.0)
    else:
        tones = (high - (high - low) * np.clip(far / 0.85, 0, 1)).astype(np.float32)
    rows = [np.full(count, 0.97, np.float32), tones]
    rows += [np.full(count, tone, np.float32) for tone in ((0.46, 0.34, 0.22, 0.12) if not palette.is_night else (0.42, 0.33, 0.25, 0.17))]
    jitter = rng.normal(0, 0.06, (len(rows), count)).astype(np.float32)
    planes = palette.over(np.clip(np.stack(rows) + jitter, 0.03, 0.98)).transpose(1, 2, 0)
    planes[0] = (
        np.float32(1.12) * (palette.at(0.96) if palette.is_night else palette.sun) * rng.uniform(0.9, 1.06, (count, 1)).astype(np.float32)
    )
    accent = np.round(far / 0.10) % 5 == int(rng.integers(5)) if drawing.is_rose else rng.random(count) < 0.05
    planes[1, accent] = palette.accent
    return planes.astype(np.float32)


def _bench(canvas: Canvas, subject: Subject, drawing: _Drawing) -> None:
    """The drawing the glass is cut to, full size, on paper."""
    _, line, _ = _regions(canvas, drawing)
    shade = np.float32(0.45) + canvas.cover(line - np.float32(_LEAD * 0.4), 1.4) * np.float32(0.55)
    canvas.lay(canvas.whole(), None, list(subject.palette.at(0.94) * np.float32(0.9)), shade)


def _set(canvas: Canvas, cut: Callable[[], _Cut], colours: Floats, chosen: NDArray[np.bool_]) -> None:
    """Some panes: streaked, thicker and darker towards their lead, with a facet of light along the upper left."""
    panes = cut()
    mask = chosen[panes.pane]
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return
    place = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    mask, edge = mask[place], panes.edge[place]
    lit = colours[panes.region[place] + 1, panes.pane[place]]
    shade = np.float32(0.84) + np.float32(0.30) * edge / (edge + np.float32(0.016)) + panes.streaks[place] * np.float32(0.085)
    lead = canvas.cover(edge - np.float32(_LEAD), 1.3)
    shade *= lead
    for channel, plane in enumerate(canvas.planes):
        np.copyto(plane[place], lit[..., channel] * shade + (1 - lead) * np.float32(0.010), where=mask)


def _lead(canvas: Canvas, cut: Callable[[], _Cut]) -> None:
    """The lead is round: a grey line of light runs along its middle, broken by the hand that soldered it."""
    box: Box = canvas.whole()
    edge = cut().edge
    cover = 1 - canvas.cover(edge - np.float32(_LEAD), 1.3)
    ridge = np.exp(-((edge / np.float32(_LEAD * 0.40)) ** 2))
    canvas.lay(box, cover, [np.float32(0.008), np.float32(0.008), np.float32(0.010)])
    canvas.add(box, ridge * cover, (0.040, 0.042, 0.048))


def _shine(canvas: Canvas, subject: Subject, drawing: _Drawing) -> None:
    """Light spills over the lead around the brightest panes, and the room darkens towards the frame."""
    glow = [canvas.softened(plane, Shadow(dx=0, dy=0, blur=0.030, depth=1.0)) for plane in canvas.planes]
    far = np.hypot(canvas.x - np.float32(drawing.light[0]), canvas.y - np.float32(drawing.light[1]))
    shade = np.float32(1.16) - np.float32(0.34) * np.clip(far / np.float32(0.9), 0, 1)
    warm = subject.palette.at(0.95)
    beam = np.exp(np.maximum(far - np.float32(drawing.radius), 0) * np.float32(-16)) * np.float32(0.10)
    for plane, spilt, share in zip(canvas.planes, glow, warm, strict=True):
        plane[:] = (plane * np.float32(0.92) + spilt * np.float32(0.15)) * shade + beam * share
