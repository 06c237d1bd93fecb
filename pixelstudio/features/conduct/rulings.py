"""Rulings: what a maintainer decided about something of somebody's, with the reason they read; each may be appealed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.text import clean_text, clip, within
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.conduct.events import RulingChanged
from pixelstudio.features.conduct.strikes import COUNTS_FOR
from pixelstudio.features.conduct.tables import RulingRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

Ruled = Literal["removed", "sensitive", "mature"]
Outcome = Literal["", "open", "upheld", "granted"]
SHOWN_MAX: Final = 100
"""As many are shown at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided about what. `before` is what an appeal that is granted brings back."""

    account_id: str
    image_id: str
    decision: Ruled
    because: str
    comment_id: str = ""
    quoted: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class RulingView:
    """A ruling, for whom it is about or for a maintainer."""

    id: str
    account_id: str
    person: PersonView | None
    """Whose it is, where a maintainer looks."""
    image_id: str
    comment_id: str
    decision: Ruled
    because: str
    quoted: str
    before: str
    decided_at: datetime
    strike_until: datetime | None
    appeal: str
    appealed_at: datetime | None
    outcome: Outcome
    outcome_because: str


async def rule(tx: Transaction, ruling: Ruling) -> str:
    """Write a ruling down; returns its id. A removal counts as a strike from now on. Called by moderation alone."""
    row = RulingRow(
        id=new_id(),
        account_id=ruling.account_id,
        image_id=ruling.image_id,
        comment_id=ruling.comment_id,
        decision=ruling.decision,
        because=ruling.because,
        quoted=clip(ruling.quoted, limits.REASON_MAX),
        before=ruling.before,
        decided_at=tx.now,
        strike_until=tx.now + COUNTS_FOR if ruling.decision == "removed" else None,
    )
    tx.add(row)
    await tx.flush()
    await tx.publish(RulingChanged(ruling_id=row.id, account_id=row.account_id))
    return row.id


async def appeal(tx: Transaction, ruling_id: str, words: str, *, by: Actor) -> None:
    """Ask for another look at what was decided about something of one's own, once.

    Raises `Invalid`, `NotFound`, and `Conflict` the second time.
    """
    said = clean_text(words)
    if not said:
        raise Invalid("Say why you see it differently.", code="appeal_empty", field="appeal")
    within(said, limits.REASON_MAX, "An appeal has", code="appeal_too_long", field="appeal")
    row = await own_row(tx, RulingRow, ruling_id, by=by, for_update=True)
    if row.outcome:
        raise Conflict("You have appealed this already. One appeal is looked at.", code="appealed_already")
    row.appeal, row.appealed_at, row.outcome = said, tx.now, "open"
    tx.add(row)
    await tx.publish(RulingChanged(ruling_id=row.id, account_id=row.account_id))


async def settle(tx: Transaction, ruling_id: str, because: str, *, is_granted: bool) -> RulingView:
    """Decide an open appeal; one that is granted takes the strike away. Called by moderation alone, which brings back what there is.

    Raises `NotFound`, and `Conflict` when there is none to decide.
    """
    row = await tx.get(RulingRow, ruling_id, for_update=True) if is_id(ruling_id) else None
    if row is None:
        raise NotFound
    if row.outcome != "open":
        raise Conflict("There is no appeal to decide here.", code="appeal_decided")
    row.outcome, row.outcome_because, row.outcome_at = "granted" if is_granted else "upheld", because, tx.now
    if is_granted:
        row.strike_until = None
    tx.add(row)
    await tx.flush()
    await tx.publish(RulingChanged(ruling_id=row.id, account_id=row.account_id))
    return _view(row, None)


async def rulings_of(reader: Reader, by: Actor) -> list[RulingView]:
    """What was decided about the actor's own, the latest first."""
    mine = select(RulingRow).where(col(RulingRow.account_id) == by.id)
    newest = (col(RulingRow.decided_at).desc(), col(RulingRow.id).desc())
    return [_view(row, None) for row in (await reader.exec(mine.order_by(*newest).limit(SHOWN_MAX))).scalars()]


async def open_appeals(reader: Reader, *, by: Actor) -> list[RulingView]:
    """The appeals that wait, the longest waiting first. For the maintainer alone. Two queries."""
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can do that.")
    waiting: Any = select(RulingRow).where(col(RulingRow.outcome) == "open").order_by(col(RulingRow.appealed_at), col(RulingRow.id))
    rows: Sequence[RulingRow] = list((await reader.exec(waiting.limit(SHOWN_MAX))).scalars())
    people = await people_by_id(reader, {row.account_id for row in rows})
    return [_view(row, people.get(row.account_id)) for row in rows]


def _view(row: RulingRow, person: PersonView | None) -> RulingView:
    return RulingView(
        id=row.id,
        account_id=row.account_id,
        person=person,
        image_id=row.image_id or "",
        comment_id=row.comment_id,
        decision=cast("Ruled", row.decision),
        because=row.because,
        quoted=row.quoted,
        before=row.before,
        decided_at=row.decided_at,
        strike_until=row.strike_until,
        appeal=row.appeal,
        appealed_at=row.appealed_at,
        outcome=cast("Outcome", row.outcome),
        outcome_because=row.outcome_because,
    )
