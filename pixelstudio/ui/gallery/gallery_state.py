"""The states of /explore, /feed and /search: each hears what hangs on its wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import reflex as rx

from pixelstudio.features.gallery.follows import follows_any
from pixelstudio.ui.gallery.walls import Walls

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class ExploreState(Walls, rx.State):
    """What everybody shows; also what is found of it."""


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
