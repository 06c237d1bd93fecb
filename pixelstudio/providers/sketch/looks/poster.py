"""Poster: a few flat shapes in three or four inks, printed one over the other, and the prompt's own words in large type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pixelstudio.imaging import lettering
from pixelstudio.providers.sketch.canvas import Box, Canvas
from pixelstudio.providers.sketch.colour import Floats
from pixelstudio.providers.sketch.noise import Paper
from pixelstudio.providers.sketch.words import title_words

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.subject import Stroke, Subject

Distance = Callable[[Floats, Floats], Floats]

_PRINTINGS: Final = 7
_TITLE_LETTERS: Final = 20
_LEADING: Final = 0.98


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the art stands, in units: its middle and half its sides."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def short(self) -> float:
        return min(self.half_width, self.half_height)


@dataclass(frozen=True, slots=True)
class _Shape:
    distance: Distance
    """Signed, in units, inside positive."""
    ink: Floats
    over: bool = False
    """Printed over what is there, so that inks mix; otherwise it covers."""
    reach: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in units, when it is small."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    x: float
    base: float
    size: float
    weight: int
    is_right: bool = False


def compose(canvas: Canvas, subject: Subject) -> list[Stroke]:
    """The sheet, the shapes in seven printings, the title, the small print."""
    rng = subject.rng
    margin = 0.13 * canvas.short
    title, small = _text(canvas, subject, margin)
    frame = _frame(canvas, title, margin)
    shapes = _art(subject, frame)
    paper = Paper(canvas, rng, strength=0.75)
    slips = rng.normal(0, 0.0011, (_PRINTINGS, 2))
    strokes: list[Stroke] = [partial(_sheet, canvas, subject, paper)]
    for turn, (across, down) in enumerate(slips.tolist()):
        part = shapes[turn * len(shapes) // _PRINTINGS : (turn + 1) * len(shapes) // _PRINTINGS]
        strokes.append(partial(_print, canvas, subject, paper, part, ((across, down), turn)))
    strokes.append(partial(_set_lines, canvas, subject, title))
    strokes.append(partial(_small_print, canvas, subject, small, margin))
    return strokes


# the words


def _text(canvas: Canvas, subject: Subject, margin: float) -> tuple[list[_Line], list[_Line]]:
    """The title's lines from the lowest up, and the small lines around it."""
    words = [word for word in title_words(subject.prompt) if lettering.printable(word)]
    left, foot = margin - canvas.half_width, canvas.half_height - margin
    room = (2 * canvas.half_width - 2 * margin) * (0.44 if _is_wide(canvas) else 1.0)
    tiny = 0.026 * (0.4 + 1.2 * canvas.short)
    number = f"No. {int(subject.rng.integers(1, 999)):03d}"
    small = [_Line(number, left, foot, tiny, lettering.PLAIN), _Line("Sketch, not AI", -left, foot, tiny, lettering.PLAIN, is_right=True)]
    head, rest = _head(words)
    base = foot - tiny * 2.9
    if rest:
        size = min(0.062 * (0.5 + canvas.short), room / lettering.breadth(rest, lettering.PLAIN))
        small.append(_Line(rest, left, base, size, lettering.PLAIN))
        base -= size * 1.55
    return _title(canvas, head, (left, base), room, upper=bool(subject.rng.random() < 0.5)), small


def _head(words: list[str]) -> tuple[list[str], str]:
    """The first few words are the title, some more stand under it."""
    taken = 1
    while taken < min(len(words), 4) and sum(map(len, words[: taken + 1])) + taken <= _TITLE_LETTERS:
        taken += 1
    rest = " ".join(words[taken : taken + 5])
    return words[:taken], rest if len(rest) <= 2 * _TITLE_LETTERS else " ".join(words[taken : taken + 3])


def _title(canvas: Canvas, words: list[str], place: tuple[float, float], room: float, *, upper: bool) -> list[_Line]:
    """One line or two, whichever can be larger."""
    if not words:
        return []
    words = [word.upper() if upper else word[:1].upper() + word[1:] for word in words]
    tallest = 0.155 * (0.45 + 1.1 * canvas.short)
    ways = [[" ".join(words)]] + [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    sizes = [min(tallest, *(room / lettering.breadth(text, lettering.BOLD) for text in way)) for way in ways]
    best = max(range(len(ways)), key=lambda i: sizes[i] * (1.0 if len(ways[i]) == 1 else 0.9))
    left, base = place
    size = sizes[best]
    return [_Line(text, left, base - i * size * _LEADING, size, lettering.BOLD) for i, text in enumerate(reversed(ways[best]))]


def _is_wide(canvas: Canvas) -> bool:
    return canvas.half_width > canvas.half_height * 1.2


def _frame(canvas: Canvas, title: list[_Line], margin: float) -> _Frame:
    """Above the title; beside it on a wide sheet."""
    if _is_wide(canvas):
        half = canvas.half_width * 0.5 - margin * 0.75
        return _Frame(canvas.half_width - margin - half, -margin * 0.35, half, canvas.half_height - margin * 1.35)
    foot = min((line.base - line.size for line in title), default=canvas.half_height - margin * 1.8) - margin * 0.45
    top = margin - canvas.half_height
    return _Frame(0.0, (top + foot) / 2, canvas.half_width - margin, max((foot - top) / 2, 0.05))


# the art


def _art(subject: Subject, frame: _Frame) -> list[_Shape]:
    """Which arrangement: by the words when they say, otherwise by chance."""
    hinted = [
        (_stripes, ("sun", "sunset", "sunrise", "sea", "ocean", "beach", "summer", "retro", "horizon", "surf", "海", "夕")),
        (_peaks, ("mountain", "peak", "alp", "summit", "forest", "pyramid", "desert", "camp", "hill", "fox", "山", "森")),
        (_rays, ("music", "jazz", "festival", "star", "galaxy", "party", "circus", "neon", "flower", "dance", "concert")),
    ]
    found = [draw for draw, hints in hinted if subject.speaks_of(*hints)]
    others = [_circles, _quarters, _bars]
    kinds = found or others
    draw = kinds[int(subject.rng.integers(len(kinds)))] if subject.rng.random() < 0.8 else others[int(subject.rng.integers(3))]
    return draw(subject, frame)


def _inks(subject: Subject) -> list[Floats]:
    """From dark to light, an answer, a sun; strong enough to print on the sheet."""
    palette = subject.palette
    tones = (0.34, 0.50, 0.66, 0.80) if palette.is_night else (0.22, 0.38, 0.54, 0.70)
    return [*(palette.at(tone) for tone in tones), palette.accent, palette.sun]


def _disc(x: float, y: float, radius: float) -> Distance:
    return lambda xs, ys: np.float32(radius) - np.hypot(xs - np.float32(x), ys - np.float32(y))


def _half_plane(x: float, y: float, angle: float) -> Distance:
    """Inside is where the angle points to."""
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return lambda xs, ys: (xs - np.float32(x)) * cos + (ys - np.float32(y)) * sin


def _both(*parts: Distance) -> Distance:
    def distance(xs: Floats, ys: Floats) -> Floats:
        inside = parts[0](xs, ys)
        for part in parts[1:]:
            inside = np.minimum(inside, part(xs, ys))
        return inside

    return distance


def _box(left: float, top: float, right: float, bottom: float) -> Distance:
    return _both(_half_plane(left, 0, 0), _half_plane(right, 0, np.pi), _half_plane(0, top, np.pi / 2), _half_plane(0, bottom, -np.pi / 2))


def _circles(subject: Subject, frame: _Frame) -> list[_Shape]:
    """Circles inside each other that touch on one side."""
    rng, inks = subject.rng, _inks(subject)
    angle, radius = float(rng.uniform(0, 2 * np.pi)), frame.short * 0.98
    x = frame.x + (frame.half_width - radius) * float(rng.choice([-1.0, 0.0, 1.0]))
    y, shapes = frame.y, list[_Shape]()
    order = [0, 2, 4, 1, 3, 5, 0]
    for i in range(7):
        shapes.append(_Shape(_disc(x, y, radius), inks[order[i]]))
        less = radius * float(rng.uniform(0.16, 0.23))
        x, y, radius = x + less * 0.86 * float(np.cos(angle)), y + less * 0.86 * float(np.sin(angle)), radius - less
    return shapes


def _quarters(subject: Subject, frame: _Frame) -> list[_Shape]:
    """A grid of quarter discs, half discs and whole ones."""
    rng, inks = subject.rng, _inks(subject)
    side = frame.short / 2 if frame.half_height < frame.half_width * 1.3 else frame.half_width / 1.5
    columns, rows = max(1, round(frame.half_width * 2 / side)), max(1, round(frame.half_height * 2 / side))
    side = min(frame.half_width * 2 / columns, frame.half_height * 2 / rows)
    left, top = frame.x - columns * side / 2, frame.y - rows * side / 2
    shapes: list[_Shape] = []
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * side, top + row * side
            reach = (x, y, x + side, y + side)
            cell = _box(*reach)
            ground, ink = rng.choice(len(inks), 2, replace=False)
            if rng.random() < 0.55:
                shapes.append(_Shape(cell, inks[int(ground)], reach=reach))
            corner = (x + side * int(rng.integers(2)), y + side * int(rng.integers(2)))
            whole = (x + side / 2, y + side / 2)
            place, radius = (whole, side / 2) if rng.random() < 0.28 else (corner, side)
            shapes.append(_Shape(_both(cell, _disc(*place, radius)), inks[int(ink)], reach=reach))
            if radius == side and rng.random() < 0.4:
                shapes.append(_Shape(_both(cell, _disc(*place, side * 0.5)), inks[(int(ink) + 2) % len(inks)], reach=reach))
    return shapes


def _bars(subject: Subject, frame: _Frame) -> list[_Shape]:
    """Slanting bars before a disc, their inks mixing where they cross it."""
    rng, inks = subject.rng, _inks(subject)
    angle = float(rng.choice([-1, 1])) * float(rng.uniform(0.32, 0.62))
    radius = frame.short * float(rng.uniform(0.60, 0.72))
    inside = _box(frame.x - frame.half_width, frame.y - frame.half_height, frame.x + frame.half_width, frame.y + frame.half_height)
    middle = (frame.x + float(rng.uniform(-0.3, 0.3)) * (frame.half_width - radius), frame.y - (frame.half_height - radius) * 0.3)
    shapes = [_Shape(_disc(*middle, radius), inks[5])]
    step = frame.half_width * 2 / 6
    for i in range(6):
        x = frame.x - frame.half_width + step * (i + 0.12)
        bar = _both(_half_plane(x, frame.y, angle), _half_plane(x + step * 0.62, frame.y, angle + np.pi), inside)
        shapes.append(_Shape(bar, inks[(i * 3 + 1) % 5], over=True))
    return shapes


def _stripes(subject: Subject, frame: _Frame) -> list[_Shape]:
    """A sun that sinks into bands of water; each band nearer is broader."""
    rng, inks = subject.rng, _inks(subject)
    water = frame.y + frame.half_height * float(rng.uniform(-0.02, 0.16))
    foot = frame.y + frame.half_height
    radius = min(frame.half_width * 0.78, (water - (frame.y - frame.half_height)) * 0.94)
    x = frame.x + (frame.half_width - radius) * float(rng.uniform(-0.8, 0.8))
    sky = _half_plane(0, water, -np.pi / 2)
    shapes = [_Shape(_both(_disc(x, water, radius), sky), inks[5])]
    shapes.append(_Shape(_both(_disc(x, water, radius * 0.68), sky), inks[3]))
    shapes.append(_Shape(_both(_disc(x, water, radius * 0.36), sky), inks[2]))
    y, thick = water, (foot - water) * 0.075
    for i in range(5):
        gap = thick * 0.55
        left, right = frame.x - frame.half_width, frame.x + frame.half_width
        shapes.append(_Shape(_box(left, y + gap, right, min(y + gap + thick, foot)), inks[(3, 2, 1, 1, 0)[i]]))
        y, thick = y + gap + thick, thick * 1.5
    return shapes


def _peaks(subject: Subject, frame: _Frame) -> list[_Shape]:
    """Triangles with a lit and a dark side before a disc."""
    rng, inks = subject.rng, _inks(subject)
    foot = frame.y + frame.half_height
    radius = frame.short * float(rng.uniform(0.34, 0.44))
    shapes = [
        _Shape(
            _disc(frame.x + float(rng.uniform(-0.4, 0.4)) * frame.half_width, frame.y - frame.half_height + radius, radius),
            inks[5],
        )
    ]
    for i in range(4):
        tall = frame.half_height * (1.30 - 0.22 * i) * float(rng.uniform(0.85, 1.05))
        x = frame.x + frame.half_width * (-0.50, 0.46, 0.02, -0.24)[i] + float(rng.normal(0, 0.02))
        lean = np.arctan2(min(tall * 0.82, frame.half_width * 0.9), tall)
        ground = _both(
            _half_plane(0, foot, -np.pi / 2),
            _half_plane(frame.x - frame.half_width, 0, 0),
            _half_plane(frame.x + frame.half_width, 0, np.pi),
        )
        left, right = _half_plane(x, foot - tall, lean), _half_plane(x, foot - tall, np.pi - lean)
        ink = inks[(3, 2, 1, 0)[i]]
        shapes.append(_Shape(_both(ground, left, right), ink))
        shade = _half_plane(x, foot - tall, 0.20)
        shapes.append(_Shape(_both(ground, left, right, shade), ink * np.float32(0.62)))
    return shapes


def _rays(subject: Subject, frame: _Frame) -> list[_Shape]:
    """A wheel of rays around a disc, every second one broader."""
    rng, inks = subject.rng, _inks(subject)
    x, y = frame.x, frame.y + frame.half_height * float(rng.choice([0.0, 0.0, 0.55]))
    inside = _box(frame.x - frame.half_width, frame.y - frame.half_height, frame.x + frame.half_width, frame.y + frame.half_height)
    count, start = int(rng.choice([10, 12, 14])), float(rng.uniform(0, np.pi))
    shapes: list[_Shape] = []
    for i in range(count):
        middle, half = start + i * 2 * np.pi / count, np.pi / count * (0.62 if i % 2 else 0.34)
        wedge = _both(inside, _half_plane(x, y, middle + half - np.pi / 2), _half_plane(x, y, middle - half + np.pi / 2))
        shapes.append(_Shape(wedge, inks[(1, 2, 4, 3)[i % 4]]))
    for share, ink in ((0.50, 5), (0.34, 0), (0.17, 4)):
        shapes.append(_Shape(_both(inside, _disc(x, y, frame.short * share)), inks[ink]))
    return shapes


# the printing


def _ground_tone(subject: Subject) -> float:
    return 0.05 if subject.palette.is_night else 0.955


def _sheet(canvas: Canvas, subject: Subject, paper: Paper) -> None:
    canvas.lay(canvas.whole(), None, list(subject.palette.at(_ground_tone(subject))), np.float32(1.0) + paper.sheet(canvas.whole(), 0))


def _print(canvas: Canvas, subject: Subject, paper: Paper, shapes: list[_Shape], printing: tuple[tuple[float, float], int]) -> None:
    """Ink does not quite fill the tooth of the paper, and no printing meets the last one exactly."""
    slip, turn = printing
    for shape in shapes:
        box = canvas.whole() if shape.reach is None else canvas.box(*_widened(shape.reach))
        if box.is_empty:
            continue
        x, y = canvas.coordinates(box)
        cover = canvas.cover(shape.distance(x + np.float32(slip[0]), y + np.float32(slip[1])))
        cover *= np.clip(np.float32(0.975) + paper.sheet(box, turn + 1) * np.float32(1.1), 0, 1)
        if shape.over and subject.palette.is_night:  # on dark paper inks are opaque enough to shine, and brighten each other
            canvas.lay(box, cover * np.float32(0.62), list(shape.ink))
        elif shape.over:
            canvas.dim(box, cover, [1 - min(float(ink) * 1.15, 1.0) for ink in shape.ink])
        else:
            canvas.lay(box, cover, list(shape.ink))


def _widened(reach: tuple[float, float, float, float], room: float = 0.01) -> tuple[float, float, float, float]:
    left, top, right, bottom = reach
    return left - room, top - room, right + room, bottom + room


def _set_lines(canvas: Canvas, subject: Subject, lines: list[_Line]) -> None:
    ink = subject.palette.at(0.94 if subject.palette.is_night else 0.07)
    for line in lines:
        mask, base = lettering.line(line.text, round(line.size * canvas.unit), line.weight)
        height, width = mask.shape
        left = round(line.x * canvas.unit + canvas.width / 2) - (width if line.is_right else 0)
        top = round(line.base * canvas.unit + canvas.height / 2) - base
        box = Box(max(top, 0), min(top + height, canvas.height), max(left, 0), min(left + width, canvas.width))
        if not box.is_empty:
            canvas.lay(box, mask[box.top - top : box.bottom - top, box.left - left : box.right - left] * np.float32(0.96), list(ink))


def _small_print(canvas: Canvas, subject: Subject, lines: list[_Line], margin: float) -> None:
    """What stands under the title, and a rule above the foot."""
    y = lines[0].base - lines[0].size * 1.75
    thick = max(0.0011, 0.8 / canvas.unit)
    box = canvas.box(margin - canvas.half_width, y, canvas.half_width - margin, y + thick)
    _, ys = canvas.coordinates(box)
    cover = canvas.cover(np.float32(thick / 2) - np.abs(ys - np.float32(y + thick / 2))) + np.zeros(box.shape, np.float32)
    canvas.lay(box, cover, list(subject.palette.at(0.94 if subject.palette.is_night else 0.07)))
    _set_lines(canvas, subject, lines)
