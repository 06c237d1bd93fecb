"""What may leave the slice: pictures as they are shown, comments, people with what is counted of them, collections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.accounts.views import PersonView
    from pixelstudio.features.images.views import ImageView

Showing = Literal["private", "link", "public"]
"""Who sees a picture: its owner alone, whoever has its link, or everybody: then walls and search show it."""
CollectionVisibility = Literal["private", "collaborative", "unlisted", "public"]
"""Who sees a collection: its maker alone, those they invited too, whoever has its address, or everybody."""
Part = Literal["", "invited", "joined", "maker"]
"""What somebody has to do with a collection."""
Verdict = Literal["", "approved", "changes"]


@dataclass(frozen=True, slots=True)
class PostView:
    """A picture as its owner shows it, for one viewer."""

    image: ImageView
    person: PersonView
    showing: Showing
    title: str
    description: str
    alt: str
    tags: tuple[str, ...]
    style: str
    likes: int
    comments: int
    is_liked: bool
    published_at: datetime
    place: float = 0.0
    """What the list it came in is ordered by, largest first."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment for one viewer. A deleted one has neither words nor person."""

    id: str
    parent_id: str
    person: PersonView | None
    words: str
    mentioned: frozenset[str]
    """The handles in its words that are somebody's."""
    likes: int
    answers: int
    is_liked: bool
    is_mine: bool
    may_delete: bool
    is_edited: bool
    is_deleted: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A comment and the first answers to it."""

    comment: CommentView
    answers: tuple[CommentView, ...]


@dataclass(frozen=True, slots=True)
class CreatorView:
    """A person with the latest they show, for one viewer."""

    person: PersonView
    latest: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class StandingView:
    """A person with what is counted of them, for one viewer. Pictures are counted to `COUNTED_MAX` + 1."""

    person: PersonView
    followers: int
    following: int
    likes: int
    pictures: int
    is_me: bool
    is_followed: bool
    is_muted: bool
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection for one viewer: what of it they may see. Pictures are counted to `COUNTED_MAX` + 1."""

    id: str
    person: PersonView
    title: str
    description: str
    visibility: CollectionVisibility
    is_mine: bool
    count: int
    cover: tuple[ImageView, ...]
    changed_at: datetime
    holds: int = 0
    """How many it holds of the pictures that were asked about."""
    part: Part = ""
    parent_id: str = ""
    """Of the collection it lies in, for whoever made both."""
    shows_private: bool = False
    """Whether the viewer lets the others of the collection see their own private pictures here."""


@dataclass(frozen=True, slots=True)
class FolderView:
    """A collection on the way to another one, or one that another may be moved into."""

    id: str
    title: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class CollaboratorView:
    """Somebody of a collection."""

    person: PersonView
    part: Part


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link to a collection as its maker sees it later: never the secret itself."""

    id: str
    is_proofing: bool
    shows_private: bool
    created_at: datetime
    expires_at: datetime | None
    is_expired: bool


@dataclass(frozen=True, slots=True)
class SharedView:
    """A collection as whoever has a link to it sees it."""

    collection_id: str
    person: PersonView
    title: str
    description: str
    is_proofing: bool


@dataclass(frozen=True, slots=True)
class ProofView:
    """What one guest thinks of one picture."""

    image_id: str
    guest: str
    is_loved: bool
    verdict: Verdict
    words: str
    changed_at: datetime
