"""Currents: thousands of tapered brush strokes that follow a stream, broad ones first, fine ones last; around a sun when there is one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import FRACTION_BITS, Canvas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_LAYERS: Final = 11
_GRID_PX: Final = 96
"""Pixels to a unit of the grid the stream is known on."""
_BENDS: Final = 15
# sRGB levels to linear light: brush strokes are laid in eight bits, where edges can be smoothed, and looked at in light.
_LIGHT_OF: Final = np.where(np.arange(256) <= 10, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)


@dataclass(frozen=True, slots=True)
class _Disc:
    """A sun or moon the stream goes round."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class _Stream:
    """Direction and tone everywhere, on a coarse grid."""

    grid: Canvas
    across: Floats
    down: Floats
    tone: Floats

    def cells(self, points: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column of points (..., 2) in units."""
        grid = self.grid
        columns = np.clip(points[..., 0] * grid.unit + grid.width / 2, 0, grid.width - 1).astype(np.intp)
        rows = np.clip(points[..., 1] * grid.unit + grid.height / 2, 0, grid.height - 1).astype(np.intp)
        return rows, columns


@dataclass(frozen=True, slots=True)
class _Layer:
    """Strokes of one breadth: outlines in units (strokes, points, 2) and sRGB colours (strokes, 3)."""

    outlines: Floats
    colours: Floats


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """A wash of colour, then layer on layer of strokes; the relief of the paint at last."""
    rng = subject.rng
    disc = _disc(canvas, subject)
    stream = _stream(canvas, subject, disc)
    breadths = np.geomspace(0.030, 0.0042, _LAYERS)
    counts = np.geomspace(330, 1500, _LAYERS).astype(int)
    sheet = np.empty((canvas.height, canvas.width, 3), np.uint8)
    strokes: list[Stroke] = [partial(_wash, canvas, subject, stream, sheet, disc)]
    for i, (breadth, count) in enumerate(zip(breadths, counts, strict=True)):
        t = i / (_LAYERS - 1)
        seed = int(rng.integers(1 << 62))
        strokes.append(partial(_brush, canvas, subject, stream, sheet, disc, (float(breadth), int(count), t, seed)))
    strokes.append(partial(_relief, canvas, sheet))
    return strokes


def _disc(canvas: Canvas, subject: Subject) -> _Disc | None:
    rng = subject.rng
    wanted = subject.speaks_of(
        "sun", "sunset", "sunrise", "moon", "star", "galaxy", "planet", "eye", "flower", "rose", "sunflower", "夕", "月"
    )
    x, y = float(rng.uniform(-0.5, 0.5)) * canvas.half_width, float(rng.uniform(-0.55, -0.1)) * canvas.half_height
    radius = float(rng.uniform(0.075, 0.12)) * (0.6 + 0.8 * canvas.short)
    return _Disc(x, y, radius) if wanted or rng.random() < 0.35 else None


def _stream(canvas: Canvas, subject: Subject, disc: _Disc | None) -> _Stream:
    """The curl of a smooth field never runs into itself; a main direction keeps it from milling about."""
    rng = subject.rng
    scale = _GRID_PX / canvas.unit
    grid = Canvas(max(8, round(canvas.width * scale)), max(8, round(canvas.height * scale)))
    height = noise.clouds(grid, rng, 0.52, octaves=3, gain=0.42)
    rise, run = np.gradient(height, 1 / grid.unit)
    across, down = rise.astype(np.float32), -run.astype(np.float32)
    level = subject.speaks_of("wave", "sea", "ocean", "lake", "river", "wind", "horizon", "field", "meadow", "desert", "dune", "海")
    upward = subject.speaks_of("fire", "flame", "lava", "smoke", "forest", "tree", "grass", "hair", "fountain", "火", "森")
    heading = (
        float(rng.normal(0, 0.25)) if level else -np.pi / 2 + float(rng.normal(0, 0.2)) if upward else float(rng.uniform(0, 2 * np.pi))
    )
    main = np.float32(3.4 if level or upward else 1.9)
    across += np.float32(np.cos(heading)) * main
    down += np.float32(np.sin(heading)) * main
    if disc is not None:
        dx, dy = grid.x - np.float32(disc.x), grid.y - np.float32(disc.y)
        far = np.hypot(dx, dy)
        pull = np.exp(-far / np.float32(disc.radius * 3.2)) * np.float32(13)
        across, down = across - pull * dy / (far + np.float32(0.02)), down + pull * dx / (far + np.float32(0.02))
    length = np.hypot(across, down) + np.float32(1e-4)
    return _Stream(grid, across / length, down / length, _tones(grid, subject, rng, height))


def _tones(grid: Canvas, subject: Subject, rng: np.random.Generator, height: Floats) -> Floats:
    """Light above and dark below, in tongues that follow the stream."""
    fall = -grid.y / np.float32(grid.half_height) * np.float32(0.30)
    patches = noise.clouds(grid, rng, 0.34, octaves=2, gain=0.5)
    tones = np.float32(0.34 if subject.palette.is_night else 0.56) + fall + height * np.float32(0.15) + patches * np.float32(0.12)
    return np.clip(tones, 0.05, 0.93)


def _wash(canvas: Canvas, subject: Subject, stream: _Stream, sheet: NDArray[np.uint8], disc: _Disc | None) -> None:
    small = _levels(subject.palette.over(stream.tone * np.float32(0.86)).transpose(1, 2, 0))
    sheet[:] = cv2.resize(small, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)
    if disc is not None:
        colour = [int(level) for level in _levels(_light_of(subject))]
        x, y = (round(v * canvas.unit + side / 2) for v, side in ((disc.x, canvas.width), (disc.y, canvas.height)))
        cv2.circle(sheet, (x, y), round(disc.radius * canvas.unit), colour, -1, cv2.LINE_AA)
    _look(canvas, sheet)


def _brush(
    canvas: Canvas,
    subject: Subject,
    stream: _Stream,
    sheet: NDArray[np.uint8],
    disc: _Disc | None,
    layer: tuple[float, int, float, int],
) -> None:
    laid = _layer(canvas, subject, stream, disc, layer)
    middle = np.array([canvas.width / 2, canvas.height / 2], np.float32)
    outlines = np.rint((laid.outlines * np.float32(canvas.unit) + middle - np.float32(0.5)) * (1 << FRACTION_BITS)).astype(np.int32)
    colours = laid.colours.tolist()
    for outline, colour in zip(outlines, colours, strict=True):
        cv2.fillPoly(sheet, [outline], colour, cv2.LINE_AA, FRACTION_BITS)
    _look(canvas, sheet)


def _layer(canvas: Canvas, subject: Subject, stream: _Stream, disc: _Disc | None, layer: tuple[float, int, float, int]) -> _Layer:
    breadth, count, t, seed = layer
    rng = np.random.default_rng(seed)
    start = (rng.uniform(-1.06, 1.06, (count, 2)) * (canvas.half_width, canvas.half_height)).astype(np.float32)
    path = _paths(stream, start, rng.uniform(0.55, 1.3, count).astype(np.float32) * np.float32(0.018 + breadth * 0.62))
    middle = path[:, _BENDS // 2]
    rows, columns = stream.cells(middle)
    tones = stream.tone[rows, columns] + rng.normal(0, 0.055 + 0.075 * t, count).astype(np.float32)
    shine = rng.random(count) < 0.16 * t
    tones = np.clip(np.where(shine, tones + 0.24, tones), 0.03, 0.97)
    colours = subject.palette.over(tones).T
    accent = rng.random(count) < 0.035 * t
    colours = np.where(accent[:, None], subject.palette.accent[None, :], colours)
    if disc is not None:
        colours = _sunlit(subject, disc, middle, colours, rng)
    half = (breadth * rng.uniform(0.5, 1.2, count) / 2).astype(np.float32)
    return _Layer(_tapered(path, half), _levels(colours).astype(np.float32))


def _sunlit(subject: Subject, disc: _Disc, middle: Floats, colours: Floats, rng: np.random.Generator) -> Floats:
    """Strokes upon the disc take its colour, those around it a little."""
    far = np.hypot(middle[:, 0] - disc.x, middle[:, 1] - disc.y)
    light = _light_of(subject)
    upon = (far < disc.radius)[:, None]
    share = np.exp(-np.maximum(far - disc.radius, 0) / (disc.radius * 0.9))[:, None] * 0.55
    own = light[None, :] * rng.uniform(0.86, 1.06, (len(middle), 1))
    return np.where(upon, own, colours + (own - colours) * share)


def _light_of(subject: Subject) -> Floats:
    return subject.palette.at(0.95) if subject.palette.is_night else subject.palette.sun


def _paths(stream: _Stream, start: Floats, stride: Floats) -> Floats:
    """Points (strokes, bends, 2) along the stream."""
    points = [start]
    for _ in range(_BENDS - 1):
        rows, columns = stream.cells(points[-1])
        step = np.stack([stream.across[rows, columns], stream.down[rows, columns]], axis=-1)
        points.append(points[-1] + step * stride[:, None] * np.float32(0.62))
    return np.stack(points, axis=1)


def _tapered(path: Floats, half: Floats) -> Floats:
    """The outline of a stroke along a path: round where the brush lands, drawn out to a point where it leaves."""
    t = np.linspace(0, 1, path.shape[1], dtype=np.float32)
    width = np.sqrt(np.minimum(t / 0.14, 1)) * (1 - t**1.7)
    tangent = np.gradient(path, axis=1)
    tangent /= np.hypot(tangent[..., 0], tangent[..., 1])[..., None] + np.float32(1e-6)
    side = np.stack([-tangent[..., 1], tangent[..., 0]], axis=-1) * (half[:, None] * width[None, :])[..., None]
    return np.concatenate([path + side, (path - side)[:, ::-1]], axis=1)


def _levels(linear: Floats) -> NDArray[np.uint8]:
    """Linear light -> sRGB levels."""
    light = np.clip(linear, 0, 1)
    levels = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(np.maximum(light, 1e-6), 1 / 2.4) - 0.055)
    return np.rint(levels * 255).astype(np.uint8)


def _look(canvas: Canvas, sheet: NDArray[np.uint8]) -> None:
    for channel, plane in enumerate(canvas.planes):
        plane[:] = cv2.LUT(sheet[..., channel], _LIGHT_OF)


def _relief(canvas: Canvas, sheet: NDArray[np.uint8]) -> None:
    """Paint stands up from the sheet: every edge catches the light from the upper left."""
    grey = cv2.GaussianBlur(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), max(0.0009 * canvas.unit, 0.5))
    slope = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3) + cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3)
    slope *= np.float32(canvas.unit / 1024 / 900)
    shade = np.clip(slope, -0.22, 0.22)
    shade += 1
    for plane in canvas.planes:
        np.multiply(plane, shade, out=plane)
