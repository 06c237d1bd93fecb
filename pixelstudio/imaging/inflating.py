"""A PNG read by two threads: one undoes the compression of its pixels, a piece ahead of the decoder, which undoes their filters.

The decoder is given the same file with its pixels stored instead of compressed. Source: RFC 1950, RFC 1951 (stored blocks) and the PNG
specification, third edition, https://www.w3.org/TR/png-3/. Imported only inside a child.
"""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from pixelstudio.imaging import png

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL_BYTES: Final = 64 * 1024  # is inflated before a second thread has begun
_PART_BYTES: Final = 96 * 1024
_PIECE_BYTES: Final = 1024 * 1024  # far more than a part of a photograph becomes: a small rest of each would be waited for by itself
_STORED_MAX: Final = 65_535
_STORED: Final = struct.Struct("<BHH")  # whether it is the last, its length, and that inverted
_HEADER: Final = struct.Struct(">IIBBxxB")
_HEADER_AT: Final = 16
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the colour type
_inflater: Final = ThreadPoolExecutor(1, thread_name_prefix="inflate")


def opened(data: bytes) -> io.BytesIO | Ahead:
    """A PNG whose chunks are whole -> a file of the same picture for a decoder, inflated ahead where that is worth a thread."""
    parts = png.around_pixels(data) if len(data) > SMALL_BYTES else None
    return Ahead(*parts) if parts else io.BytesIO(data)


class Ahead:
    """What stands before the pixels, then the pixels in stored blocks; as much of a file as a decoder needs.

    Raises OSError where the compressed bytes are damaged. Whoever stops reading leaves at most one piece inflated for nothing.
    """

    def __init__(self, head: bytes, compressed: bytes) -> None:
        self._pieces = _stored(compressed, _bytes_of_pixels(head))
        self._held = bytearray(head)
        self._from = 0  # where in the file `_held` begins
        self._place = 0
        self._coming = _inflater.submit(next, self._pieces, b"")

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, fewer only at the end."""
        while len(self._held) - self._place < size and self._grow():
            pass
        found = bytes(memoryview(self._held)[self._place : self._place + size])
        self._place += len(found)
        return found

    def tell(self) -> int:
        """The place in the file."""
        return self._from + self._place

    def seek(self, place: int, /) -> int:
        """Back to what is still held: the head, until the first pixels are read."""
        if not 0 <= place - self._from <= len(self._held):
            raise OSError("this file is read once")
        self._place = place - self._from
        return place

    def _grow(self) -> bool:
        try:
            piece = self._coming.result()
        except zlib.error as error:
            raise OSError("broken data stream") from error
        if piece:
            self._coming = _inflater.submit(next, self._pieces, b"")
        del self._held[: self._place]
        self._from, self._place = self._from + self._place, 0
        self._held += piece
        return bool(piece)


def _bytes_of_pixels(head: bytes) -> int:
    """How many bytes the pixels have at most, by the header: each row with its filter; interlaced, up to twice as many rows and their remainders."""
    width, height, bits, colour, interlaced = _HEADER.unpack_from(head, _HEADER_AT)
    row = 1 + (width * bits * _SAMPLES.get(colour, 4) + 7) // 8
    return height * row + (4 * height + 14 if interlaced else 0)


def _inflated(compressed: bytes, most: int) -> Iterator[bytes]:
    """Pieces, `most` bytes together: what swells beyond its header is not followed. Ends early, without its last, where the bytes do."""
    reader = zlib.decompressobj()
    unread = io.BytesIO(compressed)
    while most and not reader.eof:
        part = reader.unconsumed_tail or unread.read(_PART_BYTES)
        piece = reader.decompress(part, min(_PIECE_BYTES, most))
        if not (piece or part or reader.eof):
            raise EOFError
        if piece:
            most -= len(piece)
            yield piece


def _stored(compressed: bytes, most: int) -> Iterator[bytes]:
    """The chunks of pixels in stored blocks, and the end. Bytes that end too early have no last block here either."""
    checksum, blocks = zlib.adler32(b""), [b"\x78\x01"]
    try:
        for piece in _inflated(compressed, most):
            for at in range(0, len(piece), _STORED_MAX):
                block = piece[at : at + _STORED_MAX]
                blocks += [_STORED.pack(0, len(block), len(block) ^ 0xFFFF), block]
            checksum = zlib.adler32(piece, checksum)
            yield png.chunk(b"IDAT", b"".join(blocks))
            blocks = []
        blocks += [_STORED.pack(1, 0, 0xFFFF), checksum.to_bytes(4, "big")]
    except EOFError:
        pass
    yield png.chunk(b"IDAT", b"".join(blocks)) + png.END
