"""Stencils: what people bring for making other pictures, a logo or a mask, made anew from their bytes by a child (`tracing`)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

from pixelstudio.core.limits import SIDE_DECODED_MAX, UPLOAD_KEPT_MAX_BYTES
from pixelstudio.imaging.children import ChildDied, ChildLimit
from pixelstudio.imaging.ingest import Encoded
from pixelstudio.imaging.refusal import refused

if TYPE_CHECKING:
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.imaging.frames import Facts

MaskForm = Literal["white", "clear"]
"""How a mask says what is drawn anew: white in a grey PNG, or transparent in one with alpha."""

LOGO_SIDE: Final = 1024
WALL_S: Final = 8.0
_PNG: Final = b"\x89PNG\r\n\x1a\n"


async def logo_of(pool: ChildPool, data: bytes) -> Encoded:
    """PNG, JPEG, WebP or AVIF bytes of anybody -> a PNG of at most `LOGO_SIDE` pixels, RGB or RGBA, and nothing else of them.

    Raises Refused when the picture is at fault, and what the pool raises when its child cannot cope.
    """
    return await _traced(pool, "logo", {"side": LOGO_SIDE}, data)


async def mask_of(pool: ChildPool, data: bytes, width: int, height: int) -> Encoded:
    """PNG bytes of anybody, grey and of exactly this size -> the same as a PNG of one channel: white is drawn anew, black is kept.

    Raises Refused when the picture is at fault, `Invalid` when it is no mask of this size, or covers nothing.
    """
    return await _traced(pool, "mask", {"width": width, "height": height}, data)


async def mask_in_form(pool: ChildPool, mask: bytes, form: MaskForm, width: int, height: int) -> bytes:
    """A mask of ours as large as the picture that goes with it, in the form its reader expects. Safe to repeat."""
    return (await _traced(pool, "fitted", {"form": form, "width": width, "height": height}, mask)).data


async def _traced(pool: ChildPool, what: str, arguments: Facts, data: bytes) -> Encoded:
    try:
        step = await pool.call(f"pixelstudio.imaging.tracing:{what}", arguments, [data], urgent=True, wall_s=WALL_S)
    except ChildLimit as error:
        raise refused("picture_too_complex", limit=str(error.fields.get("limit"))) from error
    # The child has held hostile bytes: what it says is checked like theirs.
    width, height = _side(step.facts.get("width")), _side(step.facts.get("height"))
    traced = step.blobs[0] if len(step.blobs) == 1 else b""
    if not (width and height and traced.startswith(_PNG) and len(traced) <= 2 * UPLOAD_KEPT_MAX_BYTES):
        raise ChildDied("The picture workshop answered in a way it should not; try again.")
    return Encoded(traced, "image/png", width, height, hashlib.sha256(traced).hexdigest())


def _side(said: object) -> int:
    return said if isinstance(said, int) and 0 < said <= SIDE_DECODED_MAX else 0
