"""`Walls`: what a page of a wall hears while it is open, and the one act its pictures share: liking. Mixed into each page's state.

What comes, goes and is counted is told by id alone, and only of what hangs there for whoever looks; of what went no id is told at all:
the page looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.gallery.events import PostCounted, PostPublished
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.walls import those_on
from pixelstudio.features.images.events import WALLS_TOPIC, ImageDeleted, ImageRated, ImageRestored, ImageVisibilityChanged
from pixelstudio.ui.gallery.shelves import Shelves
from pixelstudio.ui.live import Live
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView
    from pixelstudio.studio import Studio

TOLD_MAX: Final = 60
"""More pictures than these at once are told as one: look again."""
_ANY: Final = WallFilter(sort="newest")


@dataclass(frozen=True, slots=True)
class WallNews:
    """What changed since the page last looked: what came, the likes and comments of what is counted anew, or that it has to look again."""

    number: int = 0
    came: list[str] = field(default_factory=list)
    counted: dict[str, list[int]] = field(default_factory=dict)
    again: bool = False


class Walls(Live, Shelves, rx.State, mixin=True):
    """Mixin of the states of walls."""

    news: WallNews = WallNews()
    is_loaded: bool = False
    is_member: bool = False
    """Whether whoever looks may like what they see."""

    _members_only: ClassVar[bool] = False

    @guarded("member", image_id=str, liked=bool)
    async def like(self, studio: Studio, actor: Actor, *, image_id: str, liked: bool) -> Any:
        """Like a picture, or take the like back; the page has shown it already."""
        async with studio.db.transaction() as tx:
            await set_like(tx, image_id, liked, by=actor)

    def _topics(self) -> tuple[str, ...]:
        return (WALLS_TOPIC,)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        del studio
        self.is_member = actor is not None and not actor.is_guest
        self._tell(again=True)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        came = [event.image_id for event in events if isinstance(event, PostPublished) and event.is_listed]
        counted = {event.image_id: event for event in events if isinstance(event, PostCounted) and event.is_listed}
        again = any(may_have_gone(event) for event in events)
        if len(came) + len(counted) > TOLD_MAX:
            self._tell(again=True)
        elif came or counted:
            async with studio.db.reader() as reader:
                found: list[PostView] = await those_on(reader, actor, _ANY, [*came, *counted], studio.cache)
            there: dict[str, PostView] = {post.image.id: post for post in found}
            self._tell(
                came=[image_id for image_id in dict.fromkeys(came) if image_id in there],
                counted={image_id: [there[image_id].likes, there[image_id].comments] for image_id in counted if image_id in there},
                again=again,
            )
        elif again:
            self._tell(again=True)

    def _tell(self, *, came: list[str] | None = None, counted: dict[str, list[int]] | None = None, again: bool = False) -> None:
        if came or counted or again:
            self.news = WallNews(self.news.number + 1, came or [], counted or {}, again)


def may_have_gone(event: Event) -> bool:
    """Whether after this something that hung may hang no more."""
    match event:
        case ImageVisibilityChanged(visibility=visibility):
            return visibility == "private"
        case PostPublished(is_listed=is_listed):
            return not is_listed
        case ImageDeleted(was_public=was_public):
            return was_public
        case ImageRestored(is_public=is_public):
            return is_public
        case ImageRated() | WishesChanged():
            return True
        case _:
            return False
