"""An overlay: text or a logo laid over a finished picture; what may be asked for, and where it lies.

The page draws the same while somebody chooses (`assets/overlay/box.js`): both reckon with the numbers below, and a test holds them against
each other.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from math import cos, isfinite, radians, sin
from typing import TYPE_CHECKING, Any, Final, Literal, TypeGuard, get_args

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

Place = Literal["top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
"""Row by row, as they lie on the picture."""

MARGIN: Final = 0.04
"""Of the picture's shorter side: so far from the edge everything stays that has room to."""
LINE: Final = 1.2
"""From one line of text to the next, in multiples of the type's size."""
BASE: Final = 0.95
"""How far below the top of its line the letters stand: so that capitals have as much room above as below."""
A_LOGO: Final = "a logo"
"""Stands for the logo's id where that is told to nobody."""
_COLOUR: Final = re.compile("#[0-9a-f]{6}")
# What the typeface has, by code point, first and last of each run.
_RUNS: Final = (
    *((0x20, 0x7E), (0xA1, 0xA3), (0xA5, 0xA5), (0xA7, 0xAB), (0xAE, 0xB0), (0xB4, 0xB4), (0xB6, 0xB8), (0xBA, 0xBB), (0xBF, 0xFF)),
    *((0x131, 0x131), (0x152, 0x153), (0x2C6, 0x2C6), (0x2DA, 0x2DA), (0x2DC, 0x2DC), (0x2013, 0x2014), (0x2018, 0x201A)),
    *((0x201C, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122)),
    *((0x2191, 0x2191), (0x2193, 0x2193), (0x2212, 0x2212)),
)
LETTERS: Final = frozenset(chr(code) for first, last in _RUNS for code in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Overlay:
    """Text, or a logo where there is none. `size` is how wide it is in per cent of the picture, `rotation` in degrees clockwise."""

    text: str = ""
    place: Place = "bottom-right"
    size: float = 30.0
    opacity: float = 100.0
    """In per cent."""
    rotation: float = 0.0
    colour: str = "#ffffff"
    """Of text."""
    logo: str = ""
    """The id of whatever picture is the logo; not told in files."""

    @property
    def words(self) -> str:
        """What it is, for people."""
        return f"“{' / '.join(self.text.splitlines())}”" if self.text else A_LOGO

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def told(self) -> dict[str, Any]:
        """As it is written into files, which anybody may get: without the logo's id."""
        return {name: value for name, value in self.to_json().items() if name != "logo"}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Overlay:
        """The reverse of `to_json` and of `told`; raises ValueError, KeyError or TypeError when it is none that could be asked for."""
        numbers = {name: value[name] for name in ("size", "opacity", "rotation")}
        try:
            return checked(cls(str(value["text"]), value["place"], **numbers, colour=str(value["colour"]), logo=value.get("logo", A_LOGO)))
        except Invalid as error:
            raise ValueError(error.code) from error


@dataclass(frozen=True, slots=True)
class Box:
    """Where an overlay lies: its middle from the picture's top left corner, and its sides before it is turned; all in pixels."""

    x: float
    y: float
    width: float
    height: float


def checked(overlay: Overlay) -> Overlay:
    """The overlay with clean text. Raises `Invalid` with the field's name and what to change."""
    if len(overlay.text) > 2 * limits.OVERLAY_TEXT_MAX:
        raise _too_long()
    text = "\n".join(line.strip() for line in clean_text(overlay.text).replace("\t", " ").splitlines())
    if len(text) > limits.OVERLAY_TEXT_MAX or len(text.splitlines()) > limits.OVERLAY_LINES_MAX:
        raise _too_long()
    if not text and not overlay.logo:
        raise Invalid("Type the text, or choose a logo.", code="overlay_empty", field="text")
    if strange := next((letter for letter in text if letter != "\n" and letter not in LETTERS), ""):
        raise Invalid(f"Our typeface has no “{strange}”. Leave it out.", code="overlay_letter", field="text")
    if overlay.place not in PLACES:
        raise Invalid("Choose one of the nine places.", code="overlay_place", field="place")
    if not _COLOUR.fullmatch(overlay.colour):
        raise Invalid("Choose a colour.", code="overlay_colour", field="colour")
    if not _is_within(overlay.size, limits.OVERLAY_SIZE_MIN, 100):
        raise Invalid(f"The size is a number from {limits.OVERLAY_SIZE_MIN} to 100.", code="overlay_size", field="size")
    if not _is_within(overlay.opacity, limits.OVERLAY_OPACITY_MIN, 100):
        raise Invalid(f"The opacity is a number from {limits.OVERLAY_OPACITY_MIN} to 100.", code="overlay_opacity", field="opacity")
    if not _is_within(overlay.rotation, -180, 180):
        raise Invalid("The rotation is a number from -180 to 180.", code="overlay_rotation", field="rotation")
    return Overlay(text, overlay.place, overlay.size, overlay.opacity, overlay.rotation, overlay.colour, "" if text else overlay.logo)


def box_of(overlay: Overlay, width: int, height: int, ratio: float) -> Box:
    """Where it lies on a picture of `width` and `height`; `ratio` is its own height by its width.

    It is never higher than the picture. Turned, it stays within the margin where there is room, and in the middle where there is none.
    """
    across = min(width * overlay.size / 100, height / ratio)
    down = across * ratio
    turn = radians(overlay.rotation)
    turned = (across * abs(cos(turn)) + down * abs(sin(turn)), across * abs(sin(turn)) + down * abs(cos(turn)))
    row, column = divmod(PLACES.index(overlay.place), 3)
    margin = MARGIN * min(width, height)
    x, y = (
        side / 2 + step * max(0.0, side / 2 - margin - length / 2)
        for side, step, length in zip((width, height), (column - 1, row - 1), turned, strict=True)
    )
    return Box(x, y, across, down)


def _is_within(number: object, least: float, most: float) -> TypeGuard[float]:
    """Numbers come from browsers and files: NaN and True are none of ours."""
    return type(number) in {int, float} and isfinite(number) and least <= number <= most  # type: ignore[arg-type,operator]  # its type is known by then


def _too_long() -> Invalid:
    sentence = f"Text has at most {limits.OVERLAY_TEXT_MAX} characters in {limits.OVERLAY_LINES_MAX} lines. Shorten it."
    return Invalid(sentence, code="overlay_too_long", field="text")
