"""The sheet everything is painted on: three planes of linear light, with coordinates that do not know how many pixels there are.

The origin is the middle, the unit is the square root of the area: a look composes once and the same composition appears at every size.
Planes are kept apart because every step is a few passes over one plane, and those stay in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pixelstudio.providers.sketch.colour import Floats

_SHADOW_SIGMA_MIN_PX = 2.0
FRACTION_BITS = 4
"""OpenCV draws lines, circles and polygons at places between pixels when they are told in sixteenths: its `shift`."""


class Box(NamedTuple):
    """A part of the canvas, in pixels; bottom and right are outside."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top, self.right - self.left

    @property
    def is_empty(self) -> bool:
        return self.bottom <= self.top or self.right <= self.left


@dataclass(frozen=True, slots=True)
class Shadow:
    """A soft shadow: how far it falls and how soft it is, in units; how much light it takes away, 0..1."""

    dx: float
    dy: float
    blur: float
    depth: float
    tint: tuple[float, float, float] = (1.0, 0.96, 0.90)
    """Shadows keep a little blue: the share of `depth` that red, green and blue lose."""


class Canvas:
    """Linear light, float32, `planes` is (3, height, width). Nothing here is clipped before `finish`."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.unit = float(np.sqrt(width * height))
        self.planes: Floats = np.zeros((3, height, width), np.float32)
        self.x: Floats = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / self.unit)[None, :]
        self.y: Floats = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / self.unit)[:, None]
        self.half_width, self.half_height = width / 2 / self.unit, height / 2 / self.unit
        self.short = min(self.half_width, self.half_height)

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The pixels that cover a rectangle given in units, cut to the canvas."""
        x0, x1 = (int(np.floor(edge * self.unit + self.width / 2)) for edge in (left, right))
        y0, y1 = (int(np.floor(edge * self.unit + self.height / 2)) for edge in (top, bottom))
        return Box(max(y0, 0), min(y1 + 1, self.height), max(x0, 0), min(x1 + 1, self.width))

    def around(self, x: float, y: float, reach: float) -> Box:
        """The pixels within `reach` units of a point, cut to the canvas."""
        return self.box(x - reach, y - reach, x + reach, y + reach)

    def fixed(self, points: Floats) -> NDArray[np.int32]:
        """Points in units, the last axis x and y, as OpenCV takes them with `FRACTION_BITS`."""
        return np.rint((points * self.unit + (self.width / 2, self.height / 2)) * (1 << FRACTION_BITS)).astype(np.int32)

    def stroked(self, lines: Sequence[Floats], thickness_px: int) -> Floats:
        """How much of each pixel, 0..1, is covered by open lines of points in units."""
        sheet = np.zeros((self.height, self.width), np.uint8)
        points = [self.fixed(line) for line in lines]
        cv2.polylines(sheet, points, isClosed=False, color=255, thickness=thickness_px, lineType=cv2.LINE_AA, shift=FRACTION_BITS)
        return sheet.astype(np.float32) / np.float32(255)

    def whole(self) -> Box:
        return Box(0, self.height, 0, self.width)

    def coordinates(self, box: Box) -> tuple[Floats, Floats]:
        """`x` as a row and `y` as a column, in units, for the pixels of a box."""
        return self.x[:, box.left : box.right], self.y[box.top : box.bottom]

    def cover(self, distance: Floats, softness_px: float = 1.0) -> Floats:
        """How much of each pixel is inside, from the signed distance to the edge in units (inside is positive)."""
        return np.clip(distance * np.float32(self.unit / softness_px) + np.float32(0.5), 0, 1)

    def view(self, box: Box) -> Floats:
        """The planes of a box, to paint on."""
        return self.planes[:, box.top : box.bottom, box.left : box.right]

    def lay(self, box: Box, cover: Floats | None, colours: Sequence[Floats | np.float32], shade: Floats | None = None) -> None:
        """Put a sheet down: three colours (numbers or planes), times `shade`, where `cover` says."""
        for plane, colour in zip(self.view(box), colours, strict=True):
            sheet = colour if shade is None else shade * colour
            if cover is None:
                plane[:] = sheet
                continue
            difference = sheet - plane
            difference *= cover
            np.add(plane, difference, out=plane)

    @staticmethod
    def blend(share: Floats, start: Floats, middle: Floats, end: Floats) -> list[Floats]:
        """Three planes from `start` (share 0) to `end` (1) by way of `middle`: a straight mix of far hues would turn grey."""
        rest = share * (1 - share)
        return [share * (end[c] - start[c]) + start[c] + rest * (4 * middle[c] - 2 * start[c] - 2 * end[c]) for c in range(3)]

    def dim(self, box: Box, amount: Floats, tint: Sequence[float] = (1.0, 1.0, 1.0)) -> None:
        """Take light away: each plane times `1 - amount * tint`."""
        for plane, share in zip(self.view(box), tint, strict=True):
            factor = amount * np.float32(-share)
            factor += 1
            np.multiply(plane, factor, out=plane)

    def add(self, box: Box, amount: Floats, colour: Sequence[float] | Floats) -> None:
        """Let light fall: `amount` times a colour on top of what is there."""
        for plane, share in zip(self.view(box), colour, strict=True):
            np.add(plane, amount * np.float32(share), out=plane)

    def cast(self, box: Box, cover: Floats, shadow: Shadow) -> None:
        """Let a shape throw its shadow on everything painted so far. `box` must leave room for the blur."""
        if not box.is_empty:
            self.dim(box, self.softened(cover, shadow) * np.float32(shadow.depth), shadow.tint)

    def softened(self, cover: Floats, shadow: Shadow) -> Floats:
        """`cover` moved and blurred; wide blurs are made small and enlarged, which the eye cannot tell."""
        sigma = max(shadow.blur * self.unit, 0.6)
        reduce = max(1, int(sigma / _SHADOW_SIGMA_MIN_PX))
        height, width = cover.shape
        size = (max(1, width // reduce), max(1, height // reduce))
        small = cv2.resize(cover, size, interpolation=cv2.INTER_AREA) if reduce > 1 else cover
        x_scale, y_scale = small.shape[1] / width, small.shape[0] / height
        move = np.array([[1, 0, shadow.dx * self.unit * x_scale], [0, 1, shadow.dy * self.unit * y_scale]], np.float32)
        small = cv2.warpAffine(small, move, small.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        small = cv2.GaussianBlur(small, (0, 0), sigma * x_scale, sigmaY=sigma * y_scale, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR) if reduce > 1 else small, np.float32)
