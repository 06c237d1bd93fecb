"""The look of a picture: its layout and its colours in at most 68 bytes, by which similar ones and those of a palette are found and ordered.

Sixteen mean colours, four by four, then up to five colours of its own with their shares; each colour is three bytes of OKLab. `likeness`
makes looks, in a child; here, in the serving process, they become signs (words an index knows) and distances, in plain Python.

Source: Bjoern Ottosson, A perceptual color space for image processing (OKLab), https://bottosson.github.io/posts/oklab/, 2020.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Colour: TypeAlias = tuple[int, int, int]
"""Lightness and the two axes of hue as bytes: one step is a 255th of the first's range, and of 0.8 for the others."""

SIDE: Final = 4
COLOURS: Final = 5
LAYOUT: Final = SIDE * SIDE * 3
LOOK_MAX: Final = LAYOUT + COLOURS * 4
BLANK: Final = bytes(LAYOUT)
"""Of what nobody can look at: it has no colours."""
HUE_RANGE: Final = 0.8
_MIDDLE: Final = 127.5
_HUES: Final = 12
_GREYS: Final = 5
_GREY_BELOW: Final = 13.0
"""Steps from grey below which nobody names a hue: a chroma of 0.04."""
_TONES: Final = (96, 168)
"""Between dark, middling and light."""
_REACH: Final = 10
"""How far a colour that is asked for may be off, in steps, to be looked for in the next family too."""
_FAMILIES_MAX: Final = 4
_SHARE_MIN: Final = 8
"""Of 255: what is less than a thirtieth of a picture is not one of its colours."""
_UNEVEN: Final = 14
"""From how many steps on a quarter counts as lighter or darker than the whole."""
_SMALLNESS: Final = 24.0
_HEX: Final = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


def whole_look(said: bytes) -> bytes:
    """What a child said is a look. Raises ValueError for what cannot be one."""
    if not LAYOUT < len(said) <= LOOK_MAX or (len(said) - LAYOUT) % 4:
        raise ValueError("a look of a wrong length")
    return said


def colour_of(text: str) -> Colour | None:
    """`#rrggbb` or `rrggbb` as a colour; None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    red, green, blue = (_linear(int(part, 16) / 255) for part in found.groups())
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    redness = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    yellow = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return _byte(light), _byte(redness / HUE_RANGE + 0.5), _byte(yellow / HUE_RANGE + 0.5)


def signs_of(look: bytes) -> tuple[str, ...]:
    """What an index keeps of a look: each family of its colours, each two of them together, and how light lies on it."""
    if look == BLANK:
        return ()
    families = sorted({_family((light, one, other)) for light, one, other, share in _colours(look) if share >= _SHARE_MIN})
    pairs = [_pair(one, other) for one, other in itertools.combinations(families, 2)]
    mean, quarters = _mean(look), _quarters(look)
    return (*(_single(family) for family in families), *pairs, _lay(_family(mean), quarters))


def asked_for(palette: Sequence[Colour]) -> list[list[list[str]]]:
    """What to look for, the strictest first: pictures that have all of these colours, any two of them, any of them.

    Each is a list of groups; of every group at least one sign must be there.
    """
    near = [_families_near(colour) for colour in palette]
    anyone = [[_single(family) for family in sorted(set(itertools.chain(*near)))]]
    if len(near) < 2:
        return [anyone] if near else []
    at = list(range(len(near)))
    couples = [*zip(at[::2], at[1::2], strict=False), *([(at[-2], at[-1])] if len(at) % 2 else [])]
    everyone = [_pairs(near[one], near[other]) for one, other in couples]
    some = [sorted({pair for one, other in itertools.combinations(at, 2) for pair in _pairs(near[one], near[other])})]
    return [everyone, some, anyone]


def asked_like(look: bytes) -> list[list[list[str]]]:
    """What to look for, the strictest first: pictures on which colour and light lie as on this one, then those of its colours."""
    mean, quarters = _mean(look), _quarters(look)
    uncertain = sorted(range(4), key=lambda at: min(abs(quarters[at] - _UNEVEN), abs(quarters[at] + _UNEVEN)))[:2]
    laid: set[str] = set()
    for family in _families_near(mean):
        for shifts in itertools.product((-_REACH, 0, _REACH), repeat=2):
            moved = list(quarters)
            for at, shift in zip(uncertain, shifts, strict=True):
                moved[at] += shift
            laid.add(_lay(family, moved))
    largest = sorted(_colours(look), key=lambda colour: -colour[3])[:3]
    return [[sorted(laid)], *asked_for([(light, one, other) for light, one, other, _ in largest])]


def unlike(look: bytes, other: bytes) -> float:
    """How far two pictures are apart in layout: the mean distance of their sixteen colours, in steps."""
    return math.sqrt(sum((one - two) * (one - two) for one, two in zip(look[:LAYOUT], other[:LAYOUT], strict=True)) / (SIDE * SIDE))


def off_palette(palette: Iterable[Colour], look: bytes) -> float:
    """How far a picture is from having all of these colours, in steps; a colour that is small in it counts as farther off."""
    own = [(colour, _SMALLNESS * (1 - math.sqrt(colour[3] / 255))) for colour in _colours(look)]
    if not own:
        return math.inf
    nearest = [min(_apart(wanted, colour) + less for colour, less in own) for wanted in palette]
    return math.sqrt(sum(gap * gap for gap in nearest) / max(1, len(nearest)))


def _colours(look: bytes) -> list[tuple[int, int, int, int]]:
    return [(look[at], look[at + 1], look[at + 2], look[at + 3]) for at in range(LAYOUT, len(look) - 3, 4)]


def _apart(one: Colour, other: Sequence[int]) -> float:
    return math.sqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2)


def _family(colour: Sequence[float]) -> int:
    """One of 41: five greys, and twelve hues, each dark, middling or light."""
    light, redness, yellow = colour[0], colour[1] - _MIDDLE, colour[2] - _MIDDLE
    if math.hypot(redness, yellow) < _GREY_BELOW:
        return min(_GREYS - 1, int(max(0.0, light) * _GREYS / 256))
    hue = int((math.atan2(yellow, redness) / math.tau % 1) * _HUES) % _HUES
    return _GREYS + hue * 3 + sum(light >= tone for tone in _TONES)


def _families_near(colour: Sequence[float]) -> list[int]:
    """The family of a colour, and those it nearly belongs to."""
    shifted = [colour]
    for axis, shift in itertools.product(range(3), (-_REACH, _REACH)):
        moved = list(colour)
        moved[axis] += shift
        shifted.append(moved)
    return list(dict.fromkeys(_family(one) for one in shifted))[:_FAMILIES_MAX]


def _mean(look: bytes) -> Colour:
    sums = [sum(look[axis:LAYOUT:3]) for axis in range(3)]
    return sums[0] // (SIDE * SIDE), sums[1] // (SIDE * SIDE), sums[2] // (SIDE * SIDE)


def _quarters(look: bytes) -> list[float]:
    """How much lighter than the whole each quarter is: upper left, upper right, lower left, lower right."""
    lights = look[:LAYOUT:3]
    mean = sum(lights) / len(lights)
    half = SIDE // 2
    places = [[down * SIDE + across for down in rows for across in columns] for rows in _halves(half) for columns in _halves(half)]
    return [sum(lights[at] for at in place) / len(place) - mean for place in places]


def _halves(half: int) -> tuple[range, range]:
    return range(half), range(half, SIDE)


def _lay(family: int, quarters: Sequence[float]) -> str:
    return f"l:{family}:" + "".join("d" if by < -_UNEVEN else "l" if by > _UNEVEN else "m" for by in quarters)


def _single(family: int) -> str:
    return f"c:{family}"


def _pair(one: int, other: int) -> str:
    return _single(one) if one == other else f"c:{min(one, other)}:{max(one, other)}"


def _pairs(some: Iterable[int], others: Iterable[int]) -> list[str]:
    return sorted({_pair(one, other) for one, other in itertools.product(some, others)})


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _byte(value: float) -> int:
    return round(255 * min(1.0, max(0.0, value)))
