"""What falls and drifts between the eye and the land: cloud that hides the sun, a flash, rain, snow, fog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.canvas import FRACTION_BITS, Shadow

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats

_GLOWS = ((0.006, 1.6), (0.03, 2.2), (0.14, 4.0))
"""How far the light of a flash reaches, in units, and how much of it."""
_REACH = 1.42
"""Half the longest side that is strewn over, in units: the same drops at every shape."""


def overcast(canvas: Canvas, rng: np.random.Generator, foot: float, dark: Floats, light: Floats, strength: float) -> None:
    """A lid of cloud down to `foot`: heavy above, with paler breaks, thinner towards the horizon."""
    height = np.clip((canvas.y + canvas.half_height) / np.float32(foot + canvas.half_height), 0, 1.2)
    bank = noise.clouds(canvas, rng, 0.20, octaves=5, gain=0.52, stretch=2.4)
    share = np.clip(bank * np.float32(0.42) + np.float32(0.5), 0, 1)
    cover = np.float32(strength) * (1 - np.float32(0.72) * np.clip(height, 0, 1) ** 1.6) * np.clip((1.12 - height) * 8, 0, 1)
    cover = cover * (np.float32(0.55) + np.float32(0.45) * share)
    canvas.lay(canvas.whole(), cover, [share * (pale - deep) + deep for deep, pale in zip(dark, light, strict=True)])


def lightning(canvas: Canvas, rng: np.random.Generator, x: float, top: float, foot: float, colour: Floats) -> None:
    """One flash from the cloud to the horizon with a few side branches, and the cloud and air lit around it."""
    trunk = _forked(rng, np.array([[x + float(rng.normal(0, 0.05)), top], [x, foot]]), 0.11)
    paths = [(trunk, 2.6)]
    for start in rng.choice(np.arange(12, 44), 3, replace=False):
        root = trunk[start]
        end = root + np.array([rng.choice([-1.0, 1.0]) * rng.uniform(0.05, 0.14), rng.uniform(0.25, 0.55) * (foot - root[1])])
        paths.append((_forked(rng, np.array([root, end]), 0.13)[::2], 1.2))
    sheet = np.zeros((canvas.height, canvas.width), np.uint8)
    for path, breadth in paths:
        thick = max(1, round(breadth * canvas.unit / 1150))
        cv2.polylines(sheet, [canvas.fixed(path)], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA, shift=FRACTION_BITS)
    core = sheet.astype(np.float32) * np.float32(1 / 255)
    for blur, light in _GLOWS:
        canvas.add(canvas.whole(), canvas.softened(core, Shadow(0, 0, blur, 0)) * np.float32(light), colour)
    canvas.lay(canvas.whole(), core * np.float32(0.95), [np.float32(1.0), np.float32(0.98), np.float32(1.0)])


def _forked(rng: np.random.Generator, path: Floats, swing: float) -> Floats:
    """A path broken again and again in the middle of each piece, by ever less."""
    for _ in range(6):
        middles = (path[:-1] + path[1:]) / 2
        middles[:, 0] += rng.normal(0, swing, len(middles)) * np.hypot(*(path[-1] - path[0])) * 0.5
        broken = np.empty((len(path) + len(middles), 2))
        broken[::2], broken[1::2] = path, middles
        path, swing = broken, swing * 0.55
    return path


def rain(canvas: Canvas, rng: np.random.Generator, colour: Floats, strength: float) -> None:
    """Fine slanting streaks, the near ones longer, within curtains that come and go."""
    slant = float(rng.uniform(0.10, 0.22)) * float(rng.choice([-1.0, 1.0]))
    fallen = np.zeros((canvas.height, canvas.width), np.float32)
    for count, length, depth in ((2600, 0.030, 0.5), (950, 0.060, 0.85), (220, 0.105, 1.2)):
        start = rng.uniform(-_REACH, _REACH, (count, 2))
        along = (length * rng.uniform(0.6, 1.3, count))[:, None] * np.array([[slant, 1.0]])
        fallen += canvas.stroked(list(np.stack([start, start + along], axis=1)), 1) * np.float32(depth)
    fallen *= np.float32(strength * min(1.0, 0.45 + canvas.unit / 2300))
    curtain = noise.field(canvas, rng, 0.55)
    fallen *= np.clip(np.float32(0.75) + curtain * np.float32(0.30), 0.2, 1.2)
    canvas.lay(canvas.whole(), np.clip(fallen, 0, 0.7), list(colour))


def snow(canvas: Canvas, rng: np.random.Generator, colour: Floats) -> None:
    """Flakes: many far and fine, fewer near, a handful so near that they are a blur."""
    for count, size, soft, strength in ((1500, 0.0013, 0.0008, 0.62), (420, 0.0026, 0.0011, 0.80), (60, 0.0062, 0.0036, 0.60)):
        sheet = np.zeros((canvas.height, canvas.width), np.uint8)
        places = canvas.fixed(rng.uniform(-_REACH, _REACH, (2, count)).T).tolist()
        radii = np.rint(rng.uniform(0.6, 1.35, count) * (size * canvas.unit * (1 << FRACTION_BITS))).astype(int).tolist()
        for place, radius in zip(places, radii, strict=True):
            cv2.circle(sheet, place, max(7, radius), 255, cv2.FILLED, cv2.LINE_AA, FRACTION_BITS)
        soft_px = max(0.5, soft * canvas.unit)
        flakes = cv2.GaussianBlur(sheet, (0, 0), soft_px).astype(np.float32) * np.float32(strength / 255)
        canvas.lay(canvas.whole(), flakes, list(colour))


def fog(canvas: Canvas, rng: np.random.Generator, level: float, haze: Floats, strength: float) -> None:
    """Banks of fog about `level`, drawn out, thinner above and below."""
    drift = noise.clouds(canvas, rng, 0.20, octaves=4, gain=0.5, stretch=3.2)
    band = np.exp(-(((canvas.y - np.float32(level)) / np.float32(0.26)) ** 2))
    canvas.lay(canvas.whole(), np.clip((drift * np.float32(0.42) + np.float32(0.62)) * band * np.float32(strength), 0, 0.94), list(haze))
