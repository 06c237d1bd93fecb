"""The statement: one account's entries, newest first, each with what was available after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import exists, func, select
from sqlmodel import col

from pixelstudio.core.errors import Invalid
from pixelstudio.core.pages import Page
from pixelstudio.features.credits.tables import CreditEntryRow

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader

Reason = Literal["welcome", "daily", "gift", "held", "used", "returned"]

PAGE: Final = 50
_ID_DIGITS_MAX: Final = 18
_REASONS: Final[dict[str, Reason]] = {"hold": "held", "capture": "used", "release": "returned"}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry. `available_delta` is what it changed for its owner to spend, `amount` how many credits it was about.

    `available_after` and `held_after` are the two sums over every entry up to this one.
    """

    reason: Reason
    amount: int
    available_delta: int
    available_after: int
    held_after: int
    generation_id: str
    at: datetime


async def statement_of(reader: Reader, account_id: UserId, *, before: str = "", limit: int = PAGE) -> Page[StatementLine]:
    """A page of the statement, after the cursor `before`. Raises `Invalid` for a cursor that is none of ours."""
    size = max(1, min(limit, PAGE))
    mine = col(CreditEntryRow.account_id) == account_id
    statement = select(CreditEntryRow).where(mine)
    if before:
        statement = statement.where(col(CreditEntryRow.id) < _place(before))
    rows = list((await reader.exec(statement.order_by(col(CreditEntryRow.id).desc()).limit(size + 1))).scalars())
    lines = await _lines(reader, account_id, rows[:size])
    return Page(lines, str(rows[size - 1].id) if len(rows) > size else "")


async def is_in_ledger(reader: Reader, account_id: UserId) -> bool:
    """Whether any entry names this account."""
    return bool((await reader.exec(select(exists().where(col(CreditEntryRow.account_id) == account_id)))).scalar_one())


async def _lines(reader: Reader, account_id: UserId, rows: list[CreditEntryRow]) -> list[StatementLine]:
    """Newest first: the sums up to the newest are asked once, the others follow from them."""
    if not rows:
        return []
    sums = (func.sum(col(CreditEntryRow.available_delta)).label("available"), func.sum(col(CreditEntryRow.held_delta)).label("held"))
    upto = select(*sums).where(col(CreditEntryRow.account_id) == account_id, col(CreditEntryRow.id) <= rows[0].id)
    total = (await reader.exec(upto)).one()
    after, held = int(total.available), int(total.held)
    lines: list[StatementLine] = []
    for row in rows:
        amount = abs(row.available_delta or row.held_delta)
        lines.append(StatementLine(_reason(row), amount, row.available_delta, after, held, row.generation_id or "", row.created_at))
        after, held = after - row.available_delta, held - row.held_delta
    return lines


def _reason(row: CreditEntryRow) -> Reason:
    if row.kind in _REASONS:
        return _REASONS[row.kind]
    kind = row.key.partition(":")[0]
    return "welcome" if kind == "sign-up" else "daily" if kind == "daily" else "gift"


def _place(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > _ID_DIGITS_MAX:
        raise Invalid("This page of the list is not known. Start again from the first page.", code="cursor_invalid", field="before")
    return int(cursor)
