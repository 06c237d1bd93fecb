"""The state of /inbox: what happened, the latest first, and which kinds one wants to be told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.digests.digests import choose_digest, digest_of
from pixelstudio.features.gallery.posts import titles_of
from pixelstudio.features.notifications.events import InboxChanged
from pixelstudio.features.notifications.inbox import OPTIONAL, choose, inbox_of, read_all, unwanted_by
from pixelstudio.features.notifications.words import in_words
from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.live import Live
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.notifications.inbox import NotificationView
    from pixelstudio.studio import Studio

DECISIONS: Final = "/settings#decisions"
WORDS: Final = {
    "like": "Likes",
    "comment": "Comments on your pictures",
    "answer": "Answers to your comments",
    "mention": "Mentions",
    "follow": "Followers",
    "invitation": "Invitations to collections",
    "proof": "Opinions of guests on your collections",
    "match": "What matches a search you keep",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox."""

    id: str
    kind: str
    person: PersonCard
    said: str
    title: str
    words: str
    href: str
    image_id: str
    is_unread: bool
    at: str
    at_words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind, and whether one wants it."""

    kind: str
    words: str
    is_wanted: bool


class InboxState(Live, rx.State):
    """One's own inbox."""

    lines: list[Line] = []  # noqa: RUF012  # Reflex copies defaults per state
    choices: list[Choice] = []  # noqa: RUF012  # as above
    has_mail: bool = False
    """Whether this studio sends mail."""
    digest: str = ""
    """How often one is sent what came: daily, weekly, or not at all."""
    is_loaded: bool = False
    has_more: bool = False

    _cursor: str = ""

    @guarded("member")
    async def read_everything(self, studio: Studio, actor: Actor) -> Any:
        """Count everything as read."""
        async with studio.db.transaction() as tx:
            await read_all(tx, by=actor)

    @guarded("member")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page."""
        async with studio.db.reader() as reader:
            self.lines = [*self.lines, *await self._page(reader, actor, self._cursor)]

    @guarded("member", kind=str, wanted=bool)
    async def want(self, studio: Studio, actor: Actor, *, kind: str, wanted: bool) -> Any:
        """Be told of a kind, or not."""
        async with studio.db.transaction() as tx:
            await choose(tx, kind, wanted, by=actor)
        await self._choices(studio, actor)

    @guarded("member", every=str)
    async def send_digest(self, studio: Studio, actor: Actor, *, every: str) -> Any:
        """Be sent what came, or not."""
        wanted = "" if every == "never" else every
        async with studio.db.transaction() as tx:
            await choose_digest(tx, wanted, by=actor, has_mail=studio.mailer is not None)
        self.digest = wanted

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            self.lines = await self._page(reader, actor, "")
        await self._choices(studio, actor)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, (InboxChanged, WishesChanged)) for event in events):
            await self._snapshot(studio, actor)

    async def _page(self, reader: Reader, actor: Actor, before: str) -> list[Line]:
        page = await inbox_of(reader, actor, before=before)
        titles = await titles_of(reader, actor, [line.image_id for line in page.items if line.image_id])
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)
        return [_line(view, titles) for view in page.items]

    async def _choices(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            unwanted = await unwanted_by(reader, actor)
            self.digest = await digest_of(reader, actor)
        self.has_mail = studio.mailer is not None
        self.choices = [Choice(kind, WORDS[kind], kind not in unwanted) for kind in OPTIONAL]


def _leads_to(view: NotificationView, person: PersonCard) -> str:
    if view.kind in {"decision", "rated", "appeal"}:
        return DECISIONS
    if view.kind in {"invitation", "proof"}:
        return f"/collections/{view.about_id}"
    return f"/u/{person.handle}" if view.kind == "follow" else f"/image/{view.image_id}"


def _line(view: NotificationView, titles: dict[str, str]) -> Line:
    person = person_card(view.person)
    about_person = view.kind == "follow"
    return Line(
        id=view.id,
        kind=view.kind,
        person=person,
        said=in_words(view.kind),
        title=titles.get(view.image_id, ""),
        words=view.words,
        href=_leads_to(view, person),
        image_id="" if about_person or view.image_id not in titles else view.image_id,
        is_unread=view.is_unread,
        at=instant(view.created_at),
        at_words=formats.moment(view.created_at),
    )
