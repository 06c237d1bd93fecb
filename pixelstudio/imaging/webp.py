"""WebP as RIFF chunks: read its facts, keep what makes the picture, add XMP. Never re-encodes.

Source: RFC 9649, WebP Image Format.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from pixelstudio.imaging.exif import orientation_of
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import ICC_MAX_BYTES, PARTS_MAX, Structure

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIXELS: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_XMP_FLAG, _EXIF_FLAG, _ALPHA_FLAG, _PROFILE_FLAG = 0x04, 0x08, 0x10, 0x20
_HEAD: Final = struct.Struct("<4sI")


def structure_of(webp: bytes) -> Structure:
    """Facts from the chunks. Raises Refused when they are broken or too many. The size is the largest that any chunk claims."""
    width = height = 0
    orientation, icc, animated = 1, b"", False
    for count, (kind, body) in enumerate(_chunks(webp)):
        if count > PARTS_MAX:
            raise refused("picture_too_complex", container="WEBP")
        claimed = _size(kind, body)
        width, height = max(width, claimed[0]), max(height, claimed[1])
        match kind:
            case b"ANIM" | b"ANMF":
                animated = True
            case b"EXIF":
                orientation = orientation_of(body)
            case b"ICCP":
                icc = body if len(body) <= ICC_MAX_BYTES else b""
            case _:
                pass
    return Structure(width, height, animated, orientation, icc)


def stripped(webp: bytes, *, keep_profile: bool = True) -> bytes:
    """The same pixels without EXIF, XMP, unknown chunks and whatever follows the end."""
    kept = _PIXELS | ({b"ICCP"} if keep_profile else frozenset[bytes]())
    drop = _XMP_FLAG | _EXIF_FLAG | (0 if keep_profile else _PROFILE_FLAG)
    chunks = [(kind, body) for kind, body in _chunks(webp) if kind == b"VP8X" or kind in kept]
    return _riff([(kind, bytes([body[0] & ~drop, *body[1:]]) if kind == b"VP8X" else body) for kind, body in chunks])


def pixels_of(webp: bytes) -> bytes:
    """The chunks that make the picture, without the header that only says what else there is: a recipe adds that to a plain file."""
    return _riff([(kind, body) for kind, body in _chunks(webp) if kind in _PIXELS | {b"ICCP"}])


def with_xmp(webp: bytes, packet: str) -> bytes:
    """Add an XMP packet at the end; a plain file becomes an extended one, with the same picture in it."""
    chunks = list(_chunks(webp))
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _extended_header(*chunks[0])))
    chunks[0] = (b"VP8X", bytes([chunks[0][1][0] | _XMP_FLAG, *chunks[0][1][1:]]))
    return _riff([*chunks, (b"XMP ", packet.encode("utf-8", "replace"))])


def xmp_of(webp: bytes) -> str | None:
    """The XMP packet, if there is one."""
    return next((body.decode("utf-8", "replace") for kind, body in _chunks(webp) if kind == b"XMP "), None)


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    match kind:
        case b"VP8X" if len(body) >= 10:
            return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
        case b"VP8L" if len(body) >= 5:
            bits = int.from_bytes(body[1:5], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 " if len(body) >= 10:
            width, height = struct.unpack_from("<HH", body, 6)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return 0, 0


def _extended_header(kind: bytes, body: bytes) -> bytes:
    width, height = _size(kind, body)
    alpha = _ALPHA_FLAG if kind == b"VP8L" and int.from_bytes(body[1:5], "little") >> 28 & 1 else 0
    return bytes([alpha, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _chunks(webp: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk inside the RIFF size. Raises Refused when the file is shorter than it says, or empty."""
    end = 8 + int.from_bytes(webp[4:8], "little")
    at = 12
    if end > len(webp) or end < at + 8:
        raise refused("picture_unreadable", container="WEBP")
    while at + 8 <= end:
        kind, length = _HEAD.unpack_from(webp, at)
        body = webp[at + 8 : at + 8 + length]
        if at + 8 + length > end or (kind == b"VP8X" and length < 10):
            raise refused("picture_unreadable", container="WEBP")
        yield kind, body
        at += 8 + length + (length & 1)


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    parts = [_HEAD.pack(kind, len(body)) + body + b"\0" * (len(body) & 1) for kind, body in chunks]
    return b"".join([b"RIFF", struct.pack("<I", 4 + sum(map(len, parts))), b"WEBP", *parts])
