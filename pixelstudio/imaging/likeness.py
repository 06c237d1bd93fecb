"""What a picture looks like, as its fingerprint. Imported only inside a child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pixelstudio.imaging.colours import to_srgb
from pixelstudio.imaging.decoding import decode
from pixelstudio.imaging.fingerprints import FLAT
from pixelstudio.imaging.recipe import content_of, read
from pixelstudio.imaging.renditions import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

SIDE: Final = 32
LOOKED_AT_SIDE: Final = 256
_LOW: Final = 8
_CONTRAST_MIN: Final = 2.0

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


def looking(_arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """One step: the recipe in a file, its content digest, fingerprint and size. Raises Refused for what is no picture."""
    decoded = decode(blobs[0], LOOKED_AT_SIDE)
    found = read(blobs[0])
    upright = to_srgb(shrunk(decoded.picture, LOOKED_AT_SIDE), decoded.icc)
    facts = {"recipe": found.to_json() if found else None, "content": content_of(blobs[0]), "fingerprint": f"{fingerprint(upright):016x}"}
    yield {**facts, "width": decoded.width, "height": decoded.height}, []
