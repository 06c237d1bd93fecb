"""Where what words name stands in a landscape: on a third, away from the sun, on ground that rises to carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pixelstudio.providers.sketch import noise
from pixelstudio.providers.sketch.figures.catalogue import FIGURES
from pixelstudio.providers.sketch.figures.living import walker
from pixelstudio.providers.sketch.portrayal import Placed

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.figures.outlines import Figure
    from pixelstudio.providers.sketch.sights import Sights


class Stand(NamedTuple):
    """How high a thing is, in units; how broad the ground is that is levelled for it; how high that rises from where the ridge was
    towards the horizon, 0..1; and on which ridge it is, counted from the nearest.
    """

    height: float
    breadth: float
    rise: float
    ridge: int


STANDS: Final[dict[str, Stand]] = {
    "lighthouse": Stand(0.36, 0.20, 0.0, 1),
    "castle": Stand(0.27, 0.24, 0.85, 3),
    "windmill": Stand(0.25, 0.12, 0.70, 3),
    "church": Stand(0.21, 0.16, 0.65, 3),
    "village": Stand(0.22, 0.34, 0.60, 3),
    "farm": Stand(0.12, 0.24, 0.45, 3),
    "city": Stand(0.27, 0.62, 0.80, 4),
    "tower": Stand(0.23, 0.11, 0.80, 3),
    "house": Stand(0.105, 0.17, 0.45, 3),
    "tree": Stand(0.30, 0.11, 0.55, 3),
    "walker": Stand(0.125, 0.09, 0.50, 2),
}


class Ground(NamedTuple):
    """The ridges, far to near: their tops and the woods on them, both changed in place, their tones and how near they are; and the scene around them."""

    tops: list[Floats]
    teeth: list[Floats]
    tones: list[float]
    nearness: list[float]
    horizon: float
    foot: float
    sun_x: float
    is_night: bool
    has_water: bool


@dataclass(slots=True)
class Placing:
    """Figures by what carries them."""

    standing: dict[int, list[Placed]] = field(default_factory=dict[int, "list[Placed]"])
    aloft: list[Placed] = field(default_factory=list["Placed"])
    afloat: list[Placed] = field(default_factory=list["Placed"])
    ashore: list[Placed] = field(default_factory=list["Placed"])
    headland: Floats | None = None

    def on(self, ridge: int) -> list[Placed]:
        return self.standing.get(ridge, [])

    @property
    def before(self) -> bool:
        """Whether anything is nearer than the ridges and the water."""
        return bool(self.aloft or self.afloat or self.ashore)


def placed(canvas: Canvas, rng: np.random.Generator, sights: Sights, ground: Ground) -> Placing:
    """A place for everything that is named."""
    side = -1.0 if ground.sun_x > 0 else 1.0
    return _Placer(canvas, rng, sights, ground, side, 0.6 + 0.8 * canvas.short, _tones(sights, ground)).everything()


def _tones(sights: Sights, ground: Ground) -> tuple[float, float]:
    """The darkest and the palest tone of what is near."""
    if ground.is_night:
        return 0.03, 0.52
    return (0.10, 0.66) if sights.weather in {"rain", "storm"} else (0.08, 0.74 if sights.is_lit else 0.92)


@dataclass(frozen=True, slots=True)
class _Placer:
    canvas: Canvas
    rng: np.random.Generator
    sights: Sights
    ground: Ground
    side: float
    """Away from the sun: -1 on the left, 1 on the right."""
    scale: float
    tones: tuple[float, float]
    placing: Placing = field(default_factory=Placing)

    def everything(self) -> Placing:
        sights = self.sights
        if sights.standing and sights.is_at_sea:
            self._on_headland(sights.standing[0])
        elif sights.standing:
            self._on_ridge(sights.standing)
        for i, name in enumerate(sights.afloat):
            self._on_water(name, i + bool(sights.standing))
        self.placing.afloat.reverse()
        for name in sights.aloft:
            if name == "bird":
                self._flock()
            else:
                self._balloons()
        return self.placing

    def _third(self, side: float) -> float:
        return side * self.canvas.half_width * float(self.rng.uniform(0.28, 0.40))

    def _figure(self, name: str) -> Figure:
        if name == "walker":
            return walker(self.rng, has_umbrella=self.sights.weather in {"rain", "storm"})
        return FIGURES[name](self.rng)

    def _on_ridge(self, names: tuple[str, ...]) -> None:
        """The first on its ridge, the second beside it."""
        stand, ground = STANDS[names[0]], self.ground
        ridge = len(ground.tops) - (1 if ground.has_water else stand.ridge)
        x = 0.0 if names[0] == "city" else self._third(self.side)
        y = self._level(ridge, x, stand, len(names))
        near = ground.nearness[ridge]
        dark = 0.10 if self.sights.weather == "snow" else min(ground.tones[ridge] * 0.85, 0.40)
        reach = 0.0
        for name in names:
            figure = self._figure(name)
            size = min(STANDS[name].height * self.scale, 0.8 * (y + self.canvas.half_height))
            half = figure.breadth * size / 2
            at = x - self.side * (reach + half * 0.9 if reach else 0.0)
            reach += half * 0.9
            turned = bool(self.rng.random() < 0.5)
            self.placing.standing.setdefault(ridge, []).append(
                Placed(figure, at, y + 0.006, size, dark, self.tones[1], float((1 - near) ** 1.5 * 0.4), is_turned=turned)
            )

    def _level(self, ridge: int, x: float, stand: Stand, count: int) -> float:
        """Raise a ridge around `x`, make room there, and let nothing nearer stand in front; gives back how high it is."""
        ground, columns, top = self.ground, self.canvas.x[0], self.ground.tops[ridge]
        was = float(np.interp(x, columns, top))
        y = ground.foot - 0.016 if ground.has_water else was + (ground.horizon + 0.03 - was) * stand.rise
        off = columns - np.float32(x)
        level = np.exp(-((np.abs(off) / np.float32(stand.breadth * self.scale * (1 if count == 1 else 2))) ** 4)).astype(np.float32)
        swell = np.exp(-((off / np.float32(max(stand.breadth * 2.2, 0.36))) ** 2)).astype(np.float32)
        hill = top + np.float32(y - was) * swell
        dome = np.float32(y) + off * off * np.float32(0.0 if ground.has_water or count > 1 else 0.45)
        top[:] = hill + (dome + noise.line(columns, self.rng, 0.05, octaves=2) * np.float32(0.0035) - hill) * level
        ground.teeth[ridge][:] *= 1 - level
        for other in range(ridge + 1, len(ground.tops)):
            over = np.float32(y + 0.035) - (ground.tops[other] - ground.teeth[other])
            ground.tops[other][:] += max(float((over * (level > 0.5)).max()), 0.0) * swell
        return y

    def _on_headland(self, name: str) -> None:
        """Land before the water that rises from the lower corner, falls off to the sea, and carries one thing."""
        canvas, rng, side, columns = self.canvas, self.rng, self.side, self.canvas.x[0]
        x = self._third(side)
        y = self.ground.foot - float(rng.uniform(0.01, 0.04))
        size = min(STANDS[name].height * self.scale, 0.8 * (y + canvas.half_height))
        figure = self._figure(name)
        flat = np.float32(max(0.10, figure.breadth * size / 2 + 0.01))
        x += side * (float(flat) - 0.10) * 0.6  # a broad one leaves the sea its room
        out = (np.float32(x) - columns) * np.float32(side)  # grows towards the open sea
        fall = np.clip((out - flat) / np.float32(0.34), 0, 2)
        back = np.clip((-out - flat) / np.float32(0.5), 0, 1)
        top = np.float32(y) + np.float32((canvas.half_height - y) * 1.05) * fall**1.25 - np.float32(0.05) * back**1.4
        rough = np.clip((np.abs(out) - flat + np.float32(0.03)) / np.float32(0.12), 0.06, 1)
        top += noise.line(columns, rng, 0.16, octaves=5, gain=0.52) * np.float32(0.020) * rough
        self.placing.headland = top.astype(np.float32)
        self.placing.ashore.append(Placed(figure, x, y + 0.008, size, *self.tones, is_turned=side < 0))

    def _on_water(self, name: str, rank: int) -> None:
        """The first near and on the side away from the sun; whatever follows smaller and on the other one."""
        x = self._third(-self.side) * 1.3 if rank else self._third(self.side)
        down = 0.10 if rank else 0.16 if name == "ship" else 0.30
        y = self.ground.foot + (self.canvas.half_height - self.ground.foot) * down
        size = (0.34 if name == "ship" else 0.29) * self.scale * (0.66 - 0.10 * rank if rank else 1.0)
        size = min(size, 0.8 * (y + self.canvas.half_height))
        turned = bool(self.rng.random() < 0.5)
        self.placing.afloat.append(Placed(FIGURES[name](self.rng), x, y, size, *self.tones, 0.16 if rank else 0.04, is_turned=turned))

    def _flock(self) -> None:
        rng, sky, dark = self.rng, self._sky(), self.tones[0] + 0.10
        is_alone = not (self.sights.standing or self.sights.afloat)
        x, y = self._third(-self.side), self.ground.horizon - sky * float(rng.uniform(0.34, 0.52))
        for i in range(9):
            size = (0.016 + 0.010 * float(rng.random())) * self.scale * (1.25 if is_alone else 1)
            at = (x + float(rng.normal(0, 0.085)) * self.scale, y + float(rng.normal(0, 0.055)) * self.scale)
            self.placing.aloft.append(Placed(FIGURES["bird"](rng), *at, size, dark, self.tones[1], 0.10 + 0.03 * i))

    def _balloons(self) -> None:
        """A near one on the side away from the sun, or opposite what stands, and two far ones."""
        is_alone = not (self.sights.standing or self.sights.afloat)
        lead, sky = self._third(self.side if is_alone else -self.side), self._sky()
        for size, across, up, air in ((0.30 if is_alone else 0.19, 0.0, 0.42, 0.02), (0.115, -0.62, 0.60, 0.22), (0.07, -0.36, 0.26, 0.36)):
            x = lead + float(np.sign(lead)) * across * self.canvas.half_width * float(self.rng.uniform(0.85, 1.15))
            tall = min(size * self.scale, 0.8 * sky)
            y = self.ground.horizon - sky * up * float(self.rng.uniform(0.9, 1.1)) + tall * 0.5
            self.placing.aloft.append(Placed(FIGURES["balloon"](self.rng), x, y, tall, self.tones[0] + 0.12, self.tones[1], air))

    def _sky(self) -> float:
        return self.ground.horizon + self.canvas.half_height
