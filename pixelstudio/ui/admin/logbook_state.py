"""The state of the logbook on /admin: what maintainers did, the latest first; sent to maintainers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.logbook.entries import PAGE, entries_of
from pixelstudio.features.logbook.events import LOGBOOK_TOPIC, LogbookWritten
from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.live import Live
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.logbook.entries import EntryView
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry."""

    number: int
    who: str
    act: str
    about: str
    words: str
    at: str
    at_words: str


class LogbookState(Live, rx.State):
    """A page of the logbook, and those before it that were asked for."""

    entries: list[EntryLine] = []  # noqa: RUF012  # Reflex copies defaults per state
    has_more: bool = False

    _members_only: ClassVar[bool] = False

    @guarded("maintainer")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page."""
        if self.has_more:
            await self._load(studio, actor, self.entries)

    def _topics(self) -> tuple[str, ...]:
        return (LOGBOOK_TOPIC,)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None or not actor.is_maintainer:
            self.entries, self.has_more = [], False
            return
        await self._load(studio, actor, [])

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        if any(isinstance(event, LogbookWritten) for event in events):
            await self._snapshot(studio, actor)

    async def _load(self, studio: Studio, actor: Actor, shown: list[EntryLine]) -> None:
        async with studio.db.reader() as reader:
            found = await entries_of(reader, before=shown[-1].number if shown else 0, by=actor)
        self.entries, self.has_more = [*shown, *map(_line, found)], len(found) == PAGE


def _line(view: EntryView) -> EntryLine:
    who = view.person.name if view.person else "Somebody who has left"
    return EntryLine(view.number, who, view.act, view.about, view.words, instant(view.at), formats.moment(view.at))
