"""Palettes in OKLab: a prompt becomes a tonal ramp that is even to the eye, given back as linear light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pixelstudio.providers.sketch import words

Floats = NDArray[np.floating]
"""float32 in practice: scalars that meet a plane are Python numbers or float32, so nothing is widened on the way."""

_STOPS: Final = 33
_NOCTURNAL: Final = frozenset(("night", "galaxy", "ink", "neon", "moon", "aurora"))
_DARKEST: Final = 0.17
_LIGHTEST: Final = 0.955
# Björn Ottosson, "A perceptual color space for image processing", 2020-12-23 (2021-01-25 matrices).
_TO_LMS: Final = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
_TO_LAB: Final = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)
_FROM_LAB: Final = np.linalg.inv(_TO_LAB)
_FROM_LMS: Final = np.linalg.inv(_TO_LMS)


def lab_of_hex(text: str) -> NDArray[np.float64]:
    """`rrggbb` -> OKLab."""
    srgb = np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return _TO_LAB @ np.cbrt(_TO_LMS @ linear)


def linear_of_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab (..., 3) -> linear sRGB (..., 3), unclipped."""
    return ((lab @ _FROM_LAB.T) ** 3) @ _FROM_LMS.T


@dataclass(frozen=True, slots=True)
class Palette:
    """A ramp of linear-light colours from dark (0) to light (1), one accent that answers it, and a warm sun that suits it."""

    ramp: Floats
    accent: Floats
    sun: Floats
    is_night: bool
    is_pale: bool

    def at(self, tone: float) -> Floats:
        """One linear RGB colour, `tone` from 0 (dark) to 1 (light)."""
        return self.over(np.array([tone], np.float32))[:, 0]

    def over(self, tones: Floats) -> Floats:
        """Linear RGB planes (3, ...) for an array of tones."""
        places = np.linspace(0, 1, _STOPS)
        return np.stack([np.interp(tones, places, self.ramp[:, c]) for c in range(3)]).astype(np.float32)

    def greyed(self, share: float) -> Palette:
        """The same ramp nearer to grey, as under a covered sky."""
        grey = self.ramp @ np.array([[0.2126], [0.7152], [0.0722]], np.float32)
        return replace(self, ramp=(self.ramp + (grey - self.ramp) * np.float32(share)).astype(np.float32))


def palette_for(prompt: str, rng: np.random.Generator) -> Palette:
    """The palette of a prompt; `rng` moves it a little, so that seeds differ."""
    named = words.ramps_of(prompt)
    mood = words.mood_of(prompt)
    names = sorted(named[:2] or [words.ramp_by_chance(prompt)], key=words.height_of)
    turn, chroma = rng.normal(0, 4.0 if named else 9.0), rng.uniform(0.93, 1.06)
    lab = _blend([_even(name) for name in names])
    answer = _even(named[2])[24] if len(named) > 2 else _answer(lab, rng)
    sun = _sun(lab, rng)
    lab, answer, sun = (_moved(part, turn, chroma, mood) for part in (lab, answer[None], sun[None]))
    ramp, accent, disc = (_in_gamut(part).astype(np.float32) for part in (lab, answer, sun))
    pale = mood.lift >= 0.1
    night = not pale and (mood.light <= -0.08 or not _NOCTURNAL.isdisjoint(named))
    return Palette(ramp, accent[0], disc[0], night, pale)


def _around_green(low: NDArray[np.float64], turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Far hues meet through rose, as a sunset does over the sea, and not through green. One way for the whole ramp."""
    middle = _STOPS // 2
    if abs(turn[middle]) < np.radians(110):
        return turn
    halfway = np.degrees(low[middle] + turn[middle] / 2) % 360
    if not 60 < halfway < 240:
        return turn
    return turn - 2 * np.pi * np.sign(turn[middle])


def _chroma(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hypot(lab[:, 1], lab[:, 2])


def _even(name: str) -> NDArray[np.float64]:
    """A ramp resampled so that its lightness rises evenly."""
    lab = np.array([lab_of_hex(text) for text in words.RAMPS[name].split()])
    own = (lab[:, 0] - lab[0, 0]) / (lab[-1, 0] - lab[0, 0])
    places = np.linspace(0, 1, _STOPS)
    out = np.stack([np.interp(places, own, lab[:, i]) for i in range(3)], axis=1)
    out[:, 1:] = _smooth(out[:, 1:])
    light = _DARKEST + (_LIGHTEST - _DARKEST) * places
    out[:, 1:] *= (np.minimum(light / out[:, 0], 1) ** 0.7)[:, None]  # a colour made darker is made quieter, or it glows
    out[:, 0] = light
    return out


def _smooth(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    padded = np.pad(columns, ((2, 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, i], kernel, "valid") for i in range(columns.shape[1])], axis=1)


def _blend(ramps: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The first ramp holds the darks, the last one the lights."""
    if len(ramps) == 1:
        return ramps[0]
    share = np.clip((np.linspace(0, 1, _STOPS) - 0.34) / 0.3, 0, 1)[:, None]
    share = share * share * (3 - 2 * share)
    mixed = ramps[0] * (1 - share) + ramps[-1] * share
    chroma = _chroma(ramps[0]) * (1 - share[:, 0]) + _chroma(ramps[-1]) * share[:, 0]
    low, high = (np.arctan2(ramp[:, 2], ramp[:, 1]) for ramp in (ramps[0], ramps[-1]))
    turn = (high - low + np.pi) % (2 * np.pi) - np.pi
    hue = low + _around_green(low, turn) * share[:, 0]
    mixed[:, 1], mixed[:, 2] = chroma * np.cos(hue), chroma * np.sin(hue)
    return mixed


def _answer(lab: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The most colourful hue, turned to a neighbouring or to the facing one; light enough to be a sun."""
    chroma = _chroma(lab)
    hue = np.degrees(np.arctan2(lab[chroma.argmax(), 2], lab[chroma.argmax(), 1])) + float(rng.choice([-42.0, 38.0, 180.0]))
    reach = min(max(float(chroma.max()), 0.05), 0.10)
    return np.array([0.80, reach * np.cos(np.radians(hue)), reach * np.sin(np.radians(hue))])


def _sun(lab: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Rose, coral, amber or straw: of two drawn, the one further from the sky's own hue. Suns are warm over every land."""
    sky = np.arctan2(lab[-4, 2], lab[-4, 1])
    hues = np.radians(rng.choice([8.0, 34.0, 58.0, 76.0], 2, replace=False) + rng.normal(0, 4))
    hue = max(hues, key=lambda each: float(-np.cos(each - sky)))
    reach = float(rng.uniform(0.075, 0.115))
    return np.array([rng.uniform(0.80, 0.86), reach * np.cos(hue), reach * np.sin(hue)])


def _moved(lab: NDArray[np.float64], turn: float, chroma: float, mood: words.Mood) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    a, b = lab[:, 1] * cos - lab[:, 2] * sin, lab[:, 1] * sin + lab[:, 2] * cos
    light = lab[:, 0] + mood.light * np.sin(np.pi * np.clip(lab[:, 0], 0, 1)) + mood.lift * (1 - lab[:, 0]) ** 1.5
    strength = chroma * mood.chroma
    return np.stack([np.clip(light, 0.1, 0.97), a * strength, b * strength], axis=1)


def _in_gamut(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB in 0..1; colours outside lose chroma until they fit, never lightness or hue."""
    lab = lab.copy()
    for _ in range(24):
        linear = linear_of_lab(lab)
        outside = ((linear < -0.0005) | (linear > 1.0005)).any(axis=1)
        if not outside.any():
            break
        lab[outside, 1:] *= 0.94
    return np.clip(linear_of_lab(lab), 0, 1)
