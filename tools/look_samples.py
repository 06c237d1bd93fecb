"""`python -m tools.look_samples`: draw the small picture that the composer shows of each sketch look. Run it when a look is added or changed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import cv2
from PIL import Image

from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.drawing import picture

FOLDER: Final = Path(__file__).resolve().parent.parent / "assets" / "art" / "looks"
SIZES: Final = ((224, 168), (176, 132), (144, 108))
"""Twice the size it is shown at, and less for looks full of detail."""
BYTES_MAX: Final = 3 * 1024
# Words and seeds that show a look at its best; any other look is drawn from the first ones.
_SUBJECTS: Final[dict[str, tuple[str, int]]] = {
    "sketch-paper": ("sunset over coral dunes", 89),
    "sketch-bloom": ("a rose flower, peach", 4),
    "sketch-horizon": ("blue mountains at night, mint moon", 21),
    "sketch-arches": ("terracotta arches in evening light", 3),
    "sketch-silk": ("violet and gold silk", 5),
    "sketch-orbs": ("a peach planet in space, violet", 3),
    "sketch-flow": ("sunset over the ocean", 1),
    "sketch-glass": ("a rose window, royal blue and gold", 5),
    "sketch-poster": ("Coral Sunset", 1),
    "sketch-product": ("mint perfume", 2),
}
_ANY: Final = ("sunset over the ocean, coral and teal", 7)


def sample(look: str) -> bytes:
    """A WebP of one look, as good as fits."""
    words, seed = _SUBJECTS.get(look, _ANY)
    drawn = Image.fromarray(picture(look, words, seed, 896, 672))
    for size in SIZES:
        small = drawn.resize(size, Image.Resampling.LANCZOS)
        for quality in range(80, 30, -6):
            out = io.BytesIO()
            small.save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= BYTES_MAX:
                return out.getvalue()
    msg = f"{look} does not fit into {BYTES_MAX} bytes"
    raise ValueError(msg)


def main() -> None:
    """All of them, anew."""
    cv2.setNumThreads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for model in MODELS:
        (FOLDER / f"{model.id}.webp").write_bytes(sample(model.id))


if __name__ == "__main__":
    main()
