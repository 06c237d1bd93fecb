"""How a figure is painted: its tones out of the palette, the air before it, a rim of light, its lamps, and its image in the water."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Box, Canvas
    from pixelstudio.providers.sketch.colour import Floats, Palette
    from pixelstudio.providers.sketch.figures.outlines import Figure, Lamp, Part

_FINE: Final = 4
"""How many times finer than a pixel outlines are filled."""
_WARM: Final = (1.0, 0.66, 0.28)


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in a picture: its foot and its height, in units, negative upside down; how dark and how pale its tones are, and how much
    air lies before it.
    """

    figure: Figure
    x: float
    y: float
    size: float
    dark: float
    pale: float
    air: float = 0.0
    is_turned: bool = False
    """Whether its left is on the right."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the figure, in units of the canvas."""
        return self.x + (-x if self.is_turned else x) * self.size, self.y - y * self.size


@dataclass(frozen=True, slots=True)
class Light:
    """What falls on it: from where, in which colour, how strongly, through which haze; and whether lamps burn."""

    x: float
    colour: Floats
    strength: float
    haze: Floats
    is_lit: bool


def portray(canvas: Canvas, palette: Palette, placed: Placed, light: Light) -> None:
    """Paint a figure on what is there."""
    box = around(canvas, placed)
    if box.is_empty:
        return
    cover, tone = covered(canvas, box, placed)
    canvas.lay(box, cover, _colours(palette, placed, light, tone))
    canvas.lay(box, _rim(canvas, cover, np.sign(light.x - placed.x)) * np.float32(light.strength), list(light.colour))
    if light.is_lit:
        for lamp in placed.figure.lamps:
            _burn(canvas, placed, lamp)


def mirror(canvas: Canvas, palette: Palette, placed: Placed, light: Light, ripple: Floats) -> None:
    """Its image in the water below its foot, broken by `ripple` (about -1..1, one number a row of the canvas) and lost with depth."""
    foot = replace(placed, size=-placed.size)
    box = around(canvas, foot)
    if box.is_empty:
        return
    cover, tone = covered(canvas, box, foot)
    _, y = canvas.coordinates(box)
    deep = np.clip((y - np.float32(placed.y)) / np.float32(placed.size), 0, 1)
    push = ripple[box.top : box.bottom, None] * (0.002 + 0.010 * deep) * np.float32(canvas.unit)
    rows = np.broadcast_to(np.arange(cover.shape[0], dtype=np.float32)[:, None], cover.shape)
    columns = np.arange(cover.shape[1], dtype=np.float32)[None, :] + push.astype(np.float32)
    cover, tone = (np.asarray(cv2.remap(plane, columns, rows, cv2.INTER_LINEAR), np.float32) for plane in (cover, tone))
    cover = cv2.GaussianBlur(cover, (0, 0), max(0.0012 * canvas.unit, 0.5), sigmaY=max(0.005 * canvas.unit, 0.6))
    canvas.lay(box, cover * (np.float32(0.62) - np.float32(0.42) * deep), _colours(palette, placed, light, tone))


def beam(canvas: Canvas, x: float, y: float, angle: float, reach: float, strength: float) -> None:
    """A cone of light from a lantern, softer at its edges and weaker the further."""
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    dx, dy = canvas.x - np.float32(x), canvas.y - np.float32(y)
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    out = np.maximum(along, 0)
    cone = np.exp(-((across / (out * np.float32(0.085) + np.float32(0.004))) ** 2))
    cone *= np.exp(out * np.float32(-1.6 / reach)) * np.clip(along * np.float32(60), 0, 1)
    canvas.add(canvas.whole(), cone * np.float32(strength), (1.0, 0.88, 0.62))


def covered(canvas: Canvas, box: Box, placed: Placed) -> tuple[Floats, Floats]:
    """How much of each pixel of a box the figure covers, and with which tone."""
    size = (box.shape[0] * _FINE, box.shape[1] * _FINE)
    tone, mask = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    for part in placed.figure.parts:
        points = [_points(canvas, box, placed, part)]
        cv2.fillPoly(tone, points, round(part.tone * 255), shift=3)
        cv2.fillPoly(mask, points, 255, shift=3)
    small = (box.shape[1], box.shape[0])
    full = cv2.resize(mask, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    tones = cv2.resize(tone, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    return full / np.float32(255), tones / np.maximum(full, 1)


def _points(canvas: Canvas, box: Box, placed: Placed, part: Part) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    side = -abs(placed.size) if placed.is_turned else abs(placed.size)
    x = (placed.x + part.outline[:, 0] * side) * canvas.unit + canvas.width / 2 - box.left
    y = (placed.y - part.outline[:, 1] * placed.size) * canvas.unit + canvas.height / 2 - box.top
    return np.rint(np.stack([x, y], axis=1) * _FINE * 8).astype(np.int32)


def around(canvas: Canvas, placed: Placed, room: float = 0.01) -> Box:
    """The pixels it may touch, with some room about it."""
    outlines = np.concatenate([part.outline for part in placed.figure.parts])
    reach = float(np.abs(outlines[:, 0]).max()) * abs(placed.size) + room
    low, high = sorted((placed.y - float(outlines[:, 1].min()) * placed.size, placed.y - float(outlines[:, 1].max()) * placed.size))
    return canvas.box(placed.x - reach, low - room, placed.x + reach, high + room)


def _colours(palette: Palette, placed: Placed, light: Light, tone: Floats) -> list[Floats]:
    own = palette.over(np.float32(placed.dark) + tone * np.float32(placed.pale - placed.dark))
    return [plane + (haze - plane) * np.float32(placed.air) for plane, haze in zip(own, light.haze, strict=True)]


def _rim(canvas: Canvas, cover: Floats, side: float) -> Floats:
    """The edge on the side of the light."""
    by = max(1.0, 0.0017 * canvas.unit)
    away = cv2.warpAffine(cover, np.array([[1, 0, -side * by], [0, 1, by * 0.55]], np.float32), cover.shape[::-1], flags=cv2.INTER_LINEAR)
    return np.clip(cover - np.asarray(away, np.float32), 0, 1)


def _burn(canvas: Canvas, placed: Placed, lamp: Lamp) -> None:
    """A window with light in it, and its glow in the air."""
    x, y = placed.at(lamp.x, lamp.y)
    half_width, half_height = lamp.width * placed.size / 2, lamp.height * placed.size / 2
    glow = 5 * max(half_width, half_height)
    box = canvas.around(x, y, glow * 3)
    if box.is_empty:
        return
    xs, ys = canvas.coordinates(box)
    inside = np.minimum(np.float32(half_width) - np.abs(xs - np.float32(x)), np.float32(half_height) - np.abs(ys - np.float32(y)))
    far = ((xs - np.float32(x)) ** 2 + (ys - np.float32(y)) ** 2) / np.float32(glow * glow)
    canvas.lay(box, canvas.cover(inside, 1.3), [np.float32(part) for part in (1.0, 0.70, 0.32)])
    canvas.add(box, np.exp(-far) * np.float32(min(0.22, 0.07 + 6 * half_height)), _WARM)
