"""The state of /admin: how the lanes stand, what should worry somebody, the books; and whether the page is there for whoever looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.generation.reasons import in_words
from pixelstudio.features.generation.spending import spending_of
from pixelstudio.features.operations.alerts import alerts_of, brought_alerts, spending_alerts
from pixelstudio.features.operations.lanes import hold_lane, lanes_of, let_go
from pixelstudio.features.webhooks.log import refusals_of
from pixelstudio.ui.admin.views import AlertCard, Books, LaneCard, alert_card, books_of, lane_card
from pixelstudio.ui.live import KEEP_ALIVE_S, Live
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

LOOK_AGAIN_S: Final = 3.0
"""Of the lanes nobody tells this page; it looks, and sends what has changed."""
MISSING: Final = "Nothing here · Pixel Studio"


class AdminState(Live, rx.State):
    """What a maintainer sees; to everybody else the page is not there, and nothing of this is sent."""

    is_open: bool = False
    title: str = MISSING
    lanes: list[LaneCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    alerts: list[AlertCard] = []  # noqa: RUF012  # as above
    objective: str = ""
    books: Books = Books()

    _members_only: ClassVar[bool] = False
    _looks_again: ClassVar[bool] = True

    def _look_again_after_s(self) -> float:
        return LOOK_AGAIN_S if self.is_open else KEEP_ALIVE_S

    @guarded("maintainer", lane=str)
    async def hold(self, studio: Studio, actor: Actor, *, lane: str) -> Any:
        """Let nothing begin in a lane."""
        async with studio.db.transaction() as tx:
            await hold_lane(tx, lane, by=actor)
        await self._look(studio)

    @guarded("maintainer", lane=str)
    async def release(self, studio: Studio, actor: Actor, *, lane: str) -> Any:
        """Let it go on."""
        async with studio.db.transaction() as tx:
            await let_go(tx, lane, by=actor)
        await self._look(studio)

    @guarded("maintainer")
    async def add_up(self, studio: Studio, _actor: Actor) -> Any:
        """Add up the whole ledger."""
        async with studio.db.reader() as reader:
            self.books = books_of(await audit(reader), studio.clock.now())

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None or not actor.is_maintainer:
            return
        await self._look(studio)
        self.is_open, self.title = True, "Operations · Pixel Studio"

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        del events
        if self.is_open and not actor.is_maintainer:
            self.reset()
        elif self.is_open:
            await self._look(studio)

    async def _look(self, studio: Studio) -> None:
        async with studio.db.reader() as reader:
            lanes, refusals = await lanes_of(reader), await refusals_of(reader)
            spendings = await spending_of(reader, studio)
        objective_s = studio.settings.wait_objective_s
        self._set("objective", f"Nobody should wait longer than {in_words(objective_s)}.")
        self._set("lanes", [lane_card(lane) for lane in lanes])
        alerts = [*alerts_of(lanes, objective_s), *brought_alerts(refusals), *spending_alerts(spendings)]
        self._set("alerts", [alert_card(alert) for alert in alerts])

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
