"""What may leave the slice: a picture, and where its bytes are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import GenerationId, ImageId
    from pixelstudio.core.ratings import Rating

Visibility = Literal["private", "public"]


@dataclass(frozen=True, slots=True)
class ImageView:
    """A picture as one viewer sees it. `thumbhash` and `spill` (`#rrggbb`) are empty when unknown."""

    id: ImageId
    generation_id: GenerationId
    slot: int
    is_mine: bool
    visibility: Visibility
    prompt: str
    negative_prompt: str
    model: str
    seed: int
    width: int
    height: int
    size_bytes: int
    media_type: str
    thumbhash: bytes
    spill: str
    has_film: bool
    """Whether `/media/{id}/film` shows how it was drawn."""
    created_at: datetime
    stands_at: datetime
    """Where it stands in its owner's library: its set when that was asked for, and in it the first picture first."""
    is_favourite: bool = False
    """Of its owner, who alone is told."""
    rating: Rating = "general"
    least_rating: Rating = "general"
    """What a maintainer said it is at least; told to its owner."""
    deleted_at: datetime | None = None
    """Since when it is in the trash of its owner, who alone sees it there."""
    title: str = ""
    """As its owner called it when they showed it; "" when they never did."""


@dataclass(frozen=True, slots=True)
class PictureSetView:
    """The pictures of one submit that a filter finds: how many, and the newest few for its cover."""

    generation_id: GenerationId
    prompt: str
    count: int
    newest_at: datetime
    cover: tuple[ImageView, ...]


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """Where the bytes of one variant are, and how to hand them out."""

    digest: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    is_public: bool
    title: str
    """Its title, or the prompt's first words, for the name of a downloaded file."""


@dataclass(frozen=True, slots=True)
class UploadView:
    """A mask or a logo somebody brought, as they alone see it. `image_id` is the picture a mask was painted for."""

    id: str
    kind: str
    image_id: str
    width: int
    height: int
    brought_at: datetime
