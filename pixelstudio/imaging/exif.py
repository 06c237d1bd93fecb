"""The one thing we read from EXIF: which way up the picture is. Everything else in it is thrown away unread."""

from __future__ import annotations

import struct
from typing import Final

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_ENTRIES_MAX: Final = 500


def orientation_of(tiff: bytes) -> int:
    """1 to 8 out of a TIFF block (with or without the `Exif` prefix); 1 when it is missing, odd or broken."""
    tiff = tiff.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, directory)
        for index in range(min(count, _ENTRIES_MAX)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, directory + 2 + 12 * index)
            if tag == _ORIENTATION and kind == _SHORT:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1
