"""What the stand-in draws: plain pictures from words and size, earlier stages of them, and pictures nobody should decode."""

from __future__ import annotations

import colorsys
import hashlib
import io
import random
import struct
import zlib
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

QUICKLY: dict[str, dict[str, int]] = {"png": {"compress_level": 1}, "webp": {"method": 0}}
"""How a file is written: nobody keeps it."""


@lru_cache(maxsize=64)
def drawn(words: str, width: int, height: int, stage: float, container: str) -> bytes:
    """Hills and discs in colours of the words; `stage` 0..1 is how far it has come, below 1 it is blurred."""
    dice = random.Random(hashlib.sha256(words.encode()).digest())
    hue = dice.random()
    shown = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(shown)
    for row in range(height):
        pen.line([(0, row), (width, row)], fill=_rgb(int(255 * hue), 90 + 60 * row // height, 235 - 90 * row // height))
    for number in range(9):
        size = dice.uniform(0.08, 0.36) * min(width, height)
        left, top = dice.uniform(-0.1, 0.95) * width, dice.uniform(-0.1, 0.95) * height
        colour = (int(255 * (hue + 0.08 * number + dice.uniform(0, 0.15))) % 256, dice.randrange(110, 220), dice.randrange(150, 250))
        pen.ellipse([left, top, left + size, top + size], fill=_rgb(*colour))
    pen.text((16, height - 28), "stand-in: no model drew this", fill=(255, 255, 255))
    if stage < 1:
        coarse = shown.reduce(4).filter(ImageFilter.GaussianBlur((1 - stage) * min(width, height) / 14 / 4))
        shown = coarse.resize((width, height), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    shown.save(out, {"jpg": "JPEG"}.get(container, container.upper()), **QUICKLY.get(container, {}))
    return out.getvalue()


def _rgb(hue: int, saturation: int, value: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue / 255, saturation / 255, value / 255)
    return round(255 * red), round(255 * green), round(255 * blue)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *, bits: int = 8, rows: bytes = b"\0" * 64) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, 2 if bits == 8 else 0, 0, 0, 0)
    chunks = _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", zlib.compress(rows)) + _png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _plain(container: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (40, 90, 160)).save(out, container, **options)
    return out.getvalue()


def _webp_claiming(side: int) -> bytes:
    """A lossless WebP of one colour whose header says `side` x `side`: 34 bytes that decode to gigabytes."""
    data = bytearray(_plain("WEBP", lossless=True))
    start = data.index(b"VP8L") + 9
    (bits,) = struct.unpack_from("<I", data, start)
    struct.pack_into("<I", data, start, (bits & ~0x0FFFFFFF) | (side - 1) | (side - 1) << 14)
    return bytes(data)


def _jpeg_claiming(side: int) -> bytes:
    data = bytearray(_plain("JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, side, side)
    return bytes(data)


def _animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (number * 25, 90, 160)) for number in range(8)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=40)
    return out.getvalue()


def _gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (64, 64)).save(out, "GIF")
    return out.getvalue()


def _noise() -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (1024, 1024), random.Random(7).randbytes(3 * 1024 * 1024)).save(out, "PNG", compress_level=0)
    return out.getvalue()


HOSTILE = {
    "empty": lambda: b"",
    "text": lambda: b"this is not a picture",
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gif": _gif,
    "truncated": lambda: drawn("cut", 1024, 1024, 1.0, "png")[:4000],
    "webp_bomb": lambda: _webp_claiming(13_000),
    "jpeg_bomb": lambda: _jpeg_claiming(13_000),
    "png_bomb": lambda: _png(50_000, 50_000, bits=1),
    "png_endless": lambda: _png(2**31 - 1, 2**31 - 1),
    "png_strip": lambda: _png(1, 5_000_000),
    "animated": _animated,
}
"""Name -> bytes; none of them is a picture to be shown."""
UNUSUAL = {"noise": _noise, "small": lambda: drawn("small", 64, 64, 1.0, "png")}
"""Name -> bytes of pictures that are sound: `noise` is as large as one of its size can be, `small` for whoever does not look at it."""


@lru_cache(maxsize=4)
def foreign(name: str) -> bytes:
    """A picture by its name in `HOSTILE` or `UNUSUAL`, or in the corpus of the picture tests, where some are sound."""
    if (make := (HOSTILE | UNUSUAL).get(name)) is not None:
        return make()
    from tests.imaging.corpus import CORPUS  # what most users of the stand-in never need

    return CORPUS[name].make()
