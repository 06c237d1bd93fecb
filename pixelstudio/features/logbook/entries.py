"""Entries of the logbook: written with each act of a maintainer's, and read page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotAllowed
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.logbook.events import LogbookWritten
from pixelstudio.features.logbook.tables import LogbookEntryRow

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

Act = Literal[
    "report.kept",
    "report.removed",
    "report.sensitive",
    "report.mature",
    "appeal.granted",
    "appeal.upheld",
    "word.blocked",
    "word.unblocked",
    "lane.held",
    "lane.let_go",
    "template.changed",
    "template.restored",
    "delivery.replayed",
    "password.link",
]
ACTS: Final[dict[Act, str]] = {
    "report.kept": "kept what was reported",
    "report.removed": "removed what was reported",
    "report.sensitive": "marked a picture as sensitive",
    "report.mature": "marked a picture as mature",
    "appeal.granted": "granted an appeal",
    "appeal.upheld": "turned an appeal down",
    "word.blocked": "blocked a word",
    "word.unblocked": "let a word be written again",
    "lane.held": "paused a lane",
    "lane.let_go": "let a lane go on",
    "template.changed": "changed a template",
    "template.restored": "restored a template",
    "delivery.replayed": "replayed a delivery",
    "password.link": "made a link to choose a new password",
}
PAGE: Final = 30
_ABOUT_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry, for a maintainer; `person` is None once they have left."""

    number: int
    person: PersonView | None
    act: str
    """In words."""
    about: str
    words: str
    at: datetime


async def note(tx: Transaction, act: Act, about: str, words: str = "", *, by: Actor) -> None:
    """Write down that the actor did this, in the transaction of the act itself."""
    row = LogbookEntryRow(
        maintainer_id=by.id, act=act, about=clip(clean_line(about), _ABOUT_MAX), words=clip(words, limits.REASON_MAX), at=tx.now
    )
    tx.add(row)
    await tx.publish(LogbookWritten(act=act))


async def forget_maintainer(tx: Transaction, account_id: UserId) -> None:
    """A maintainer leaves: what they did stays, without their name. Safe to repeat."""
    await tx.exec(update(LogbookEntryRow).where(col(LogbookEntryRow.maintainer_id) == account_id).values(maintainer_id=None))


async def entries_of(reader: Reader, *, before: int = 0, by: Actor) -> list[EntryView]:
    """A page of entries, the latest first, before the one of that number. For maintainers alone: raises `NotAllowed`. Two queries."""
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can do that.")
    statement = select(LogbookEntryRow).order_by(col(LogbookEntryRow.number).desc()).limit(PAGE)
    if before:
        statement = statement.where(col(LogbookEntryRow.number) < before)
    rows = list((await reader.exec(statement)).scalars())
    people = await people_by_id(reader, {row.maintainer_id for row in rows if row.maintainer_id})
    return [
        EntryView(
            row.number or 0, people.get(row.maintainer_id or ""), ACTS.get(cast("Act", row.act)) or row.act, row.about, row.words, row.at
        )
        for row in rows
    ]
