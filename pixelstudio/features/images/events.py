"""Facts about pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.events import CACHES_TOPIC, Event, event_kind

WALLS_TOPIC: Final = "walls"
"""What everybody may see came, went or is counted anew: heard by the walls. Nothing about a picture that was private all along."""


def picture_topic(image_id: str) -> str:
    """What the page of one picture listens to."""
    return f"picture:{image_id}"


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDeleted(Event):
    """A picture is in the trash: gone for everybody, at once; its owner sees it there and nowhere else."""

    name = "image.deleted"
    image_id: str
    owner_id: str
    was_public: bool = False

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), *((WALLS_TOPIC,) if self.was_public else ()))


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageVisibilityChanged(Event):
    """Who may see a picture changed."""

    name = "image.visibility_changed"
    image_id: str
    owner_id: str
    visibility: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), WALLS_TOPIC)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRated(Event):
    """A picture is for others now than it was: it may hang on more lists, or on fewer."""

    name = "image.rated"
    image_id: str
    owner_id: str
    rating: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), WALLS_TOPIC)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRestored(Event):
    """A picture came back from the trash, as visible as it was."""

    name = "image.restored"
    image_id: str
    owner_id: str
    is_public: bool = False

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), *((WALLS_TOPIC,) if self.is_public else ()))


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageForgotten(Event):
    """A picture left the trash for good: not even its owner sees it, and its bytes go within hours."""

    name = "image.forgotten"
    image_id: str
    owner_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFavourited(Event):
    """Its owner put a picture among the favourites, or took it out."""

    name = "image.favourited"
    image_id: str
    owner_id: str
    is_favourite: bool

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}",)
