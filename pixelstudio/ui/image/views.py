"""What /image shows of a picture beside the picture itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.ui import formats

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.images.views import ImageView
    from pixelstudio.providers.contract import ImageModel

TITLE_MAX: Final = 90


@dataclass(frozen=True, slots=True)
class Facts:
    """The recipe in words, and the colour of the picture's light."""

    title: str = ""
    byline: str = ""
    prompt: str = ""
    model: str = ""
    maker: str = ""
    without: str = ""
    seed: str = ""
    size: str = ""
    drawn: str = ""
    spill: str = ""


def facts_of(image: ImageView, model: ImageModel | None, now: datetime) -> Facts:
    """The facts of `image`; `model` is None when this installation no longer offers it."""
    return Facts(
        title=formats.clipped(image.prompt, TITLE_MAX),
        byline=formats.ago(image.created_at, now),
        prompt=image.prompt,
        model=model.title if model else image.model,
        maker=model.note if model else "",
        without=image.negative_prompt,
        seed=str(image.seed),
        size=formats.size(image.width, image.height),
        drawn=formats.moment(image.created_at),
        spill=image.spill,
    )
