"""From linear light to pixels: vignette, gentle tone curve, sRGB, grain; and the small preview and the file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from pixelstudio.providers.sketch.canvas import Canvas
    from pixelstudio.providers.sketch.colour import Floats

Pixels = NDArray[np.uint8]

PREVIEW_SIDE_PX = 384
PREVIEW_BYTES_MAX = 20 * 1024


def developed(canvas: Canvas, rng: np.random.Generator, *, vignette: float = 0.10, grain: float = 1.0) -> Pixels:
    """RGB, canvas size. `grain` is a standard deviation of about that many 8-bit levels; it also hides every band."""
    out = np.empty((canvas.height, canvas.width, 3), np.uint8)
    fall = _vignette(canvas.height, canvas.width, vignette)
    shared = _grain(canvas.height, canvas.width, rng, grain)
    for channel, plane in enumerate(canvas.planes):
        levels = _levels(plane * fall)
        levels += shared
        out[..., channel] = _rounded(levels)
    return out


def previewed(canvas: Canvas, *, vignette: float = 0.10, side: int = PREVIEW_SIDE_PX) -> Pixels:
    """RGB, long side at most `side`: the canvas as it stands now, graded like the end but without grain."""
    scale = min(1.0, side / max(canvas.width, canvas.height))
    width, height = max(1, round(canvas.width * scale)), max(1, round(canvas.height * scale))
    fall = _vignette(height, width, vignette)
    out = np.empty((height, width, 3), np.uint8)
    for channel, plane in enumerate(canvas.planes):
        small: Floats = np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA), np.float32)
        out[..., channel] = _rounded(_levels(small * fall))
    return out


def webp(pixels: Pixels) -> bytes:
    """A preview file of at most 20 KB: the time to write it gives way first, then its quality."""
    for quality, method in ((60, 0), (45, 2), (30, 2), (15, 2), (3, 2)):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "WEBP", quality=quality, method=method)
        if file.tell() <= PREVIEW_BYTES_MAX:
            break
    return file.getvalue()


def png(pixels: Pixels) -> bytes:
    """The final file. Level 2 with the Up filter: a third faster than the default and as small, because the grain rules the size."""
    options = [cv2.IMWRITE_PNG_COMPRESSION, 2, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]
    _, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return data.tobytes()


def _vignette(height: int, width: int, strength: float) -> Floats:
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    radius = x * x + y * y
    radius *= radius
    radius *= np.float32(-strength / 2)
    radius += 1
    return radius


def _grain(height: int, width: int, rng: np.random.Generator, strength: float) -> Floats:
    fine = rng.standard_normal((height, width), dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(fine, (0, 0), 0.5) * np.float32(strength * 1.5), np.float32)


def _levels(linear: Floats) -> Floats:
    """Linear light -> 0..255 in sRGB, highlights rolled off above 0.8 instead of cut."""
    np.maximum(linear, 0, out=linear)
    over = np.maximum(linear - np.float32(0.8), 0)
    linear -= over
    linear += over / (1 + over * np.float32(5.0))
    toe = linear * np.float32(12.92 * 255)
    levels = cv2.pow(linear, 1 / 2.4)
    levels *= np.float32(1.055 * 255)
    levels -= np.float32(0.055 * 255)
    return np.maximum(levels, np.minimum(toe, np.float32(10.3)), out=np.asarray(levels, np.float32))


def _rounded(levels: Floats) -> Pixels:
    return cv2.convertScaleAbs(np.clip(levels, 0, 255)).astype(np.uint8)
