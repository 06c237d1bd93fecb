"""What pages show of a collection: its title, how much it holds, and up to four pictures for its cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.pictures import PictureView, picture_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.gallery.views import CollaboratorView, CollectionView, FolderView, LinkView, ProofView

SEEN_BY: Final = {
    "private": "Only you",
    "collaborative": "People you invite",
    "unlisted": "Whoever has the address",
    "public": "Everybody",
}
_PARTS: Final = {"maker": "Made it", "joined": "Puts in pictures", "invited": "Invited"}


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
    part: str = ""
    shows_private: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A collection on the way to another one, or one that another may be laid into. `inset` is its depth for CSS."""

    id: str
    title: str
    inset: str = ""


@dataclass(frozen=True, slots=True)
class Collaborator:
    """Somebody of a collection."""

    person: PersonCard
    part: str
    says: str


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A link to a collection, as its maker sees it after it was made."""

    id: str
    shows: str
    until: str
    until_words: str
    is_expired: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What a guest thinks of a picture."""

    key: str
    image_id: str
    guest: str
    is_loved: bool
    verdict: str
    words: str
    at: str
    at_words: str


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
        part=view.part,
        shows_private=view.shows_private,
    )


def folder_of(view: FolderView) -> Folder:
    """How a page shows a collection by its title alone."""
    return Folder(view.id, view.title, str(view.depth))


def collaborator_of(view: CollaboratorView) -> Collaborator:
    """How a page shows somebody of a collection."""
    return Collaborator(person_card(view.person), view.part, _PARTS[view.part])


def link_of(view: LinkView) -> CollectionLink:
    """How a page shows a link: what for, and how long it holds."""
    use = "For opinions" if view.is_proofing else "To look"
    shows = f"{use}, with your private pictures" if view.shows_private else f"{use}, without your private pictures"
    until = formats.moment(view.expires_at) if view.expires_at else ""
    return CollectionLink(view.id, shows, instant(view.expires_at), until, view.is_expired)


def proof_of(view: ProofView) -> Proof:
    """How a page shows an opinion."""
    key = f"{view.image_id} {view.guest}"
    at = (instant(view.changed_at), formats.moment(view.changed_at))
    return Proof(key, view.image_id, view.guest, view.is_loved, view.verdict, view.words, *at)


def marks_of(proofs: Sequence[ProofView]) -> dict[str, list[int]]:
    """What stands on each picture: how many love it, approve of it, and ask for changes."""
    marks: dict[str, list[int]] = {}
    for proof in proofs:
        marked = marks.setdefault(proof.image_id, [0, 0, 0])
        for place, holds in enumerate((proof.is_loved, proof.verdict == "approved", proof.verdict == "changes")):
            marked[place] += holds
    return {image_id: marked for image_id, marked in marks.items() if any(marked)}
