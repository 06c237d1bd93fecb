"""Facts about the logbook, for maintainers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.events import Event, event_kind

LOGBOOK_TOPIC: Final = "logbook"


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class LogbookWritten(Event):
    """A maintainer did something."""

    name = "logbook.written"
    act: str

    def topics(self) -> tuple[str, ...]:
        return (LOGBOOK_TOPIC,)
