"""JPEG as segments: read its facts, keep what makes the picture, add XMP. Never re-encodes.

Source: ITU-T T.81 annex B; the XMP segment is from Adobe's XMP specification, part 3, 1.1.3.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from pixelstudio.imaging.exif import orientation_of
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import ICC_MAX_BYTES, PARTS_MAX, Structure

if TYPE_CHECKING:
    from collections.abc import Iterator

SCANS_MAX: Final = 64
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ICC: Final = b"ICC_PROFILE\0"
_EXIF: Final = b"Exif\0\0"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_JFIF: Final = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # version 1.1, square pixels, no thumbnail
_SEGMENT_MAX: Final = 65_533
# In entropy-coded data FF is followed by 00 or a restart marker; anything else ends it.
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def structure_of(jpeg: bytes) -> Structure:
    """Facts from the segments. Raises Refused when they are broken or too many: each progressive scan goes over all pixels again."""
    width = height = scans = 0
    orientation, profile = 1, dict[int, bytes]()
    for count, (marker, body, _) in enumerate(_segments(jpeg)):
        scans += marker == _SCAN
        if count > PARTS_MAX or scans > SCANS_MAX:
            raise refused("picture_too_complex", container="JPEG")
        if marker in _FRAMES and len(body) >= 5:
            lines, columns = struct.unpack_from(">HH", body, 1)
            width, height = max(width, columns), max(height, lines)
        elif marker == _APP1 and body.startswith(_EXIF):
            orientation = orientation_of(body)
        elif marker == _APP2 and body.startswith(_ICC) and len(body) > len(_ICC) + 2:
            profile[body[len(_ICC)]] = body[len(_ICC) + 2 :]
    icc = b"".join(profile[index] for index in sorted(profile))
    return Structure(width, height, orientation=orientation, icc=icc if len(icc) <= ICC_MAX_BYTES else b"")


def stripped(jpeg: bytes, *, keep_profile: bool = True) -> bytes:
    """The same pixels without EXIF, XMP, comments, thumbnails, further pictures and whatever follows the end."""
    parts = [b"\xff\xd8"]
    for marker, body, coded in _segments(jpeg):
        if marker == _APP0:
            if body.startswith(b"JFIF\0"):
                parts.append(_segment(_APP0, _JFIF))  # may carry a thumbnail; that it is there says how colours are coded
        elif not _is_metadata(marker, body, keep_profile=keep_profile):
            parts += [_segment(marker, body), coded]
    return b"".join([*parts, b"\xff\xd9"])


def with_xmp(jpeg: bytes, packet: str) -> bytes:
    """Add an XMP packet behind the JFIF segment. Raises ValueError when it does not fit into one segment (65 KB)."""
    body = _XMP + packet.encode("utf-8", "replace")
    if len(body) > _SEGMENT_MAX:
        raise ValueError(f"XMP packet of {len(body)} bytes")
    at = 2 + 2 + int.from_bytes(jpeg[4:6], "big") if jpeg[2:4] == b"\xff\xe0" else 2
    return b"".join([jpeg[:at], _segment(_APP1, body), jpeg[at:]])


def xmp_of(jpeg: bytes) -> str | None:
    """The XMP packet, if there is one."""
    for marker, body, _ in _segments(jpeg):
        if marker == _APP1 and body.startswith(_XMP):
            return body[len(_XMP) :].decode("utf-8", "replace")
    return None


def _is_metadata(marker: int, body: bytes, *, keep_profile: bool) -> bool:
    if marker == _APP2 and body.startswith(_ICC):
        return not keep_profile
    if marker == _APP14:  # says how CMYK and RGB are coded
        return not body.startswith(b"Adobe")
    return marker == _COMMENT or _APP0 <= marker <= _APP15


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, body and following coded data of each segment up to the end marker. Raises Refused when the file ends before it."""
    at = 2
    while at + 2 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == _END:
            return
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        end = at + 2 + length
        if marker in {0, _START} or length < 2 or end > len(jpeg):
            break
        following = end
        if marker == _SCAN:
            found = _NEXT_MARKER.search(jpeg, end)
            if found is None:
                break
            following = found.start()
        yield marker, jpeg[at + 4 : end], jpeg[end:following]
        at = following
    raise refused("picture_unreadable", container="JPEG")


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
