"""PNG as chunks: read its facts, keep what makes the picture, add text. Never re-encodes.

Source: PNG specification, third edition, https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

from pixelstudio.imaging.exif import orientation_of
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import ICC_MAX_BYTES, PARTS_MAX, Structure

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD: Final = struct.Struct(">I4s")
_CRC: Final = struct.Struct(">I")
_HEADER_END: Final = 33  # signature and IHDR, which is always first and always 13 bytes
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_COLOUR: Final = frozenset({b"gAMA", b"cHRM", b"sRGB", b"cICP", b"iCCP"})
# libpng writes IDAT in pieces of 8 KB: a large picture has thousands, so they are bounded apart from all other chunks.
_DATA_CHUNKS_MAX: Final = 100_000


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of this kind, with its length and checksum."""
    return _HEAD.pack(len(body), kind) + body + _CRC.pack(zlib.crc32(body, zlib.crc32(kind)))


END: Final = chunk(b"IEND", b"")


def structure_of(png: bytes) -> Structure:
    """Facts from the chunks. Raises Refused when they are broken or too many."""
    width = height = others = data_chunks = 0
    orientation, icc, animated = 1, b"", False
    for kind, body, crc in _chunks(png):
        if kind in _PIXELS and zlib.crc32(body, zlib.crc32(kind)) != crc:
            raise refused("picture_unreadable", container="PNG")
        data_chunks += kind == b"IDAT"
        others += kind != b"IDAT"
        if others > PARTS_MAX or data_chunks > _DATA_CHUNKS_MAX:
            raise refused("picture_too_complex", container="PNG")
        match kind:
            case b"IHDR":
                width, height = struct.unpack_from(">II", body)
            case b"acTL":
                animated = True
            case b"eXIf":
                orientation = orientation_of(bytes(body))
            case b"iCCP":
                icc = _profile(bytes(body))
            case _:
                pass
    return Structure(width, height, animated, orientation, icc)


def written(width: int, height: int, rgb: bytes) -> bytes:
    """A PNG of pixels, 8 bits each of red, green and blue, row by row from the top; for whoever draws without Pillow."""
    stride = 3 * width
    rows = b"".join(b"\0" + rgb[start : start + stride] for start in range(0, stride * height, stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join([_SIGNATURE, chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), END])


def stripped(png: bytes, *, keep_profile: bool = True) -> bytes:
    """The same pixels without text, EXIF, time, unknown chunks and whatever follows the end."""
    kept = _PIXELS | (_COLOUR if keep_profile else _COLOUR - {b"iCCP"})
    parts = [part for kind, body, crc in _chunks(png) if kind in kept for part in (_HEAD.pack(len(body), kind), body, _CRC.pack(crc))]
    return b"".join([_SIGNATURE, *parts])


def around_pixels(png: bytes) -> tuple[bytes, bytes] | None:
    """What stands before the compressed pixels, and those; None where other chunks come between them or behind."""
    chunks = [(kind, body) for kind, body, _ in _chunks(png)]
    first = next((at for at, (kind, _) in enumerate(chunks) if kind == b"IDAT"), len(chunks))
    head = len(_SIGNATURE) + sum(len(body) + 12 for _, body in chunks[:first])
    if {kind for kind, _ in chunks[first:-1]} != {b"IDAT"}:
        return None
    return png[:head], b"".join(body for _, body in chunks[first:-1])


def with_texts(png: bytes, texts: dict[str, str]) -> bytes:
    """Add international text chunks right behind the header, where a reader of the first kilobytes finds them."""
    chunks = [chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8", "replace")) for key, text in texts.items()]
    return b"".join([png[:_HEADER_END], *chunks, png[_HEADER_END:]])


def text_of(png: bytes, key: str) -> str | None:
    """The uncompressed international text under a key."""
    start = key.encode("latin-1") + b"\0\0\0\0\0"
    for kind, body, _ in _chunks(png):
        if kind == b"iTXt" and bytes(body[: len(start)]) == start:
            return bytes(body[len(start) :]).decode("utf-8", "replace")
    return None


def _chunks(png: bytes) -> Iterator[tuple[bytes, memoryview, int]]:
    """Kind, body and checksum of each chunk up to and with IEND. Raises Refused when the file ends before it or begins otherwise."""
    view, at = memoryview(png), len(_SIGNATURE)
    while at + 12 <= len(png):
        length, kind = _HEAD.unpack_from(png, at)
        end = at + 12 + length
        if end > len(png) or (kind == b"IHDR") != (at == len(_SIGNATURE)) or (kind == b"IHDR" and length != 13):
            break
        yield kind, view[at + 8 : end - 4], int.from_bytes(view[end - 4 : end], "big")
        if kind == b"IEND":
            return
        at = end
    raise refused("picture_unreadable", container="PNG")


def _profile(body: bytes) -> bytes:
    """The colour profile, or nothing when it is broken or swells beyond the cap."""
    packed = body.partition(b"\0")[2][1:]
    reader = zlib.decompressobj()
    try:
        profile = reader.decompress(packed, ICC_MAX_BYTES)
    except zlib.error:
        return b""
    return profile if reader.eof else b""
