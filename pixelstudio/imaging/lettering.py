"""Lettering: words set in the one typeface that ships with the studio. Imported only inside a child."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

# Instrument Sans, variable weight, Latin; its licence stands beside it.
_FACE: Final = Path(__file__).parent / "type" / "instrument-sans-latin.woff2"
BOLD: Final = 700
STRONG: Final = 600
PLAIN: Final = 500
_TRIAL_PX: Final = 64
_LONGEST: Final = 40


@lru_cache(maxsize=32)
def face(size_px: float, weight: int) -> ImageFont.FreeTypeFont:
    """The typeface at a size, at least one that can be told from a line."""
    font = ImageFont.truetype(_FACE, max(size_px, 5))
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=1024)
def _is_drawn(letter: str) -> bool:
    """Whether the typeface has it: what it has not is an empty box without height."""
    left, top, right, bottom = face(_TRIAL_PX, PLAIN).getbbox(letter)
    return right > left and bottom > top


def printable(word: str) -> bool:
    """Whether every letter of a word can be set, and it is no longer than a line may be."""
    return 0 < len(word) <= _LONGEST and all(map(_is_drawn, word))


def breadth(text: str, weight: int) -> float:
    """How wide a line is, in multiples of its size."""
    return face(_TRIAL_PX, weight).getlength(text) / _TRIAL_PX


def line(text: str, size_px: int, weight: int) -> tuple[NDArray[np.floating], int]:
    """A mask (0..1) around one line of text, and how far below its top the base line is."""
    font = face(size_px, weight)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text, anchor="ls"))
    size = (max(right - left, 1) + 2, max(bottom - top, 1) + 2)
    sheet = Image.new("L", size)
    ImageDraw.Draw(sheet).text((1 - left, 1 - top), text, font=font, fill=255, anchor="ls")
    return np.asarray(sheet, np.float32) / np.float32(255), 1 - top
