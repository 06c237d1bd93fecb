"""The cutting room: the steps of a drawing in, one animated WebP out. Imported only inside a child."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from pixelstudio.imaging.renditions import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STEP_MS: Final = 170
END_MS: Final = 2_400
"""How long the finished picture stays before the film begins again."""
_QUALITIES: Final = (66, 42, 25, 8)
_RICH_BYTES: Final = 110_000
"""Previews that weigh more together are of a picture with detail everywhere: the first quality would not fit, or only just."""


def cut(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """One step: previews and, last, the finished picture -> a film as large as the latter, `side` pixels at most.

    No step at all when even the lowest quality does not fit into `bytes_max`.
    """
    last = shrunk(_opened(blobs[-1]), arguments["side"])
    frames = [_fitted(_opened(data), last.size) for data in blobs[:-1]]
    for quality in _QUALITIES[sum(map(len, blobs[:-1])) > _RICH_BYTES :]:
        film = _film([*frames, last], quality)
        if len(film) <= arguments["bytes_max"]:
            yield {"width": last.width, "height": last.height}, [film]
            return


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _fitted(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    return frame if frame.size == size else frame.resize(size, Image.Resampling.BICUBIC)


def _film(frames: Sequence[Image.Image], quality: int) -> bytes:
    """Every frame whole, without a choice of key frames: half the time of the default for a few bytes more."""
    out = io.BytesIO()
    durations = [STEP_MS] * (len(frames) - 1) + [END_MS]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=quality, method=0)
    return out.getvalue()
