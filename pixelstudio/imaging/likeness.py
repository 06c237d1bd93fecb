"""What a picture looks like, as its fingerprint and its look. Imported only inside a child."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pixelstudio.imaging.colours import to_srgb
from pixelstudio.imaging.decoding import decode
from pixelstudio.imaging.fingerprints import FLAT
from pixelstudio.imaging.looks import COLOURS, HUE_RANGE
from pixelstudio.imaging.looks import SIDE as CELLS
from pixelstudio.imaging.recipe import content_of, read
from pixelstudio.imaging.renditions import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PIL import Image

SIDE: Final = 32
LOOKED_AT_SIDE: Final = 256
_LOW: Final = 8
_CONTRAST_MIN: Final = 2.0
_SEEN_SIDE: Final = 64
_COARSE: Final = 24
"""Steps of `looks` that are one at first: pixels are counted by such cubes, and the fullest become colours."""
_CUBES: Final = 256 // _COARSE + 1
_SAME_WITHIN: Final = 28.0
"""Steps: what is nearer to a colour of the picture is that colour."""
_TO_CONES: Final = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
_TO_OKLAB: Final = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)

_places: Final = np.arange(SIDE)
_COSINES: Final = np.cos(np.pi * (2 * _places[None, :] + 1) * _places[:, None] / (2 * SIDE))


def fingerprint(picture: Image.Image) -> int:
    """Any mode, any size -> 64 bits, or `FLAT`."""
    grey = np.asarray(picture.convert("RGBA").convert("L").resize((SIDE, SIDE)), np.float64)
    if grey.std() < _CONTRAST_MIN:
        return FLAT
    low = (_COSINES @ grey @ _COSINES.T)[:_LOW, 1 : _LOW + 1].ravel()
    above = low > np.median(low)
    return int(np.packbits(above).tobytes().hex(), 16)


def look_of(picture: Image.Image) -> bytes:
    """Any mode, any size -> its look, 52 to 68 bytes; see `looks`."""
    small = picture.convert("RGBA").convert("RGB").resize((_SEEN_SIDE, _SEEN_SIDE))
    steps = _in_steps(np.asarray(small, np.float64) / 255)
    block = _SEEN_SIDE // CELLS
    layout = steps.reshape(CELLS, block, CELLS, block, 3).mean(axis=(1, 3))
    return layout.round().astype(np.uint8).tobytes() + _own_colours(steps.reshape(-1, 3))


def _in_steps(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """... x 3 of sRGB, 0 to 1 -> the same of OKLab, 0 to 255."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    oklab = np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T
    return (255 * np.stack([oklab[..., 0], oklab[..., 1] / HUE_RANGE + 0.5, oklab[..., 2] / HUE_RANGE + 0.5], axis=-1)).clip(0, 255)


def _own_colours(pixels: NDArray[np.float64]) -> bytes:
    """The colours a picture is made of with their shares, the largest first."""
    cubes = (pixels // _COARSE).astype(np.int64) @ np.array([_CUBES * _CUBES, _CUBES, 1])
    counts = np.bincount(cubes, minlength=1)
    sums = np.stack([np.bincount(cubes, pixels[:, axis]) for axis in range(3)], axis=-1)
    colours: list[list[float]] = []
    for at in np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]:
        mean, count = sums[at] / counts[at], float(counts[at])
        gaps = [float(np.linalg.norm(mean - np.array(colour[:3]))) for colour in colours]
        nearest = int(np.argmin(gaps)) if gaps else 0
        if not gaps or (gaps[nearest] > _SAME_WITHIN and len(colours) < COLOURS):
            colours.append([*mean.tolist(), count])
        elif gaps[nearest] <= _SAME_WITHIN:
            colours[nearest][3] += count
    colours.sort(key=lambda colour: -colour[3])
    return b"".join(bytes([*(round(part) for part in colour[:3]), max(1, round(255 * colour[3] / len(pixels)))]) for colour in colours)


def looking(_arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """One step: the recipe in a file, its content digest, fingerprint, look and size. Raises Refused for what is no picture."""
    decoded = decode(blobs[0], LOOKED_AT_SIDE)
    found = read(blobs[0])
    upright = to_srgb(shrunk(decoded.picture, LOOKED_AT_SIDE), decoded.icc)
    facts = {"recipe": found.to_json() if found else None, "content": content_of(blobs[0]), "fingerprint": f"{fingerprint(upright):016x}"}
    facts["look"] = base64.b64encode(look_of(upright)).decode()
    yield {**facts, "width": decoded.width, "height": decoded.height}, []
