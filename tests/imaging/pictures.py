"""Pictures for tests: pleasant ones, and hostile ones made by recipe."""

import io
import struct
import zlib
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from pixelstudio.imaging.recipe import Recipe

RECIPE = Recipe(
    prompt="ein Löwe im Schnee, “quoted” & <tagged> ]]> 🦁",
    negative_prompt='blur, "text"',
    model="sketch-paper",
    provider="sketch",
    seed=2**32 - 1,
    width=512,
    height=512,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    steps=28,
    guidance=4.5,
)


def frames_of(shown):
    """How many frames an opened picture has."""
    return getattr(shown, "n_frames", 1)


def a_picture(width=64, height=48, mode="RGB"):
    """A gradient with a bright corner at the top left, so that turning shows."""
    sums = (255 * np.arange(width + height) // (width + height)).astype(np.uint8)
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:, :, 0] = across = (255 * np.arange(width) // width).astype(np.uint8)
    pixels[:, :, 1] = (255 * np.arange(height) // height).astype(np.uint8)[:, np.newaxis]
    pixels[:, :, 2] = np.lib.stride_tricks.sliding_window_view(sums, width)[:height]
    picture = Image.fromarray(pixels)
    picture.paste((255, 0, 0), (0, 0, max(1, width // 4), max(1, height // 4)))
    if mode == "RGBA":
        picture.putalpha(Image.fromarray(np.ascontiguousarray(np.broadcast_to(across, (height, width)))))
        return picture
    return picture.convert(mode)


def encoded(picture, container, **options):
    out = io.BytesIO()
    picture.save(out, container, **options)
    return out.getvalue()


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of_size(width, height):
    """A header that promises much before a few bytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(bytes(1_000))), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_with_chunks(*chunks):
    png = encoded(a_picture(), "PNG")
    return png[:33] + b"".join(png_chunk(kind, body) for kind, body in chunks) + png[33:]


def jpeg_with_size_patched(width, height):
    """64x48 pixels of data under a frame header that claims more."""
    jpeg = encoded(a_picture(), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def jpeg_with_scans(count):
    """The last scan of a progressive JPEG, over and over: each costs a walk over all pixels."""
    jpeg = encoded(a_picture(), "JPEG", progressive=True)
    at = jpeg.rindex(b"\xff\xda")
    return jpeg[:at] + jpeg[at:-2] * count + jpeg[-2:]


def jpeg_with_segment(marker, body):
    jpeg = encoded(a_picture(), "JPEG")
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def webp_bomb():
    """A lossless picture of one colour, its size patched to 13,000 x 13,000: a few bytes that unfold to 676 MB."""
    webp = bytearray(encoded(Image.new("RGB", (64, 64)), "WEBP", lossless=True))
    at = webp.index(b"VP8L") + 9
    bits = int.from_bytes(webp[at : at + 4], "little") & ~0xFFFFFFF
    webp[at : at + 4] = (bits | 12_999 | 12_999 << 14).to_bytes(4, "little")
    return bytes(webp)


def avif_with_size_patched(width, height):
    """64x48 pixels of data in a box that claims more."""
    avif = encoded(a_picture(), "AVIF")
    at = avif.index(b"ispe") + 8
    return avif[:at] + struct.pack(">II", width, height) + avif[at + 8 :]


def animated(container):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], container, save_all=True, append_images=frames[1:], duration=100)


def exif(orientation=1, *, with_place=False):
    """EXIF with a camera's chatter, and where it was taken."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010E] = "<script>alert(1)</script>"
    block[0x013B] = "Jane Photographer"
    if with_place:
        block.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0), 29: "2026:01:02"})
    return block.tobytes()


@lru_cache
def srgb_profile():
    """One and the same each time: a profile carries the second it was made in."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile():
    """sRGB with the red and blue primaries exchanged: through it, red must become blue."""
    profile = srgb_profile()
    exchanged = profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    return exchanged.replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be"))
