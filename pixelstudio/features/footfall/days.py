"""Days: what each process has counted is added to the rows of today, and the last days are told to a maintainer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from pixelstudio.core.errors import NotAllowed, Unavailable
from pixelstudio.core.log import get_logger
from pixelstudio.features.footfall.tables import FootfallDayRow

if TYPE_CHECKING:
    from datetime import date

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

VIEWS: Final = "views"
"""Pages opened in a browser; programs that only fetch are not counted."""
CREATIONS: Final = "creations"
"""Pictures that came."""
VISITS: Final = "visits"
"""Members who came, each once a day."""
RETURNS: Final = "returns"
"""Those of them who had registered before that day."""
WRITTEN_EVERY_S: Final = 30.0
SHOWN_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day in figures."""

    day: date
    views: int = 0
    creations: int = 0
    visits: int = 0
    returns: int = 0


async def write_down(studio: Studio) -> None:
    """Add what this process has counted to today (UTC). What cannot be written now counts on."""
    counted = studio.tally.take()
    if not counted:
        return
    try:
        async with studio.db.transaction() as tx:
            for what in sorted(counted):
                await _add(tx, what, counted[what])
    except Unavailable:
        studio.tally.give_back(counted)
        get_logger().warning("footfall.not_written")


async def keep_counting(studio: Studio) -> None:
    """Write down every half minute, for as long as the process runs."""
    while True:
        await asyncio.sleep(WRITTEN_EVERY_S)
        await write_down(studio)


async def days_of(reader: Reader, *, by: Actor) -> list[Day]:
    """The last days, today first, those on which nothing happened too. For maintainers alone: raises `NotAllowed`. One query."""
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can do that.")
    today = reader.now.date()
    days = [today - timedelta(days=n) for n in range(SHOWN_DAYS)]
    rows = (await reader.exec(select(FootfallDayRow).where(col(FootfallDayRow.day) >= days[-1].isoformat()))).scalars()
    counted = {(row.day, row.what): row.count for row in rows}
    figures = (VIEWS, CREATIONS, VISITS, RETURNS)
    return [Day(day, **{what: counted.get((day.isoformat(), what), 0) for what in figures}) for day in days]


async def _add(tx: Transaction, what: str, count: int) -> None:
    insert: Any = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    statement = insert(FootfallDayRow).values(day=tx.now.date().isoformat(), what=what, count=count)
    more = col(FootfallDayRow.count) + count
    await tx.exec(statement.on_conflict_do_update(index_elements=["day", "what"], set_={"count": more}))
