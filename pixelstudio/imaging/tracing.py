"""The tracing table: a logo or a mask of anybody's, drawn anew as a PNG of ours. Imported only inside a child."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops

from pixelstudio.core.errors import Invalid
from pixelstudio.core.limits import SIDE_DECODED_MAX
from pixelstudio.imaging.colours import to_srgb
from pixelstudio.imaging.decoding import decode
from pixelstudio.imaging.renditions import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    Steps = Iterator[tuple[dict[str, Any], list[bytes]]]


def logo(arguments: dict[str, Any], blobs: list[bytes]) -> Steps:
    """One step: foreign bytes as a PNG of at most `side` pixels. Raises Refused."""
    decoded = decode(blobs[0], SIDE_DECODED_MAX)
    yield _png(shrunk(to_srgb(decoded.picture, decoded.icc), arguments["side"]))


def mask(arguments: dict[str, Any], blobs: list[bytes]) -> Steps:
    """One step: foreign bytes as a PNG of one channel and of this size. Raises Refused, and `Invalid` for what is no such mask."""
    decoded = decode(blobs[0], SIDE_DECODED_MAX)
    if decoded.container != "PNG" or decoded.picture.size != (arguments["width"], arguments["height"]):
        sentence = f"A mask is a PNG of {arguments['width']} x {arguments['height']} pixels, as large as the picture it is for."
        raise Invalid(sentence, code="mask_size", field="mask")
    painted = to_srgb(decoded.picture, decoded.icc)
    red, *others = painted.getchannel("R"), painted.getchannel("G"), painted.getchannel("B")
    if painted.mode != "RGB" or any(ImageChops.difference(red, other).getbbox() for other in others):
        raise Invalid("A mask is grey: white is drawn anew, black is kept.", code="mask_colours", field="mask")
    if red.getbbox() is None:
        raise Invalid("Paint over what is to be drawn anew.", code="mask_empty", field="mask")
    yield _png(red)


def fitted(arguments: dict[str, Any], blobs: list[bytes]) -> Steps:
    """One step: a mask of ours at this size, grey with white for what is drawn anew, or with alpha and clear there."""
    grey = Image.open(io.BytesIO(blobs[0]), formats=("PNG",)).convert("L")
    size = (arguments["width"], arguments["height"])
    grey = grey if grey.size == size else grey.resize(size, Image.Resampling.BILINEAR)
    if arguments["form"] == "clear":
        kept = Image.new("RGBA", size)
        kept.putalpha(ImageChops.invert(grey))
        grey = kept
    yield _png(grey)


def _png(picture: Image.Image) -> tuple[dict[str, Any], list[bytes]]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"width": picture.width, "height": picture.height}, [out.getvalue()]
