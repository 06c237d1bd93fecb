"""Strikes: each removal counts as one for a while; so many at once pause publishing for some days. An appeal that is granted takes its strike.

The pause is asked of the rows, never stored: it begins with the last strike and ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotAllowed
from pixelstudio.db.questions import Question, told
from pixelstudio.features.conduct.tables import RulingRow

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

COUNTS_FOR: Final = timedelta(days=limits.STRIKE_DAYS)
PAUSE: Final = timedelta(days=limits.PAUSE_DAYS)
_STRIKES: Final = Question(
    select(col(RulingRow.decided_at), col(RulingRow.strike_until))
    .where(col(RulingRow.account_id) == told("account_id"), col(RulingRow.strike_until) > told("now"))
    .order_by(col(RulingRow.decided_at).desc())
)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How many strikes count now, until when the last of them does, and until when publishing is paused."""

    strikes: int = 0
    counts_until: datetime | None = None
    paused_until: datetime | None = None


async def conduct_of(reader: Reader, account_id: UserId) -> Conduct:
    """How somebody stands now. One query along an index."""
    rows = await reader.ask(_STRIKES, account_id=account_id, now=reader.now)
    if not rows:
        return Conduct()
    until = rows[0].decided_at + PAUSE
    is_paused = len(rows) >= limits.STRIKES_TO_PAUSE and until > reader.now
    return Conduct(len(rows), rows[0].strike_until, until if is_paused else None)


async def refuse_paused(reader: Reader, by: Actor) -> None:
    """Raise `NotAllowed` while the actor's publishing is paused, saying until when and what to do."""
    paused_until = (await conduct_of(reader, by.id)).paused_until
    if paused_until is not None:
        raise NotAllowed(paused_sentence(paused_until), code="publishing_paused")


def paused_sentence(until: datetime) -> str:
    """What somebody is told whose publishing is paused."""
    return (
        f"Your publishing is paused until {until.day} {until:%B %Y}: {limits.STRIKES_TO_PAUSE} things of yours were taken out of the gallery. "
        "Settings, Decisions, says why, and lets you appeal."
    )
