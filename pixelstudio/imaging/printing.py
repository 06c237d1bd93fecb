"""The printing press: text or a logo printed on a picture. Imported only inside a child."""

from __future__ import annotations

from math import ceil, cos, floor, radians, sin
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from pixelstudio.core.limits import SIDE_DECODED_MAX
from pixelstudio.imaging.colours import to_srgb
from pixelstudio.imaging.darkroom import written_anew
from pixelstudio.imaging.decoding import decode
from pixelstudio.imaging.lettering import STRONG, face
from pixelstudio.imaging.overlay import BASE, LINE, Box, Overlay, box_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEASURED_PX: Final = 1000.0
"""So large that the rounding of each letter's width is not seen."""
_FINE: Final = 2
"""Everything is set twice as large and made smaller with the picture's own pixels: edges stay smooth however it is turned."""
_FINE_PIXELS_MAX: Final = 8_000_000
"""On larger pictures it is set at their size: nobody sees the difference, and it would take four times the memory."""
_OVERHANG: Final = 0.3
"""So far, in multiples of the type's size, letters may reach out of their line."""


def print_over(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """One step: a picture, and the logo when there is no text -> the picture with it. Raises Refused."""
    overlay = Overlay.from_json(arguments)
    decoded = decode(blobs[0], SIDE_DECODED_MAX)
    picture = to_srgb(decoded.picture, decoded.icc)
    fine = _FINE if picture.width * picture.height <= _FINE_PIXELS_MAX else 1
    if overlay.text:
        box = box_of(overlay, *picture.size, text_ratio(overlay.text))
        sheet = _set(overlay, box, fine)
    else:
        logo = decode(blobs[1], SIDE_DECODED_MAX)
        stamp = to_srgb(logo.picture, logo.icc).convert("RGBA")
        box = box_of(overlay, *picture.size, stamp.height / stamp.width)
        sheet = stamp.resize((max(1, round(box.width * fine)), max(1, round(box.height * fine))), Image.Resampling.LANCZOS)
    printed = _pressed(picture, sheet, box, overlay, fine)
    yield {}, [written_anew(printed, decoded.container, b"")]


def text_ratio(text: str) -> float:
    """Height by width of text as it is set."""
    return LINE * len(text.splitlines()) / _breadth(text)


def _breadth(text: str) -> float:
    """How wide the longest line is, in multiples of the type's size."""
    return max(face(_MEASURED_PX, STRONG).getlength(line) for line in text.splitlines()) / _MEASURED_PX


def _set(overlay: Overlay, box: Box, fine: int) -> Image.Image:
    """The text, with room around it for what reaches out; its middle is the box's middle."""
    size = box.width / _breadth(overlay.text) * fine
    width, height, room = box.width * fine, box.height * fine, ceil(size * _OVERHANG)
    sheet = Image.new("L", (ceil(width) + 2 * room, ceil(height) + 2 * room))
    left, top = (sheet.width - width) / 2, (sheet.height - height) / 2
    side = ("left", "middle", "right")[_column(overlay)]
    x = left + width * _column(overlay) / 2
    for at, line in enumerate(overlay.text.splitlines()):
        ImageDraw.Draw(sheet).text((x, top + (LINE * at + BASE) * size), line, 255, face(size, STRONG), anchor=f"{side[0]}s")
    coloured = Image.new("RGBA", sheet.size, overlay.colour)
    coloured.putalpha(sheet)
    return coloured


def _column(overlay: Overlay) -> int:
    """Lines keep to the side of the picture they stand on."""
    return 0 if overlay.place.endswith("left") else 2 if overlay.place.endswith("right") else 1


def _pressed(picture: Image.Image, sheet: Image.Image, box: Box, overlay: Overlay, fine: int) -> Image.Image:
    """The sheet, turned, laid with its middle on the box's middle; what lies beside the picture is cut off."""
    turn = radians(overlay.rotation)
    reach_x = (sheet.width * abs(cos(turn)) + sheet.height * abs(sin(turn))) / fine / 2 + 1
    reach_y = (sheet.width * abs(sin(turn)) + sheet.height * abs(cos(turn))) / fine / 2 + 1
    left, top = max(0, floor(box.x - reach_x)), max(0, floor(box.y - reach_y))
    right, bottom = min(picture.width, ceil(box.x + reach_x)), min(picture.height, ceil(box.y + reach_y))
    # From a place on the picture, counted in fine pixels from the corner of what is covered, to the place on the sheet.
    x, y = (box.x - left) * fine, (box.y - top) * fine
    across = (cos(turn), sin(turn), sheet.width / 2 - x * cos(turn) - y * sin(turn))
    down = (-sin(turn), cos(turn), sheet.height / 2 + x * sin(turn) - y * cos(turn))
    covered = ((right - left) * fine, (bottom - top) * fine)
    layer = sheet.transform(covered, Image.Transform.AFFINE, (*across, *down), Image.Resampling.BICUBIC)
    layer = layer.reduce(fine) if fine > 1 else layer
    layer.putalpha(layer.getchannel("A").point([round(value * overlay.opacity / 100) for value in range(256)]))
    if picture.mode == "RGBA":
        picture.alpha_composite(layer, (left, top))
    else:
        picture.paste(layer, (left, top), layer)
    return picture
