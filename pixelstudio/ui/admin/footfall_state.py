"""The state of footfall on /admin: the last days in figures; sent to the maintainer alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.features.footfall.days import days_of
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.footfall.days import Day
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day."""

    day: str
    views: str
    creations: str
    visits: str
    returns: str
    share: str
    """How many views beside the busiest day, as a width."""


class FootfallState(Notices, rx.State):
    """The last days, today first."""

    days: list[DayLine] = []  # noqa: RUF012  # Reflex copies defaults per state

    @guarded("anyone")
    async def list_days(self, studio: Studio, actor: Actor | None) -> Any:
        """Show them to a maintainer."""
        self.days = []
        if actor is not None and actor.is_maintainer:
            async with studio.db.reader() as reader:
                found = await days_of(reader, by=actor)
            most = max(day.views for day in found) or 1
            self.days = [_line(day, most) for day in found]


def _line(day: Day, most: int) -> DayLine:
    return DayLine(
        f"{day.day.day} {day.day:%B}",
        f"{day.views:,}",
        f"{day.creations:,}",
        f"{day.visits:,}",
        f"{day.returns:,}",
        f"{round(100 * day.views / most)}%",
    )
