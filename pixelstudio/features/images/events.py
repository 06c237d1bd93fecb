"""Facts about pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.events import Event, event_kind

IMAGES_TOPIC: Final = "images"
"""Heard by caches of this process; carries ids of everybody, so no page may listen to it."""


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDeleted(Event):
    """A picture is gone for everybody, at once."""

    name = "image.deleted"
    image_id: str
    owner_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", IMAGES_TOPIC)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageVisibilityChanged(Event):
    """Who may see a picture changed."""

    name = "image.visibility_changed"
    image_id: str
    owner_id: str
    visibility: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", IMAGES_TOPIC)
