"""What pages show of a collection: its title, how much it holds, and up to four pictures for its cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.ui import formats
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.pictures import PictureView, picture_view

if TYPE_CHECKING:
    from pixelstudio.features.gallery.views import CollectionView

SEEN_BY: Final = {"private": "Only you", "unlisted": "Whoever has the link", "public": "Everybody"}


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection in a list, or at the head of its page."""

    id: str = ""
    title: str = ""
    description: str = ""
    visibility: str = "private"
    seen_by: str = ""
    count: str = ""
    cover: list[PictureView] = field(default_factory=list)
    person: PersonCard = field(default_factory=PersonCard)
    is_mine: bool = False
    holds_picture: bool = False


def collection_card(view: CollectionView) -> CollectionCard:
    """How a page shows `view`."""
    return CollectionCard(
        id=view.id,
        title=view.title,
        description=view.description,
        visibility=view.visibility,
        seen_by=SEEN_BY[view.visibility],
        count=formats.counted(view.count, "picture"),
        cover=[picture_view(image) for image in view.cover],
        person=person_card(view.person),
        is_mine=view.is_mine,
        holds_picture=view.holds_picture,
    )
