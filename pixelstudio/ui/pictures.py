"""`PictureView`: one finished picture as every page shows it, with its shape and its blur known before its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.imaging.placeholder import placeholder_data_url
from pixelstudio.ui.formats import clipped

if TYPE_CHECKING:
    from pixelstudio.features.images.views import ImageView

ALT_MAX: Final = 180
# A masonry column is this many rows wide (`--u` in pictures.css).
_UNITS: Final = 48
_SIDES: Final = (256, 512, 1024)


@dataclass(frozen=True, slots=True)
class PictureView:
    """What `components.picture` needs, and no more: walls of these are sent. `ratio` is width / height, `rows` the masonry rows it takes."""

    id: str
    alt: str
    ratio: str
    rows: str
    blur: str
    srcset: str
    width: str
    height: str


def picture_view(image: ImageView) -> PictureView:
    """How a page shows `image`."""
    ratio = image.width / image.height
    return PictureView(
        id=image.id,
        alt=clipped(image.prompt, ALT_MAX),
        ratio=f"{ratio:.4f}",
        rows=str(round(_UNITS / ratio) + 2),
        blur=blur(image.thumbhash),
        srcset=srcset(image.id, image.width, image.height),
        width=str(image.width),
        height=str(image.height),
    )


def blur(thumbhash: bytes) -> str:
    """The blur behind a picture, as a CSS image."""
    url = placeholder_data_url(thumbhash)
    return f"url({url})" if url else "none"


def srcset(image_id: str, width: int, height: int) -> str:
    """The renditions with their true widths."""
    return ", ".join(f"/media/{image_id}/{side} {wide}w" for side, wide in zip(_SIDES, widths(width, height), strict=True))


def widths(width: int, height: int) -> list[int]:
    """How wide each rendition is: a variant is the length of the longer side, and none is larger than the original."""
    longer = max(width, height)
    return [max(1, round(width * min(side, longer) / longer)) for side in _SIDES]
