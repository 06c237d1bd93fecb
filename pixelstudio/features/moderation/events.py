"""Facts about reports, for whoever looks after the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.events import Event, event_kind

REPORTS_TOPIC: Final = "reports"
"""What the maintainer's page listens to."""


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChanged(Event):
    """Something was reported, or decided."""

    name = "report.changed"
    report_id: str

    def topics(self) -> tuple[str, ...]:
        return (REPORTS_TOPIC,)
