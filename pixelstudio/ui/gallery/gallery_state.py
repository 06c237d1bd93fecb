"""The states of /explore, /feed, /search and /likes: each hears what hangs on its wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.creators import creators_to_follow, trending_creators
from pixelstudio.features.gallery.events import PostCounted, PostPublished
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import followed_by, set_follow
from pixelstudio.features.gallery.leanings import Leanings, lean, leanings_of
from pixelstudio.features.gallery.likes import liked_since, set_like
from pixelstudio.features.gallery.walls import those_on
from pixelstudio.ui.gallery.walls import TOLD_MAX, Walls, may_have_gone
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import CreatorView, PostView
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts on one's own order, as the sliders show it."""

    fresh: int = 5
    popular: int = 5
    novel: int = 5
    following: int = 5


class ExploreState(Walls, rx.State):
    """What everybody shows; also what is found of it."""

    weights: Weights = Weights()
    creators: list[PersonCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    """Whose pictures are liked and talked about most lately."""

    @guarded("member", fresh=int, popular=int, novel=int, following=int)
    async def weigh(self, studio: Studio, actor: Actor, *, fresh: int, popular: int, novel: int, following: int) -> Any:
        """Remember what counts; the wall asks for its new order itself."""
        async with studio.db.transaction() as tx:
            await lean(tx, Leanings(fresh, popular, novel, following), by=actor)
        self.weights = Weights(fresh, popular, novel, following)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        async with studio.db.reader() as reader:
            self.creators = [person_card(person) for person in await trending_creators(reader, actor)]
            if actor is not None and not actor.is_guest:
                self.weights = Weights(**asdict(await leanings_of(reader, actor)))
        await super()._snapshot(studio, actor)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to follow, with the latest they show."""

    person: PersonCard
    latest: list[PictureView] = field(default_factory=list)
    is_followed: bool = False


FEW: Final = 5
"""Whoever follows fewer is shown whom else there is."""


class FeedState(Walls, rx.State):
    """What the people show whom one follows, and whom else there is to follow."""

    follows_anybody: bool = True
    """Until it is known better: the page says to whom to go only when it is sure."""
    begins: bool = False
    """Whether they followed nobody when the page came: nothing moves under the hand that follows the first."""
    people: list[Suggestion] = []  # noqa: RUF012  # Reflex copies defaults per state
    """Of those who follow few; whoever is followed here stays, for it may be taken back."""

    _members_only: ClassVar[bool] = True

    @guarded("member", handle=str, followed=bool)
    async def follow_person(self, studio: Studio, actor: Actor, *, handle: str, followed: bool) -> Any:
        """Follow one of those suggested, or no longer; what they show hangs here at once."""
        async with studio.db.transaction() as tx:
            person = await person_named(tx, handle)
            await set_follow(tx, person.id, followed, by=actor)
            follows_anybody = bool(await followed_by(tx, actor, 1))
        self.follows_anybody = follows_anybody
        self.people = [replace(one, is_followed=followed) if one.person.id == person.id else one for one in self.people]
        self._tell(again=True)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is not None:
            async with studio.db.reader() as reader:
                followed = await followed_by(reader, actor, FEW)
                people = await creators_to_follow(reader, actor, followed, studio.cache) if len(followed) < FEW else []
            self.follows_anybody, self.begins = bool(followed), not followed
            self.people = [_suggestion(one) for one in people]
        await super()._snapshot(studio, actor)


class LikesState(Walls, rx.State):
    """What one likes, the last liked first."""

    _members_only: ClassVar[bool] = True
    _undo: tuple[str, datetime] | None = None

    @guarded("member", image_id=str, liked=bool)
    async def like(self, studio: Studio, actor: Actor, *, image_id: str, liked: bool) -> Any:
        """Like a picture, or take the like back; the page has shown it already, and says how to have it again."""
        async with studio.db.transaction() as tx:
            since = await liked_since(tx, image_id, by=actor)
            await set_like(tx, image_id, liked, by=actor)
        if since is not None and not liked:
            self._undo = (image_id, since)
            self.notice = NoticeView("note", "No longer among your likes.", action="Undo")

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Like again what was taken back last; it hangs where it hung."""
        undo, self._undo, self.notice = self._undo, None, None
        if undo is None:
            return
        async with studio.db.transaction() as tx:
            await set_like(tx, undo[0], is_liked=True, by=actor, since=undo[1])
        self._tell(came=[undo[0]])

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        told = list({event.image_id for event in events if isinstance(event, (PostCounted, PostPublished))})
        again = len(told) > TOLD_MAX or any(may_have_gone(event) for event in events)
        if actor is None or again:
            self._tell(again=again)
            return
        async with studio.db.reader() as reader:
            liked: list[PostView] = await those_on(reader, actor, WallFilter(liked_by=actor.id), told, studio.cache)
        self._tell(came=[post.image.id for post in liked])


def _suggestion(one: CreatorView) -> Suggestion:
    latest = [replace(picture_view(post.image), alt=post.title or post.alt) for post in one.latest]
    return Suggestion(person_card(one.person), latest)
