"""Still life: a bottle, jar or vase on a plinth in studio light, with a ball and a block beside it, as a shop would show it; or a bowl of fruit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import cv2
import numpy as np

from pixelstudio.imaging import lettering
from pixelstudio.providers.sketch import fruits
from pixelstudio.providers.sketch.canvas import Canvas, Shadow
from pixelstudio.providers.sketch.spheres import fall, sphere
from pixelstudio.providers.sketch.turned import Turn, Vessel, straight, surface
from pixelstudio.providers.sketch.words import title_words

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.colour import Floats
    from pixelstudio.providers.sketch.subject import Stroke, Subject

_FALL: Final = Shadow(dx=0.055, dy=0.012, blur=0.030, depth=0.42, tint=(1.0, 0.97, 0.91))
_BENDS: Final = 16
_CONTACT: Final = Shadow(dx=0.008, dy=0.003, blur=0.007, depth=0.50, tint=(1.0, 0.97, 0.92))


@dataclass(frozen=True, slots=True)
class _Set:
    """The stage and all that stands on it."""

    floor: float
    plinth: Vessel
    beside: Vessel
    body: Vessel
    cap: Vessel | None
    ball: tuple[float, float, float]
    label: tuple[float, float]
    """Its upper and lower edge, in heights of the body from the top."""
    board: tuple[float, float, float]
    """Behind it all: middle, radius, and how far above the floor its head's middle is; an arch when that is more than the radius."""


class _Kind(NamedTuple):
    """A shape of bottle: outline, cap (height and radius against the body's), label, height."""

    outline: tuple[Turn, ...]
    cap: tuple[float, float] | None
    label: tuple[float, float]
    tall: float


_BOTTLE: Final = _Kind(
    (Turn(0, 0.085), Turn(0.10, 0.085), Turn(0.17, 0.15), Turn(0.22, 0.205), Turn(0.27, 0.22), Turn(0.985, 0.22), Turn(1, 0.21)),
    (0.20, 0.115),
    (0.44, 0.82),
    0.44,
)
_FLASK: Final = _Kind(
    (Turn(0, 0.08), Turn(0.18, 0.08), Turn(0.30, 0.14), Turn(0.50, 0.26), Turn(0.72, 0.315), Turn(0.90, 0.29), Turn(1, 0.22)),
    (0.17, 0.11),
    (0.56, 0.82),
    0.40,
)
_JAR: Final = _Kind(
    (Turn(0, 0.40), Turn(0.05, 0.43), Turn(0.95, 0.43), Turn(1, 0.41)),
    (0.30, 0.45),
    (0.22, 0.80),
    0.24,
)
_TUBE: Final = _Kind((Turn(0, 0.145), Turn(0.02, 0.15), Turn(0.985, 0.15), Turn(1, 0.142)), (0.26, 0.15), (0.30, 0.80), 0.44)
_VASE: Final = _Kind(
    (Turn(0, 0.15), Turn(0.06, 0.125), Turn(0.16, 0.11), Turn(0.34, 0.20), Turn(0.52, 0.285), Turn(0.74, 0.27), Turn(1, 0.15)),
    None,
    (0.0, 0.0),
    0.40,
)

_BOWL: Final = _Kind(
    (Turn(0, 1.12), Turn(0.05, 1.13), Turn(0.30, 1.04), Turn(0.62, 0.80), Turn(0.86, 0.50), Turn(1, 0.44)),
    None,
    (0.0, 0.0),
    0.19,
)


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """Wall, disc, floor, plinth, what stands beside, the vessel, its cap, its label, a ball, the window's light."""
    rng = subject.rng
    stage = _stage(canvas, subject)
    bars = (float(rng.uniform(0.5, 0.8)), float(rng.uniform(-0.2, 0.2)), float(rng.uniform(0.13, 0.18)))
    word = _word(subject)
    fruit = fruits.named(subject) if stage.body.outline is _BOWL.outline else ()
    strokes: list[Stroke] = [partial(_wall, canvas, subject, stage)]
    strokes.append(partial(_backdrop, canvas, subject, stage))
    strokes.append(partial(_vessel, canvas, subject, stage.plinth))
    strokes += [partial(_vessel, canvas, subject, vessel) for vessel in (stage.beside, stage.body)]
    if stage.cap is not None:
        strokes.append(partial(_vessel, canvas, subject, stage.cap))
    if fruit:
        strokes.append(partial(fruits.heap, canvas, subject.aside, stage.body, fruit))
    elif stage.label[1] > 0:
        strokes.append(partial(_label, canvas, subject, stage.body, stage.label, word))
    else:
        strokes.append(partial(_twigs, canvas, subject, stage.body, int(rng.integers(1 << 62))))
    strokes.append(partial(_beside_it, canvas, subject, stage, fruit))
    strokes.append(partial(_window, canvas, subject, bars))
    return strokes


def _word(subject: Subject) -> str:
    """The longest word that can be set and is not too long for a label."""
    words = [word for word in title_words(subject.prompt) if lettering.printable(word) and len(word) <= 12]
    return max(words, key=len, default="")


def _kind(subject: Subject) -> _Kind:
    """By what the words ask for, otherwise by chance."""
    for hints, kind in (
        (("bowl", "obstschale", "schale"), _BOWL),
        (("vase", "flower", "rose", "bouquet", "twig", "branch", "blossom", "spring", "lavender"), _VASE),
        (("jar", "cream", "honey", "candle", "jam", "tea", "coffee", "salt", "butter"), _JAR),
        (("perfume", "potion", "magic", "fragrance", "poison", "love", "galaxy"), _FLASK),
        (("serum", "oil", "shampoo", "wine", "soap", "syrup", "gin", "sauce"), _BOTTLE),
    ):
        if subject.speaks_of(*hints):
            return kind
    if fruits.are_asked_for(subject):
        return _BOWL
    return (_BOTTLE, _BOTTLE, _FLASK, _JAR, _TUBE)[int(subject.rng.integers(5))]


def _stage(canvas: Canvas, subject: Subject) -> _Set:
    rng = subject.rng
    scale = min(1.0, canvas.half_width / 0.40, 0.2 + 0.8 * canvas.half_height / 0.5)
    floor = canvas.half_height * 0.24
    foot = min(floor + 0.13 * scale, canvas.half_height - 0.12 * scale)
    kind = _kind(subject)
    broad, high = 0.30 * scale, 0.085 * scale
    plinth = Vessel(0.0, foot + high, high, straight(broad / high), (0.42, 0.93), 0.05)
    x, tall = float(rng.uniform(-0.05, 0.01)) * scale, kind.tall * scale * float(rng.uniform(0.95, 1.06))
    dark = bool(rng.random() < 0.5) and not subject.palette.is_pale
    tones = (0.04, 0.36) if dark else (0.30, 0.80)
    body = Vessel(x, foot - 0.004, tall, kind.outline, tones, 0.85, is_open=kind.cap is None)
    cap = None
    if kind.cap is not None:
        cap_tall, cap_out = kind.cap[0] * tall, kind.cap[1] * tall
        top = foot - 0.004 - tall + 0.012 * scale
        cap = Vessel(x, top, cap_tall, straight(cap_out / cap_tall), (0.02, 0.22) if not dark else (0.50, 0.95), 0.35)
    side = float(rng.choice([-1, 1]))
    radius = min(0.285 * scale, canvas.half_width * 0.84, (floor + canvas.half_height) * 0.48)
    arch = bool(rng.random() < 0.4)
    return _Set(
        floor=floor,
        plinth=plinth,
        beside=_beside(rng, (x, foot, scale, side)),
        body=body,
        cap=cap,
        ball=(-side * float(rng.uniform(0.17, 0.21)) * scale + x, foot + 0.018 * scale, float(rng.uniform(0.042, 0.062)) * scale),
        label=kind.label,
        board=(float(rng.choice([-0.05, 0.0, 0.06])) * scale, radius * (0.92 if arch else 1.0), radius * (1.12 if arch else 0.99)),
    )


def _beside(rng: np.random.Generator, place: tuple[float, float, float, float]) -> Vessel:
    x, foot, scale, side = place
    tall = float(rng.uniform(0.07, 0.14)) * scale
    out = float(rng.uniform(0.055, 0.070)) * scale
    accent = bool(rng.random() < 0.6)
    return Vessel(x + side * 0.185 * scale, foot - 0.002, tall, straight(out / tall), (0.34, 0.74), 0.10, accent)


# the room


def _wall(canvas: Canvas, subject: Subject, stage: _Set) -> None:
    """Wall and floor are one sheet that bends: no line, only the light falls differently. A lamp stands to the upper left."""
    night = subject.palette.is_night
    bend = np.clip((canvas.y - np.float32(stage.floor)) / np.float32(0.16) + np.float32(0.5), 0, 1)
    bend *= bend * (3 - 2 * bend)
    wall, floor = (subject.palette.at(tone) for tone in ((0.30, 0.22) if night else (0.84, 0.72)))
    gap = np.hypot((canvas.x + np.float32(0.22)) * np.float32(0.9), canvas.y + np.float32(0.20))
    lamp = np.float32(0.74) + np.float32(0.48) * np.exp(-gap * gap * np.float32(3.2))
    canvas.lay(canvas.whole(), None, [bend * (floor[c] - wall[c]) + wall[c] for c in range(3)], lamp)


def _backdrop(canvas: Canvas, subject: Subject, stage: _Set) -> None:
    """A painted board against the wall: a disc, or an arch that stands on the floor."""
    x0, radius, lift = stage.board
    y0 = stage.floor - lift
    box = canvas.box(x0 - radius - 0.1, y0 - radius - 0.1, x0 + radius + 0.14, stage.floor + 0.06)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    off = np.maximum(y - np.float32(y0), 0) if lift > radius else np.float32(0)
    distance = np.float32(radius) - np.hypot(x - np.float32(x0), y - np.float32(y0) - off)
    cover = canvas.cover(np.minimum(distance, np.float32(stage.floor + 0.012) - y), 1.3)
    canvas.cast(box, cover, Shadow(dx=0.016, dy=0.010, blur=0.020, depth=0.30, tint=(1.0, 0.97, 0.92)))
    shade = np.float32(1.02) - (x - np.float32(x0)) * np.float32(0.40) - (y - np.float32(y0)) * np.float32(0.20)
    canvas.lay(box, cover, list(subject.palette.at(0.44 if subject.palette.is_night else 0.58)), shade)


def _window(canvas: Canvas, subject: Subject, bars: tuple[float, float, float]) -> None:
    """Light of a window with one bar, aslant across everything."""
    angle, offset, half = bars
    along = canvas.x * np.float32(np.cos(angle)) + canvas.y * np.float32(np.sin(angle)) - np.float32(offset)
    light = np.exp(-((along / np.float32(half)) ** 6))
    light *= 1 - np.exp(-((along / np.float32(half * 0.10)) ** 4)) * np.float32(0.75)
    light *= np.float32(0.20 if subject.palette.is_night else 0.24)
    for plane, share in zip(canvas.planes, (1.0, 0.96, 0.88), strict=True):
        np.multiply(plane, np.float32(0.92) + light * np.float32(share), out=plane)


# what stands in it


def _vessel(canvas: Canvas, subject: Subject, vessel: Vessel) -> None:
    """Lit from the left: a broad light, a long sheen where it is polished, and the floor's light along the dark side."""
    seen = surface(canvas, vessel)
    if seen is None:
        return
    canvas.cast(seen.box, seen.cover, _scaled(_FALL, vessel.tall))
    canvas.cast(seen.box, seen.cover, _CONTACT)
    round_ = np.sqrt(np.maximum(1 - seen.around * seen.around, 0))
    share = np.clip(np.float32(0.16) - seen.around * np.float32(0.50) + round_ * np.float32(0.62), 0, 1)
    share += np.float32(0.16) * np.exp(-(((seen.around - np.float32(0.94)) / np.float32(0.07)) ** 2))
    share = share * (1 - seen.lid) + seen.lid * np.float32(0.12 if vessel.is_open else 0.94)
    colours = _coloured(canvas, subject, vessel, np.clip(share, 0, 1))
    shade = np.float32(1.02) - np.float32(0.16) * seen.down
    sheen = np.exp(-(((seen.around + np.float32(0.56)) / np.float32(0.085)) ** 2)) * np.float32(0.46 * vessel.gloss)
    sheen += np.exp(-(((seen.around - np.float32(0.70)) / np.float32(0.05)) ** 2)) * np.float32(0.12 * vessel.gloss)
    sheen *= np.clip(seen.down * 14, 0, 1) * np.clip((1 - seen.down) * 14, 0, 1) * (1 - seen.lid)
    canvas.lay(seen.box, seen.cover, [colour * shade + sheen for colour in colours])


def _scaled(shadow: Shadow, tall: float) -> Shadow:
    """Low things throw short shadows."""
    share = min(max(tall / 0.34, 0.35), 1.0)
    return Shadow(shadow.dx * share, shadow.dy * share, shadow.blur * share, shadow.depth, shadow.tint)


def _coloured(canvas: Canvas, subject: Subject, vessel: Vessel, share: Floats) -> list[Floats]:
    low, high = vessel.tones
    if vessel.accent:
        dark, light = subject.palette.accent * np.float32(0.34), subject.palette.accent * np.float32(1.1)
        return canvas.blend(share, dark, (dark + light) / 2, light)
    dark, middle, light = (subject.palette.at(tone) for tone in (low, (low + high) / 2, high))
    return canvas.blend(share, dark, middle, light)


def _label(canvas: Canvas, subject: Subject, vessel: Vessel, edges: tuple[float, float], word: str) -> None:
    """Paper laid round the vessel with a word, a rule and a line of small type on it."""
    seen = surface(canvas, vessel)
    if seen is None:
        return
    first, last = (np.float32(edge) for edge in edges)
    tall = np.float32(vessel.tall)
    cover = canvas.cover(np.minimum(seen.down - first, last - seen.down) * tall, 1.2) * seen.cover * (1 - seen.lid)
    round_ = np.sqrt(np.maximum(1 - seen.around * seen.around, 0))
    shade = np.clip(np.float32(0.46) - seen.around * np.float32(0.36) + round_ * np.float32(0.42), 0, 1.1)
    paper = subject.palette.at(0.97)
    canvas.lay(seen.box, cover, list(paper), shade)
    if not word:
        return
    mask = _printed(word, float(last - first), max(turn.out for turn in vessel.outline))
    turned = np.arcsin(seen.around) / np.float32(np.pi)
    columns = (turned + np.float32(0.5)) * np.float32(mask.shape[1])
    rows = (seen.down - first) / (last - first) * np.float32(mask.shape[0])
    ink = cv2.remap(mask, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    canvas.lay(seen.box, np.asarray(ink, np.float32) * cover, list(subject.palette.at(0.10)), shade)


def _printed(word: str, tall: float, out: float) -> Floats:
    """Half the way round the vessel as a flat sheet, 768 pixels wide: the word, a rule, a line of small type."""
    width = 768
    height = max(64, round(width * tall / (np.pi * out)))
    sheet = np.zeros((height, width), np.float32)
    size = min(height * 0.32, width * 0.46 / lettering.breadth(word.upper(), lettering.BOLD))
    _type(sheet, word.upper(), round(size), 0.50, lettering.BOLD)
    rule = round(height * 0.62)
    sheet[rule : rule + max(3, height // 70), round(width * 0.40) : round(width * 0.60)] = 1
    _type(sheet, "Sketch, not AI", round(min(height * 0.10, width * 0.030)), 0.76, lettering.PLAIN)
    return sheet


def _type(sheet: Floats, text: str, size_px: int, place: float, weight: int) -> None:
    mask, base = lettering.line(text, size_px, weight)
    height, width = mask.shape
    top, left = round(sheet.shape[0] * place) - base, (sheet.shape[1] - width) // 2
    if top >= 0 and left >= 0 and top + height <= sheet.shape[0]:
        sheet[top : top + height, left : left + width] = mask


def _twigs(canvas: Canvas, subject: Subject, vessel: Vessel, seed: int) -> None:
    """Bent twigs out of the vase, with leaves along them."""
    rng = np.random.default_rng(seed)
    bends = np.linspace(0, 1, _BENDS)
    twigs: list[tuple[Floats, Floats]] = []
    for _ in range(int(rng.integers(5, 8))):
        angle = float(rng.uniform(-0.75, 0.75)) * (0.25 + 0.75 * bends) + float(rng.normal(0, 0.45)) * bends * bends
        length = float(rng.uniform(0.45, 0.80)) * vessel.tall
        way = np.stack([np.sin(angle), -np.cos(angle)], axis=-1).cumsum(0) * length / _BENDS
        twigs.append((way + np.array([vessel.x, vessel.foot - vessel.tall + 0.012]), angle))
    _stems(canvas, subject, [way for way, _ in twigs])
    for way, angle in twigs:
        for i in range(4, _BENDS):
            turn = float(angle[i]) + (1 if i % 2 else -1) * float(rng.uniform(0.5, 1.0))
            size = vessel.tall * float(rng.uniform(0.030, 0.046)) * (1.15 - 0.5 * i / _BENDS)
            place = (float(way[i, 0] + np.sin(turn) * size), float(way[i, 1] - np.cos(turn) * size), turn)
            _leaf(canvas, subject, place, size, 0.42, float(rng.uniform(0.24, 0.66)))


def _stems(canvas: Canvas, subject: Subject, ways: list[Floats]) -> None:
    cover = canvas.stroked(ways, max(1, round(0.0032 * canvas.unit)))
    canvas.lay(canvas.whole(), cover, list(subject.palette.at(0.14)))


def _leaf(canvas: Canvas, subject: Subject, place: tuple[float, float, float], size: float, narrow: float, tone: float) -> None:
    """An ellipse with a lit half."""
    x0, y0, turn = place
    box = canvas.around(x0, y0, size + 0.004)
    if box.is_empty:
        return
    x, y = canvas.coordinates(box)
    sin, cos = np.float32(np.sin(turn)), np.float32(np.cos(turn))
    along = (x - np.float32(x0)) * sin - (y - np.float32(y0)) * cos
    across = (x - np.float32(x0)) * cos + (y - np.float32(y0)) * sin
    far = np.hypot(along, across / np.float32(narrow))
    cover = canvas.cover((np.float32(size) - far) * np.float32(narrow))
    shade = np.float32(0.95) - np.clip(across / np.float32(size * narrow), -1, 1) * np.float32(0.16)
    canvas.lay(box, cover, list(subject.palette.at(tone)), shade)


def _beside_it(canvas: Canvas, subject: Subject, stage: _Set, fruit: tuple[fruits.Fruit, ...]) -> None:
    """A ball, or what has rolled out of the bowl."""
    if fruit:
        x, foot, _ = stage.ball
        fruits.rolled(canvas, x, foot, stage.body, fruit[0])
        return
    dark, middle, light = (subject.palette.at(tone) for tone in (0.16, 0.50, 0.88))
    fall(canvas, stage.ball)
    sphere(canvas, stage.ball, (dark, middle, light))
