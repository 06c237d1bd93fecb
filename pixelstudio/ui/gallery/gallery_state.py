"""The states of /explore, /feed and /search: each hears what hangs on its wall."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import reflex as rx

from pixelstudio.features.gallery.creators import trending_creators
from pixelstudio.features.gallery.follows import follows_any
from pixelstudio.features.gallery.leanings import Leanings, lean, leanings_of
from pixelstudio.ui.gallery.walls import Walls
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
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


class FeedState(Walls, rx.State):
    """What the people show whom one follows."""

    follows_anybody: bool = True
    """Until it is known better: the page says to whom to go only when it is sure."""

    _members_only: ClassVar[bool] = True

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is not None:
            async with studio.db.reader() as reader:
                self.follows_anybody = await follows_any(reader, actor)
        await super()._snapshot(studio, actor)
