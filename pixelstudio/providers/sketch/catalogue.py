"""The looks of the sketch provider as rows. Adding a look is one row here and one module under `looks/`."""

from __future__ import annotations

from typing import Final

from pixelstudio.providers.contract import SKETCHES, ImageModel, Size

PROVIDER: Final = "sketch"
NOTE: Final = "Sketch (not AI)"
LANE: Final = "sketch"
LANE_CONCURRENCY: Final = 2
"""As many as the child pool has children: a third drawing would only slow the first two."""

SQUARE: Final = Size(1024, 1024, "Square")
PORTRAIT: Final = Size(1024, 1280, "Portrait")
LANDSCAPE: Final = Size(1280, 1024, "Landscape")
TALL: Final = Size(768, 1344, "Tall")
WIDE: Final = Size(1344, 768, "Wide")
POSTER: Final = Size(1024, 1536, "Poster")
LARGE: Final = Size(1536, 1536, "Large square")


def _look(look: str, title: str, subjects: str, steps: int, *sizes: Size) -> ImageModel:
    return ImageModel(
        id=f"{SKETCHES}{look}",
        provider=PROVIDER,
        title=title,
        subjects=subjects,
        maker="Pixel Studio",
        note=NOTE,
        sizes=sizes,
        lane=LANE,
        lane_concurrency=LANE_CONCURRENCY,
        price_credits=0,
        steps=steps,
        any_size=True,
        is_drawn_here=True,
        why_no_negative_prompt="A sketch takes colours and mood from the words. It cannot leave things out.",
    )


MODELS: Final = (
    _look("paper", "Cut paper", "hills, dunes and waves", 13, PORTRAIT, SQUARE, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("bloom", "Bloom", "flowers from above", 13, SQUARE, PORTRAIT, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("horizon", "Horizon", "landscapes, sea and sky", 13, LANDSCAPE, SQUARE, PORTRAIT, WIDE, TALL, POSTER, LARGE),
    _look("arches", "Arches", "arches and doorways", 10, PORTRAIT, SQUARE, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("silk", "Silk", "folds of cloth", 11, PORTRAIT, SQUARE, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("orbs", "Orbs", "planets and bubbles", 11, SQUARE, PORTRAIT, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("flow", "Currents", "flowing brush strokes", 13, LANDSCAPE, SQUARE, PORTRAIT, WIDE, TALL, POSTER, LARGE),
    _look("glass", "Stained glass", "light through panes", 12, PORTRAIT, SQUARE, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
    _look("poster", "Poster", "your words, set large", 10, POSTER, PORTRAIT, SQUARE, TALL, LANDSCAPE, WIDE, LARGE),
    _look("product", "Still life", "bottles, vases and bowls of fruit", 9, PORTRAIT, SQUARE, LANDSCAPE, TALL, WIDE, POSTER, LARGE),
)
