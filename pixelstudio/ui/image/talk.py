"""What /image shows of people: who made the picture, how it is shown, and what is said under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.features.gallery.comments import ANSWERS, mentions_at
from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.people import PersonCard, person_card

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.features.gallery.posts import Proposal
    from pixelstudio.features.gallery.views import CommentView, PostView, ThreadView

SHOWN_TO: Final = {
    "private": "Only you see it.",
    "link": "Whoever has its link sees it. It is not on Explore.",
    "public": "Everybody sees it, on Explore and in search.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a picture is shown, and what its form begins with."""

    image_id: str = ""
    title: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    tags_text: str = ""
    alt: str = ""
    showing: str = "private"
    rating: str = "general"
    words: str = SHOWN_TO["private"]
    person: PersonCard = field(default_factory=PersonCard)
    version: str = ""
    """Another one each time the form has to begin anew."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a comment; with a handle they lead to somebody."""

    text: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as it is shown."""

    id: str
    parent: str
    person: PersonCard
    pieces: list[Piece]
    words: str
    likes: str
    is_liked: bool
    is_mine: bool
    may_delete: bool
    is_deleted: bool
    is_edited: bool
    at: str
    at_words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with the answers shown under it."""

    comment: Comment
    answers: list[Comment]
    more: str
    """How many answers are not shown, in words; "" for none."""


def shown_of(post: PostView) -> Shown:
    """How a picture is shown that has been shown before."""
    return Shown(
        image_id=post.image.id,
        title=post.title,
        description=post.description,
        tags=list(post.tags),
        tags_text=", ".join(post.tags),
        alt=post.alt,
        showing=post.showing,
        rating=post.image.rating,
        words=SHOWN_TO[post.showing],
        person=person_card(post.person),
        version=f"{post.image.id}|{post.title}|{post.description}|{post.tags}|{post.showing}|{post.image.rating}",
    )


def proposed_shown(image_id: str, proposal: Proposal, showing: str, rating: str) -> Shown:
    """What the form of a picture begins with that was never shown."""
    return Shown(
        image_id=image_id,
        title=proposal.title,
        alt=proposal.alt,
        tags_text=proposal.tags,
        showing=showing,
        rating=rating,
        words=SHOWN_TO[showing],
        version=f"{image_id}|{proposal.title}|{rating}",
    )


def threads_shown(threads: Iterable[ThreadView]) -> list[Thread]:
    """Threads as they are shown."""
    return [thread_shown(thread.comment, list(thread.answers)) for thread in threads]


def thread_shown(root: CommentView, answers: list[CommentView]) -> Thread:
    """One thread; what is not among `answers` is told in words."""
    hidden = root.answers - len(answers)
    more = ("1 more answer" if hidden == 1 else f"{hidden} more answers") if hidden > 0 and len(answers) >= ANSWERS else ""
    return Thread(_comment(root), [_comment(answer) for answer in answers], more)


def _comment(view: CommentView) -> Comment:
    return Comment(
        id=view.id,
        parent=view.parent_id or view.id,
        person=person_card(view.person),
        pieces=_pieces(view),
        words=view.words,
        likes=str(view.likes) if view.likes else "",
        is_liked=view.is_liked,
        is_mine=view.is_mine,
        may_delete=view.may_delete,
        is_deleted=view.is_deleted,
        is_edited=view.is_edited,
        at=instant(view.created_at),
        at_words=formats.moment(view.created_at),
    )


def _pieces(view: CommentView) -> list[Piece]:
    """The words, with what is somebody's handle apart."""
    pieces: list[Piece] = []
    at = 0
    for begin, end, handle in mentions_at(view.words):
        if handle in view.mentioned:
            pieces += [Piece(view.words[at:begin])] if begin > at else []
            pieces.append(Piece(view.words[begin:end], handle))
            at = end
    return [*pieces, Piece(view.words[at:])] if at < len(view.words) else pieces
