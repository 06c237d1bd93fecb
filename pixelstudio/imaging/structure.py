"""What a container tells about itself without a decoder; the same for PNG, JPEG and WebP.

Decoders only ever see bytes rebuilt from these parts: text, EXIF, comments and whatever hangs behind the end are gone before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Container: TypeAlias = Literal["PNG", "JPEG", "WEBP", "AVIF"]

PARTS_MAX: Final = 1_000
ICC_MAX_BYTES: Final = 4 * 1024 * 1024
_FTYP: Final = slice(4, 8)


@dataclass(frozen=True, slots=True)
class Structure:
    """Facts from the headers: size in pixels as stored, whether it moves, EXIF orientation 1-8, colour profile or empty."""

    width: int
    height: int
    is_animated: bool = False
    orientation: int = 1
    icc: bytes = b""


def container_of(data: bytes) -> Container | None:
    """The container by its first bytes, never by a name; None for everything that is not allowed."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[_FTYP] == b"ftyp" and (b"avif" in data[8:40] or b"avis" in data[8:12]):
        return "AVIF"
    return None
