"""Facts about one's own inbox."""

from __future__ import annotations

from dataclasses import dataclass

from pixelstudio.core.events import Event, event_kind


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class InboxChanged(Event):
    """Something came into somebody's inbox, or was read there."""

    name = "inbox.changed"
    is_awaited = True
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)
