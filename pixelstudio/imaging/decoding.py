"""Foreign bytes to upright pixels, within limits that are read from the headers first. Imported only inside a child.

The decoder sees only bytes that were stripped before, so it meets no text, no EXIF, no colour profile and no tail.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO, Final, cast

from PIL import AvifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from pixelstudio.core.limits import PIXELS_MAX, RATIO_MAX, SIDE_DECODED_MAX, UPLOAD_MAX_BYTES
from pixelstudio.imaging import inflating, jpeg, png, webp
from pixelstudio.imaging.colours import is_usable
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import Container, Structure, container_of

Image.MAX_IMAGE_PIXELS = PIXELS_MAX
warnings.simplefilter("error", Image.DecompressionBombWarning)

# naming the plug-ins here loads these four and spares the search through forty others
PLUGINS: Final = (PngImagePlugin, JpegImagePlugin, WebPImagePlugin, AvifImagePlugin)

# what Pillow, its libraries and its plug-ins raise on damaged bytes
_DAMAGE: Final = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError),
    *(RuntimeError, SyntaxError, TypeError, ValueError, struct.error),
)

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION: Final = 0x0112


@dataclass(frozen=True, slots=True)
class Decoded:
    """A loaded picture, turned upright and still in the colours of its file; `clean` are its bytes without metadata.

    `picture` is complete when `is_turned`; otherwise a JPEG may have been decoded at a fraction of `width` × `height`. `clean` is
    empty when the container cannot be kept: the picture must then be written anew.
    """

    picture: Image.Image
    container: Container
    clean: bytes
    icc: bytes
    width: int
    height: int
    is_turned: bool


def decode(data: bytes, wanted_side: int) -> Decoded:
    """PNG, JPEG, WebP or AVIF bytes -> a loaded picture of at least `wanted_side` pixels on its long side, or all it has.

    Raises Refused for what is too large, moves, is damaged or no picture.
    """
    if len(data) > UPLOAD_MAX_BYTES:
        raise refused("picture_too_many_bytes", size=len(data))
    container = container_of(data)
    if container is None:
        raise refused("picture_format")
    try:
        return _decode(data, container, wanted_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refused("picture_too_large", container=container) from error
    except _DAMAGE as error:
        raise refused("picture_unreadable", container=container) from error


def _decode(data: bytes, container: Container, wanted_side: int) -> Decoded:
    structure = _structure_of(data, container)
    _check(structure)
    bare = _stripped(data, container, keep_profile=False)
    file = inflating.opened(bare) if container == "PNG" else io.BytesIO(bare or data)
    picture = Image.open(cast("IO[bytes]", file), formats=(container,))
    icc, orientation = structure.icc, structure.orientation
    if container == "AVIF":  # libavif reads the headers; nothing is decoded before `load`
        _check(Structure(*picture.size, is_animated=getattr(picture, "n_frames", 1) > 1))
        icc = picture.info.get("icc_profile") or b""
        orientation = int(picture.getexif().get(_ORIENTATION, 1))
    is_turned = orientation in _TURNS
    size = picture.size
    if container == "JPEG" and not is_turned:
        picture.draft(picture.mode, (wanted_side, wanted_side))
    picture.load()
    if is_turned:
        picture = picture.transpose(_TURNS[orientation])
        size = picture.size
    if not icc or not is_usable(icc, picture.mode):
        return Decoded(picture, container, bare, b"", *size, is_turned)
    return Decoded(picture, container, _stripped(data, container, keep_profile=True), icc, *size, is_turned)


def _structure_of(data: bytes, container: Container) -> Structure:
    match container:
        case "PNG":
            return png.structure_of(data)
        case "JPEG":
            return jpeg.structure_of(data)
        case "WEBP":
            return webp.structure_of(data)
        case "AVIF":
            return Structure(1, 1, is_animated=data[8:12] == b"avis")


def _stripped(data: bytes, container: Container, *, keep_profile: bool) -> bytes:
    """The bytes without metadata; nothing for AVIF, whose boxes point at each other by offset."""
    match container:
        case "PNG":
            return png.stripped(data, keep_profile=keep_profile)
        case "JPEG":
            return jpeg.stripped(data, keep_profile=keep_profile)
        case "WEBP":
            return webp.stripped(data, keep_profile=keep_profile)
        case "AVIF":
            return b""


def _check(structure: Structure) -> None:
    short, long = sorted((structure.width, structure.height))
    if structure.is_animated:
        raise refused("picture_animated")
    if short < 1:
        raise refused("picture_unreadable")
    if long > SIDE_DECODED_MAX or short * long > PIXELS_MAX or long > RATIO_MAX * short:
        raise refused("picture_too_large", width=structure.width, height=structure.height)
