"""`Curating`: one picture of the page among the favourites or in the trash. What the server refuses is said where the page speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.features.images import curation
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded
from pixelstudio.ui.throwing import thrown_away

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class Curating(Notices, rx.State, mixin=True):
    """Mixin of the state of Create."""

    _thrown: str = ""

    @guarded("member", image_id=str)
    async def favour(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Put one picture among the favourites, or take it out again."""
        async with studio.db.transaction() as tx:
            if not (await curation.set_favourite(tx, image_id, favourite=True, by=actor)).image_ids:
                await curation.set_favourite(tx, image_id, favourite=False, by=actor)

    @guarded("member", image_id=str)
    async def throw_away(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Move one picture to the trash; the notice offers to take that back."""
        async with studio.db.transaction() as tx:
            said = await thrown_away(tx, image_id, by=actor)
        self._thrown = image_id
        self.notice = NoticeView("note", said, "thrown_away", "Undo")

    @guarded("member")
    async def take_out(self, studio: Studio, actor: Actor) -> Any:
        """Take the picture that was moved to the trash last out of it."""
        async with studio.db.transaction() as tx:
            await curation.restore(tx, self._thrown, by=actor)
        self.notice = None
