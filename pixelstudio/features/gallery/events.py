"""Facts about what is shown and said. What the walls hear is about pictures everybody may see."""

from __future__ import annotations

from dataclasses import dataclass

from pixelstudio.core.events import CACHES_TOPIC, Event, event_kind
from pixelstudio.features.images.events import WALLS_TOPIC, picture_topic


def person_topic(account_id: str) -> str:
    """What pages about one person listen to."""
    return f"person:{account_id}"


def collection_topic(collection_id: str) -> str:
    """What pages about one collection listen to."""
    return f"collection:{collection_id}"


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PostPublished(Event):
    """A picture is shown, or shown with other words. `is_listed` when it is on the walls."""

    name = "post.published"
    is_awaited = True
    image_id: str
    owner_id: str
    is_listed: bool

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), *((WALLS_TOPIC,) if self.is_listed else ()))


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PostCounted(Event):
    """A like or a comment came or went. Carries the counts, so that whoever watches the picture need not ask."""

    name = "post.counted"
    is_awaited = True
    image_id: str
    owner_id: str
    likes: int
    comments: int
    is_listed: bool

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", CACHES_TOPIC, picture_topic(self.image_id), *((WALLS_TOPIC,) if self.is_listed else ()))


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class CommentChanged(Event):
    """A comment came, changed, was liked or went."""

    name = "comment.changed"
    is_awaited = True
    image_id: str
    comment_id: str

    def topics(self) -> tuple[str, ...]:
        return (picture_topic(self.image_id),)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCounted(Event):
    """Somebody has a follower more or less, or follows somebody more or less."""

    name = "person.counted"
    is_awaited = True
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (person_topic(self.account_id), f"user:{self.account_id}")


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionChanged(Event):
    """A collection has other pictures or other words, or is gone."""

    name = "collection.changed"
    collection_id: str
    owner_id: str
    also_id: str = ""
    """Somebody else whom it concerns: who is invited, or no longer one of its people."""

    def topics(self) -> tuple[str, ...]:
        others = (f"user:{self.also_id}",) if self.also_id else ()
        return (collection_topic(self.collection_id), f"user:{self.owner_id}", *others)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """Somebody opened a collection they belong to, or left it. Its people look again who is there."""

    name = "presence.changed"
    is_awaited = True
    collection_id: str

    def topics(self) -> tuple[str, ...]:
        return (collection_topic(self.collection_id),)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGiven(Event):
    """A guest said by a proofing link what they think of a picture."""

    name = "proof.given"
    is_awaited = True
    collection_id: str
    owner_id: str
    image_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}",)
