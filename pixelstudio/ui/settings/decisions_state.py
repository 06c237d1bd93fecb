"""`DecisionsState`: what was decided about one's own pictures and words, on /settings, and appealing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core import limits
from pixelstudio.core.events import Event
from pixelstudio.features.conduct.events import RulingChanged
from pixelstudio.features.conduct.rulings import appeal, rulings_of
from pixelstudio.features.conduct.strikes import conduct_of, paused_sentence
from pixelstudio.ui import formats
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.conduct.rulings import RulingView
    from pixelstudio.features.conduct.strikes import Conduct
    from pixelstudio.studio import Studio

_OUTCOMES: Final = {
    "": "",
    "open": "You have appealed. A maintainer will look at it again.",
    "granted": "Your appeal was granted: it is as it was before.",
    "upheld": "Your appeal was looked at, and the decision stands.",
}


class AppealFields(TypedDict, total=False):
    """Which decision, and why one sees it differently."""

    ruling_id: str
    appeal: str


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """One decision, for whom it is about."""

    id: str
    image_id: str
    what: str
    quoted: str
    because: str
    when: str
    appeal: str
    outcome: str
    outcome_because: str
    may_appeal: bool


class DecisionsState(Live, rx.State):
    """What was decided, and what follows from it."""

    decisions: list[DecisionCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    standing: str = ""

    @guarded("member", form=AppealFields)
    async def appeal(self, studio: Studio, actor: Actor, *, form: AppealFields) -> Any:
        """Ask for another look."""
        async with studio.db.transaction() as tx:
            await appeal(tx, form.get("ruling_id", ""), form.get("appeal", ""), by=actor)
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "Your appeal is sent. What is decided comes to your inbox.")

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            rulings, conduct = await rulings_of(reader, actor), await conduct_of(reader, actor.id)
        now = studio.clock.now()
        self.decisions = [_card(view, now) for view in rulings]
        self.standing = standing_in_words(conduct)

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, RulingChanged) for event in events):
            await self._snapshot(studio, actor)


def standing_in_words(conduct: Conduct) -> str:
    """How many strikes there are, and what they lead to."""
    if conduct.paused_until:
        return paused_sentence(conduct.paused_until)
    if not conduct.strikes or conduct.counts_until is None:
        return "Nothing counts against you."
    strikes = "1 strike" if conduct.strikes == 1 else f"{conduct.strikes} strikes"
    return (
        f"You have {strikes}, the last one until {formats.day(conduct.counts_until)}. "
        f"{limits.STRIKES_TO_PAUSE} at once pause your publishing for {limits.PAUSE_DAYS} days."
    )


def _card(view: RulingView, now: datetime) -> DecisionCard:
    return DecisionCard(
        id=view.id,
        image_id=view.image_id,
        what=_what(view),
        quoted=view.quoted,
        because=view.because,
        when=formats.ago(view.decided_at, now),
        appeal=view.appeal,
        outcome=_OUTCOMES[view.outcome],
        outcome_because=view.outcome_because,
        may_appeal=not view.outcome,
    )


def _what(view: RulingView) -> str:
    if view.decision != "removed":
        return f"Your picture was marked as {view.decision}"
    return "Your comment was removed" if view.comment_id else "Your picture was taken out of the gallery"
