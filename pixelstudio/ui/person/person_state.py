"""The state of /u/{handle}: a person with what is counted of them, and following, muting or blocking them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Event
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.collections import collections_of
from pixelstudio.features.gallery.events import PersonCounted, PostCounted, PostPublished, person_topic
from pixelstudio.features.gallery.follows import block, set_follow, standing_of
from pixelstudio.ui import formats
from pixelstudio.ui.collections.views import CollectionCard, collection_card
from pixelstudio.ui.gallery.walls import Walls
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import StandingView
    from pixelstudio.studio import Studio

NO_TITLE = "Person · Pixel Studio"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of a person, in words."""

    bio: str = ""
    pictures: str = ""
    followers: str = ""
    following: str = ""
    likes: str = ""
    since: str = ""


class PersonState(Walls, rx.State):
    """A person as this visitor sees them."""

    person: PersonCard = PersonCard()
    standing: Standing = Standing()
    collections: list[CollectionCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    is_me: bool = False
    is_followed: bool = False
    is_muted: bool = False
    is_blocked: bool = False
    title: str = NO_TITLE
    """Of the browser's tab."""

    _subject: str = ""

    @rx.var
    def source(self) -> str:
        """Where the wall's pictures come from; "" while it is not known whose they are."""
        return f"/api/gallery/people/{self.person.handle}" if self.person.handle else ""

    @rx.var
    def path(self) -> str:
        """The page's own address."""
        return f"/u/{self.person.handle}"

    @guarded("anyone")
    async def begin(self, studio: Studio, actor: Actor | None) -> Any:
        """Say at once who it is: the listener begins by whom to listen to."""
        await self._snapshot(studio, actor)

    @guarded("member", followed=bool)
    async def follow_person(self, studio: Studio, actor: Actor, *, followed: bool) -> Any:
        """Follow the person of this page, or no longer."""
        async with studio.db.transaction() as tx:
            person = await person_named(tx, self._asked())
            await set_follow(tx, person.id, followed, by=actor)
        await self._load(studio, actor)

    @guarded("member", muted=bool)
    async def mute_person(self, studio: Studio, actor: Actor, *, muted: bool) -> Any:
        """Hear no more of the person of this page, or hear of them again."""
        async with studio.db.transaction() as tx:
            person = await person_named(tx, self._asked())
            await set_mute(tx, person.id, muted, by=actor)
        await self._load(studio, actor)

    @guarded("member", blocked=bool)
    async def block_person(self, studio: Studio, actor: Actor, *, blocked: bool) -> Any:
        """Block the person of this page, or let them be again."""
        async with studio.db.transaction() as tx:
            person = await person_named(tx, self._asked())
            await block(tx, person.id, blocked, by=actor)
        await self._load(studio, actor)
        self._tell(again=True)

    def _topics(self) -> tuple[str, ...]:
        return (*super()._topics(), person_topic(self._subject))

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        await self._load(studio, actor)
        await super()._snapshot(studio, actor)

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        mine = (PostPublished, PostCounted)
        if any(isinstance(event, PersonCounted) or (isinstance(event, mine) and event.owner_id == self._subject) for event in events):
            await self._load(studio, actor)
        await super()._apply(studio, actor, events)

    async def _load(self, studio: Studio, actor: Actor | None) -> None:
        try:
            async with studio.db.reader() as reader:
                person = await person_named(reader, self._asked())
                found = await standing_of(reader, actor, person, studio.cache)
                collections = (await collections_of(reader, actor, person.id, limit=6)).items
        except NotFound:
            self.person, self.standing, self.title, self._subject = PersonCard(), Standing(), NO_TITLE, ""
            return
        self._subject = person.id
        self.person, self.standing = person_card(person), _standing(found)
        self.collections = [collection_card(view) for view in collections]
        self.is_me, self.is_followed = found.is_me, found.is_followed
        self.is_muted, self.is_blocked = found.is_muted, found.is_blocked
        self.title = f"{person.name} · Pixel Studio"

    def _asked(self) -> str:
        """The handle in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]


def _standing(found: StandingView) -> Standing:
    return Standing(
        bio=found.person.bio,
        pictures=formats.counted(found.pictures, "picture"),
        followers=formats.counted(found.followers, "follower"),
        following=f"{found.following:,} following",
        likes=formats.counted(found.likes, "like"),
        since=f"here since {found.person.created_at:%B %Y}",
    )
