"""Grant, hold, capture, release; and the balance, which is a sum.

A hold has a key of its own, and its settlement - capture or release, whichever is first - takes the one key that belongs to it.
So a settlement can neither come twice nor without its hold, and always moves what was held: no order of calls goes below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Text, column, func, select, table
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotEnoughCredits
from pixelstudio.db.columns import as_stored
from pixelstudio.db.questions import Question, told
from pixelstudio.features.credits.tables import CreditEntryRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.core.ids import GenerationId, UserId
    from pixelstudio.db.transaction import Reader, Transaction

_account = table("account", column("id", Text))
_COLUMNS = ("account_id", "kind", "available_delta", "held_delta", "key", "generation_id", "created_at")
# On the path of every press and of every picture: raw, for that takes a tenth of the time.
_INSERT_ONCE: Final = f"INSERT INTO credit_entry({','.join(_COLUMNS)}) VALUES(:{',:'.join(_COLUMNS)}) ON CONFLICT(key) DO NOTHING"
_SETTLE: Final = (
    f"INSERT INTO credit_entry({','.join(_COLUMNS)})"  # noqa: S608  # the names of its columns
    " SELECT account_id,:kind,available_delta*:back,-held_delta,:settled,generation_id,:created_at"
    " FROM credit_entry WHERE key=:held AND kind='hold' ON CONFLICT(key) DO NOTHING"
)
_BALANCE: Final = Question(
    select(
        func.coalesce(func.sum(col(CreditEntryRow.available_delta)), 0).label("available"),
        func.coalesce(func.sum(col(CreditEntryRow.held_delta)), 0).label("held"),
    ).where(col(CreditEntryRow.account_id) == told("account_id"))
)


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole credits: free to spend, and held for work under way."""

    available: int
    held: int


async def grant(tx: Transaction, account_id: UserId, amount: int, *, key: str) -> None:
    """Give credits, once per `key`. Amount 0 writes nothing."""
    _refuse_negative(amount)
    if amount:
        await _insert_once(tx, account_id, "grant", amount, 0, key, None)


async def welcome(tx: Transaction, account_id: UserId) -> None:
    """The credits of a new account, once."""
    await grant(tx, account_id, limits.SIGN_UP_CREDITS, key=f"sign-up:{account_id}")


async def grant_daily(tx: Transaction, account_id: UserId) -> None:
    """The credit of this day (UTC), once a day."""
    await grant(tx, account_id, limits.DAILY_CREDITS, key=_daily_key(tx, account_id))


async def hold(
    tx: Transaction, account_id: UserId, amount_each: int, *, keys: Sequence[str], generation_id: GenerationId | None = None
) -> None:
    """Set aside `amount_each` under every key, all or none. Amount 0 writes nothing; a key held before is left as it is.

    Locks the account, so that two holds never spend the same credit. Raises `NotEnoughCredits`; then nothing is written.
    """
    _refuse_negative(amount_each)
    if not amount_each:
        return
    # As `Reader.get` locks: whoever settles meanwhile refers to the account, holds flows and jobs, and must not wait for us.
    await tx.exec(select(_account.c.id).where(_account.c.id == account_id).with_for_update(key_share=True))
    known = set((await tx.exec(select(col(CreditEntryRow.key)).where(col(CreditEntryRow.key).in_([_hold_key(k) for k in keys])))).scalars())
    missing = [key for key in dict.fromkeys(keys) if _hold_key(key) not in known]
    available = (await balance_of(tx, account_id)).available
    price = amount_each * len(missing)
    if price > available:
        raise _not_enough(price, available)
    for key in missing:
        await _insert_once(tx, account_id, "hold", -amount_each, amount_each, _hold_key(key), generation_id)


async def capture(tx: Transaction, key: str) -> None:
    """Spend what is held under `key`. Locks nothing; does nothing when it is settled already or was free."""
    await _settle(tx, key, "capture")


async def release(tx: Transaction, key: str) -> None:
    """Give back what is held under `key`. Locks nothing; does nothing when it is settled already or was free."""
    await _settle(tx, key, "release")


async def balance_of(reader: Reader, account_id: UserId) -> Balance:
    """What the account has now."""
    (found,) = await reader.ask(_BALANCE, account_id=account_id)
    return Balance(int(found.available), int(found.held))


async def has_daily(reader: Reader, account_id: UserId) -> bool:
    """Whether this day's credit (UTC) has arrived."""
    return (
        await reader.exec(select(col(CreditEntryRow.id)).where(col(CreditEntryRow.key) == _daily_key(reader, account_id)))
    ).first() is not None


def _daily_key(reader: Reader, account_id: UserId) -> str:
    return f"daily:{account_id}:{reader.now.date().isoformat()}"


def _hold_key(key: str) -> str:
    return f"hold:{key}"


def _refuse_negative(amount: int) -> None:
    if amount < 0:
        msg = f"credits move forward only, not by {amount}"
        raise ValueError(msg)


def _not_enough(price: int, available: int) -> NotEnoughCredits:
    have = "none" if available <= 0 else f"{available}"
    sentence = (
        f"This costs {price} credits and you have {have}. Choose fewer images or a cheaper model, or come back tomorrow for another credit."
    )
    return NotEnoughCredits(sentence, price=price, available=available)


async def _insert_once(
    tx: Transaction,
    account_id: UserId,
    kind: Literal["grant", "hold"],
    available_delta: int,
    held_delta: int,
    key: str,
    generation_id: GenerationId | None,
) -> None:
    values = (account_id, kind, available_delta, held_delta, key, generation_id, as_stored(tx.now, tx.dialect))
    await tx.write(_INSERT_ONCE, dict(zip(_COLUMNS, values, strict=True)))


async def _settle(tx: Transaction, key: str, kind: Literal["capture", "release"]) -> None:
    """One statement copies the hold with its signs turned, so the amounts cannot differ."""
    back = -1 if kind == "release" else 0
    settled = {"kind": kind, "back": back, "settled": f"settle:{key}", "held": _hold_key(key), "created_at": as_stored(tx.now, tx.dialect)}
    await tx.write(_SETTLE, settled)
