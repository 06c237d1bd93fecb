"""The state of moderation on /admin: what is reported, who appeals, and the blocked words; sent to the maintainer alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.events import Event
from pixelstudio.features.conduct.events import APPEALS_TOPIC, RulingChanged
from pixelstudio.features.conduct.rulings import open_appeals
from pixelstudio.features.moderation.appeals import decide_appeal
from pixelstudio.features.moderation.events import REPORTS_TOPIC, ReportChanged
from pixelstudio.features.moderation.reports import decide, open_reports
from pixelstudio.features.wording.blocked import block_word, blocked_words, unblock_word
from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.conduct.rulings import RulingView
    from pixelstudio.features.moderation.reports import ReportView
    from pixelstudio.studio import Studio


class DecisionFields(TypedDict, total=False):
    """What is decided about a report, and why."""

    report_id: str
    because: str
    decision: Literal["kept", "removed", "sensitive", "mature"]


class OutcomeFields(TypedDict, total=False):
    """What is decided about an appeal, and why."""

    ruling_id: str
    because: str
    outcome: Literal["granted", "upheld"]


class WordFields(TypedDict, total=False):
    """A word to block."""

    word: str


@dataclass(frozen=True, slots=True)
class ReportCard:
    """One open report."""

    id: str
    image_id: str
    what: str
    author: PersonCard
    reporter: PersonCard
    reason: str
    words: str
    quoted: str
    at: str
    at_words: str


@dataclass(frozen=True, slots=True)
class AppealCard:
    """One appeal that waits."""

    id: str
    image_id: str
    what: str
    person: PersonCard
    quoted: str
    because: str
    appeal: str
    at: str
    at_words: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, and the words nobody may write."""

    reports: list[ReportCard] = field(default_factory=list)
    appeals: list[AppealCard] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class ModerationState(Live, rx.State):
    """What waits for the maintainer's decision."""

    queue: Queue = Queue()

    _members_only: ClassVar[bool] = False

    @guarded("maintainer", form=DecisionFields)
    async def decide(self, studio: Studio, actor: Actor, *, form: DecisionFields) -> Any:
        """Keep what was reported, mark it, or take it out of everybody's sight."""
        async with studio.db.transaction() as tx:
            await decide(tx, form.get("report_id", ""), form.get("decision", "kept"), form.get("because", ""), by=actor)
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "Decided.")

    @guarded("maintainer", form=OutcomeFields)
    async def decide_appeal(self, studio: Studio, actor: Actor, *, form: OutcomeFields) -> Any:
        """Grant an appeal, or turn it down."""
        is_granted = form.get("outcome", "upheld") == "granted"
        async with studio.db.transaction() as tx:
            await decide_appeal(tx, form.get("ruling_id", ""), form.get("because", ""), is_granted=is_granted, by=actor)
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "Decided. They are told.")

    @guarded("maintainer", form=WordFields)
    async def block(self, studio: Studio, actor: Actor, *, form: WordFields) -> Any:
        """Block a word from now on."""
        async with studio.db.transaction() as tx:
            await block_word(tx, form.get("word", ""), by=actor)
        await self._snapshot(studio, actor)

    @guarded("maintainer", word=str)
    async def unblock(self, studio: Studio, actor: Actor, *, word: str) -> Any:
        """Let a word be written again."""
        async with studio.db.transaction() as tx:
            await unblock_word(tx, word, by=actor)
        await self._snapshot(studio, actor)

    def _topics(self) -> tuple[str, ...]:
        return (REPORTS_TOPIC, APPEALS_TOPIC)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None or not actor.is_maintainer:
            self.queue = Queue()
            return
        async with studio.db.reader() as reader:
            reports = [_card(view) for view in await open_reports(reader, by=actor)]
            appeals = [_appeal(view) for view in await open_appeals(reader, by=actor)]
            self.queue = Queue(reports, appeals, await blocked_words(reader))

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        if any(isinstance(event, (ReportChanged, RulingChanged)) for event in events):
            await self._snapshot(studio, actor)


def _card(view: ReportView) -> ReportCard:
    return ReportCard(
        id=view.id,
        image_id=view.image_id,
        what="A comment" if view.comment_id else "A picture",
        author=person_card(view.author),
        reporter=person_card(view.reporter),
        reason=view.reason,
        words=view.words,
        quoted=view.quoted,
        at=instant(view.created_at),
        at_words=formats.moment(view.created_at),
    )


def _appeal(view: RulingView) -> AppealCard:
    thing = "Comment" if view.comment_id else "Picture"
    return AppealCard(
        id=view.id,
        image_id=view.image_id,
        what=f"{thing} removed" if view.decision == "removed" else f"Marked as {view.decision}",
        person=person_card(view.person),
        quoted=view.quoted,
        because=view.because,
        appeal=view.appeal,
        at=instant(view.appealed_at or view.decided_at),
        at_words=formats.moment(view.appealed_at or view.decided_at),
    )
