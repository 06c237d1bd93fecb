"""Facts about rulings, for whom they are about and for whoever decides about appeals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.events import Event, event_kind

APPEALS_TOPIC: Final = "appeals"
"""What the maintainer's page listens to."""


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class RulingChanged(Event):
    """Something was decided about somebody's, they appealed, or their appeal was decided."""

    name = "ruling.changed"
    ruling_id: str
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}", APPEALS_TOPIC)
