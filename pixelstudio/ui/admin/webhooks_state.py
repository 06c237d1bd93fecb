"""The state of /admin/webhooks: what providers brought, searched and replayed; and whether the page is there for whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.features.webhooks.intake import replay
from pixelstudio.features.webhooks.log import deliveries_of, refusals_of
from pixelstudio.ui.admin.views import DeliveryCard, RefusalCard, delivery_card, placed_in_words, refusal_card
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

MISSING: Final = "Nothing here · Pixel Studio"


class Search(TypedDict, total=False):
    """What the search sends."""

    q: str


class WebhooksState(Notices, rx.State):
    """The newest deliveries, or those that hold the words; to everybody but a maintainer the page is not there."""

    is_open: bool = False
    title: str = MISSING
    words: str = ""
    deliveries: list[DeliveryCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    refusals: list[RefusalCard] = []  # noqa: RUF012  # as above

    @guarded("anyone")
    async def begin(self, studio: Studio, actor: Actor | None) -> Any:
        """Show the page to a maintainer."""
        self.reset()
        if actor is not None and actor.is_maintainer:
            self.is_open, self.title = True, "Webhooks · Pixel Studio"
            await self._look(studio, actor)

    @guarded("maintainer", form=Search)
    async def search(self, studio: Studio, actor: Actor, *, form: Search) -> Any:
        """Show the newest that hold these words; without words, the newest of all."""
        self.words = form.get("q", "")
        await self._look(studio, actor)

    @guarded("maintainer", delivery=str)
    async def replay(self, studio: Studio, actor: Actor, *, delivery: str) -> Any:
        """Hand a delivery to its job once more."""
        async with studio.db.transaction() as tx:
            placed = await replay(tx, studio, delivery, by=actor)
        await self._look(studio, actor)
        self.notice = NoticeView("note", f"Replayed. {placed_in_words(placed)}.")

    async def _look(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            self.deliveries = [delivery_card(view) for view in await deliveries_of(reader, self.words, by=actor)]
            self.refusals = [refusal_card(view) for view in await refusals_of(reader)]
