"""The hostile corpus: every kind of hostile file we know of, made by recipe, with the verdict it must get.

Bombs are real: unpacked by a naive decoder each would take what its comment says. They are made without being unpacked here either.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from tests.imaging import pictures
from tests.imaging.pictures import a_picture, encoded, png_chunk, png_with_chunks

TAKEN = "taken"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Specimen:
    """`verdict` is a refusal's code, or TAKEN; then no byte of `foreign` may be in what is kept."""

    make: Callable[[], bytes]
    verdict: str
    foreign: bytes = b""


@lru_cache(maxsize=1)
def _block_of_zeros():
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(bytes(MEGABYTE)) + squeeze.flush(zlib.Z_FULL_FLUSH)


def zeros_deflated(count):
    """The zlib stream of `count` zeros in whole megabytes, without ever holding them."""
    blocks = -(-count // MEGABYTE)
    total = blocks * MEGABYTE
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return b"\x78\xda" + _block_of_zeros() * blocks + end + struct.pack(">I", (total % 65_521) << 16 | 1)


def png(width, height, *, bits=8, colour=6, rows=b""):
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = png_chunk(b"IDAT", rows or zeros_deflated(MEGABYTE))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + data + png_chunk(b"IEND", b"")


def png_of_zeros(side, *, bits=8, colour=6):
    """Every pixel is there: nothing but its size speaks against it."""
    bytes_per_pixel = {6: 4, 0: 1}[colour] * bits / 8
    return png(side, side, bits=bits, colour=colour, rows=zeros_deflated(int(side * (1 + side * bytes_per_pixel))))


def ico_with(data):
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(data), 22) + data


def webp_claiming(side):
    webp = bytearray(encoded(Image.new("RGB", (64, 64)), "WEBP", lossless=True))
    at = webp.index(b"VP8L") + 9
    bits = int.from_bytes(webp[at : at + 4], "little") & ~0xFFFFFFF
    webp[at : at + 4] = (bits | (side - 1) | (side - 1) << 14).to_bytes(4, "little")
    return bytes(webp)


def frames(container, count):
    drawn = [Image.new("RGB", (16, 16), (number % 256, number // 256, 90)) for number in range(count)]
    return encoded(drawn[0], container, save_all=True, append_images=drawn[1:], duration=40)


def gif_of_many_frames(count):
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 4_000, 4_000, 0x80, 0, 0) + bytes(6) + frame * count + b"\x3b"


def ramp_of_16_bits():
    return Image.fromarray(np.linspace(0, 65_535, 64 * 64).reshape(64, 64).astype(np.uint16))


def jpeg():
    return encoded(a_picture(), "JPEG")


def plain_png():
    return encoded(a_picture(), "PNG")


CORPUS = {
    # pictures whose header promises more than anybody should unpack
    "webp 13000 in 34 bytes": Specimen(lambda: webp_claiming(13_000), "picture_too_large"),  # 2.6 GB
    "webp 16383": Specimen(lambda: webp_claiming(16_383), "picture_too_large"),
    "avif 12000": Specimen(lambda: pictures.avif_with_size_patched(12_000, 12_000), "picture_too_large"),  # 1.4 GB
    "jpeg 13000 patched": Specimen(lambda: pictures.jpeg_with_size_patched(13_000, 13_000), "picture_too_large"),  # 1.3 GB
    "jpeg 65500": Specimen(lambda: pictures.jpeg_with_size_patched(65_500, 65_500), "picture_too_large"),
    "png 13000 zeros": Specimen(lambda: png_of_zeros(13_000), "picture_too_large"),  # 1.3 GB
    "png 9400 of 16 bits": Specimen(lambda: png_of_zeros(9_400, bits=16), "picture_too_large"),  # 0.7 GB
    "png 30000": Specimen(lambda: png(30_000, 30_000), "picture_too_large"),
    "png 50000 of 1 bit": Specimen(lambda: png(50_000, 50_000, bits=1, colour=0), "picture_too_large"),
    "png 2 to the 31": Specimen(lambda: png(2**31 - 1, 2**31 - 1), "picture_too_large"),
    "png of a single row": Specimen(lambda: png(5_000_000, 1), "picture_too_large"),
    "png of a single column": Specimen(lambda: png(1, 5_000_000), "picture_too_large"),
    "ico with a png bomb": Specimen(lambda: ico_with(png_of_zeros(13_000)), "picture_format"),
    "gif 65535": Specimen(lambda: b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";", "picture_format"),
    "tiff deflated": Specimen(lambda: encoded(a_picture(512, 512), "TIFF", compression="tiff_deflate"), "picture_format"),
    # what a small machine cannot do, though the bounds allow it
    "png just within the bounds": Specimen(lambda: png_of_zeros(8_000, bits=16), TAKEN),  # 1 GB
    # work without end
    "jpeg of 5000 scans": Specimen(lambda: pictures.jpeg_with_scans(5_000), "picture_too_complex"),  # 12.7 s of CPU
    "png of 200000 texts": Specimen(lambda: png_with_chunks(*[(b"tEXt", b"a\0b")] * 200_000), "picture_too_complex"),
    "png text of 100 MB": Specimen(lambda: png_with_chunks((b"zTXt", b"a\0\0" + zeros_deflated(100 * MEGABYTE))), TAKEN),
    "png 120 texts of 1 MB": Specimen(lambda: png_with_chunks(*[(b"zTXt", b"a\0\0" + zeros_deflated(MEGABYTE))] * 120), TAKEN),
    "png profile of 300 MB": Specimen(lambda: png_with_chunks((b"iCCP", b"x\0\0" + zeros_deflated(300 * MEGABYTE))), TAKEN),
    # films
    "gif of 20000 frames": Specimen(lambda: gif_of_many_frames(20_000), "picture_format"),
    "apng of 400 frames": Specimen(lambda: frames("PNG", 400), "picture_animated"),
    "webp of 600 frames": Specimen(lambda: frames("WEBP", 600), "picture_animated"),
    "avif that moves": Specimen(lambda: pictures.animated("AVIF"), "picture_animated"),
    "tiff of many pages": Specimen(lambda: frames("TIFF", 300), "picture_format"),
    # other kinds under a picture's name
    "eps": Specimen(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file", "picture_format"),
    "bmp": Specimen(lambda: encoded(a_picture(), "BMP"), "picture_format"),
    "pcx": Specimen(lambda: encoded(a_picture(), "PCX"), "picture_format"),
    "tga": Specimen(lambda: encoded(a_picture(), "TGA"), "picture_format"),
    "svg": Specimen(lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture_format"),
    "mvg": Specimen(lambda: b"push graphic-context\nfill 'url(https://127.0.0.1/x|id)'\npop graphic-context", "picture_format"),
    "pdf": Specimen(lambda: b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", "picture_format"),
    "html": Specimen(lambda: b"<!doctype html><img src=x onerror=alert(1)>", "picture_format"),
    "gif and script": Specimen(lambda: b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", "picture_format"),
    "eicar alone": Specimen(lambda: EICAR, "picture_format"),
    # no picture at all, or half of one
    "nothing": Specimen(lambda: b"", "picture_format"),
    "one byte": Specimen(lambda: b"\x89", "picture_format"),
    "png magic alone": Specimen(lambda: b"\x89PNG\r\n\x1a\n", "picture_unreadable"),
    "jpeg magic alone": Specimen(lambda: b"\xff\xd8\xff", "picture_unreadable"),
    "webp magic alone": Specimen(lambda: b"RIFF\x04\0\0\0WEBP", "picture_unreadable"),
    "png with a wrong checksum": Specimen(lambda: plain_png()[:-13] + b"\0" + plain_png()[-12:], "picture_unreadable"),
    "png cut off": Specimen(lambda: encoded(a_picture(300, 200), "PNG")[:400], "picture_unreadable"),
    "jpeg cut off": Specimen(lambda: encoded(a_picture(300, 200), "JPEG")[:2_000], "picture_unreadable"),
    "png of too few pixels": Specimen(lambda: png(1_000, 1_000, rows=zlib.compress(bytes(1_000))), "picture_unreadable"),
    # sound pictures with something in tow: the pixels are kept and nothing else
    "jpeg and zip": Specimen(lambda: jpeg() + b"PK\3\4evil.exe" * 9, TAKEN, b"PK\3\4"),
    "png and html": Specimen(lambda: plain_png() + b"<html><script>alert(1)</script>", TAKEN, b"<script>"),
    "png and eicar": Specimen(lambda: plain_png() + EICAR, TAKEN, b"EICAR"),
    "jpeg and 10 MB": Specimen(lambda: jpeg() + b"tail" * 2_500_000, TAKEN, b"tailtail"),
    "jpeg with everything": Specimen(lambda: encoded(a_picture(), "JPEG", exif=pictures.exif(6, with_place=True)), TAKEN, b"Jane"),
    "jpeg with a maker note": Specimen(lambda: pictures.jpeg_with_segment(0xE1, b"Exif\0\0" + b"maker" * 12_000), TAKEN, b"makermaker"),
    "jpeg with an entity bomb": Specimen(
        lambda: pictures.jpeg_with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY lol '&lol;&lol;'>]>"),
        TAKEN,
        b"ENTITY",
    ),
    "jpeg with code in its comment": Specimen(lambda: pictures.jpeg_with_segment(0xFE, b"<?php system('id') ?>"), TAKEN, b"<?php"),
    "jpeg with a broken profile": Specimen(lambda: encoded(a_picture(), "JPEG", icc_profile=b"no profile" * 99), TAKEN, b"no profile"),
    "png with a profile of 2 MB": Specimen(lambda: encoded(a_picture(), "PNG", icc_profile=b"no profile" * 200_000), TAKEN),
    # sound pictures of unusual kinds
    "jpeg of four inks": Specimen(lambda: encoded(a_picture(mode="CMYK"), "JPEG"), TAKEN),
    "png grey and see-through": Specimen(lambda: encoded(a_picture(mode="LA"), "PNG"), TAKEN),
    "png of a palette": Specimen(lambda: encoded(a_picture(mode="P"), "PNG", transparency=0), TAKEN),
    "png of 1 bit": Specimen(lambda: encoded(a_picture(mode="1"), "PNG"), TAKEN),
    "png of 16 bits": Specimen(lambda: encoded(ramp_of_16_bits(), "PNG"), TAKEN),
}
