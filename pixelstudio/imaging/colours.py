"""From the colours of a file to sRGB, eight bits a channel. Imported only inside a child."""

from __future__ import annotations

import io
from typing import Any, Final, cast

import numpy as np
from PIL import Image, ImageCms

_cms: Final = cast("Any", ImageCms)  # Pillow leaves the colour engine half typed

# the mode after `_to_bytes_per_channel`, and how an ICC header names its colours
_SPACES: Final = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}
_BECOMES: Final = {"1": "L", "I;16": "L", "F": "L", "P": "RGB", "RGBA": "RGB", "YCbCr": "RGB"}


def is_usable(icc: bytes, mode: str) -> bool:
    """Whether the profile can be read and speaks of the colours that a picture of this mode has."""
    try:
        space = _cms.ImageCmsProfile(io.BytesIO(icc)).profile.xcolor_space
    except (OSError, TypeError, ValueError):
        return False
    return space == _SPACES.get(_BECOMES.get(mode, mode))


def to_srgb(picture: Image.Image, icc: bytes) -> Image.Image:
    """Any mode a decoder gives, with its usable profile or none -> RGB, or RGBA where something is see-through. Same size.

    16-bit and float greys are scaled, not clipped as Pillow's own conversion would do.
    """
    picture = _to_bytes_per_channel(picture)
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    if alpha is not None and alpha.getextrema() == (255, 255):
        alpha = None
    colours = picture.convert("RGB") if picture.mode == "RGBA" else picture
    if icc:
        colours = _through_profile(colours, icc)
    if colours.mode != "RGB":
        colours = colours.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    colours.info.clear()
    return colours


def _to_bytes_per_channel(picture: Image.Image) -> Image.Image:
    """Any mode -> L, RGB, RGBA or CMYK."""
    if picture.mode.startswith("I"):
        values = np.asarray(picture).astype(np.int64).clip(0, 65_535)
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if picture.mode == "F":
        return Image.fromarray((np.nan_to_num(np.asarray(picture)).clip(0, 1) * 255 + 0.5).astype(np.uint8))
    if "transparency" in picture.info or picture.mode in {"LA", "PA", "La", "RGBa"}:
        return picture.convert("RGBA")
    if picture.mode in {"L", "RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _through_profile(colours: Image.Image, icc: bytes) -> Image.Image:
    profile = _cms.ImageCmsProfile(io.BytesIO(icc))
    if _cms.getProfileDescription(profile).startswith("sRGB"):
        return colours
    if profile.profile.xcolor_space != _SPACES.get(colours.mode):  # a grey profile on a picture that became RGB
        return colours
    try:
        target = _cms.createProfile("sRGB")
        return _cms.profileToProfile(colours, profile, target, _cms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB")
    except _cms.PyCMSError:  # readable, but without the tables a conversion needs
        return colours
