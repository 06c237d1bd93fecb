"""Closing an account: from this moment nobody comes in by it, and nothing in its row says whose it was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotSignedIn
from pixelstudio.core.ids import UserId
from pixelstudio.features.accounts.events import PersonChanged
from pixelstudio.features.accounts.placeholders import email_without_address, handle_of_nobody
from pixelstudio.features.accounts.sessions import end_all
from pixelstudio.features.accounts.tables import AccountRow, AvatarRow, FormerHandleRow, PasswordResetRow, PreferenceRow, SignInSessionRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

GUEST_IDLE = timedelta(hours=limits.GUEST_IDLE_HOURS)


def refuse_other_handle(typed: str, *, by: Actor) -> None:
    """Whoever closes an account types its handle: nobody does that by mistake."""
    if typed.strip().lower().removeprefix("@") != by.handle:
        raise Invalid(f"Type your handle, {by.handle}, to delete this account.", code="handle_not_typed", field="typed_handle")


async def close(tx: Transaction, account_id: UserId) -> None:
    """Close an account: its sessions end and their tabs leave, its name, address and password go. What it made is `erasure`'s.

    The row stays for the ledger. Raises `NotSignedIn` when it is closed already.
    """
    row = await tx.get(AccountRow, account_id, for_update=True)
    if row is None or row.closed_at is not None:
        raise NotSignedIn
    await end_all(tx, account_id)
    row.email, row.handle = email_without_address(account_id), handle_of_nobody(account_id)
    row.password_hash = row.display_name = row.bio = ""
    row.is_maintainer = False
    row.handle_changed_at, row.closed_at = None, tx.now
    tx.add(row)
    for table in (AvatarRow, PreferenceRow, FormerHandleRow, PasswordResetRow):
        await tx.exec(delete(table).where(col(table.account_id) == account_id))
    await tx.flush()
    await tx.publish(PersonChanged(account_id=account_id))


async def idle_guests(reader: Reader, limit: int) -> list[UserId]:
    """Guests without a sign of life for `GUEST_IDLE_HOURS`."""
    since = reader.now - GUEST_IDLE
    is_here = exists().where(col(SignInSessionRow.account_id) == col(AccountRow.id), col(SignInSessionRow.seen_at) > since)
    idle = (col(AccountRow.is_guest), col(AccountRow.closed_at).is_(None), col(AccountRow.created_at) <= since, ~is_here)
    return [UserId(row) for row in (await reader.exec(select(col(AccountRow.id)).where(*idle).limit(limit))).scalars()]


async def is_idle_guest(tx: Transaction, account_id: UserId) -> bool:
    """Whether nobody has come back since, with the row locked: what follows in this transaction holds."""
    row = await tx.get(AccountRow, account_id, for_update=True)
    seen = select(func.max(col(SignInSessionRow.seen_at))).where(col(SignInSessionRow.account_id) == account_id)
    seen_at = (await tx.exec(seen)).scalar_one()
    return row is not None and row.is_guest and row.closed_at is None and (seen_at is None or seen_at <= tx.now - GUEST_IDLE)


async def closed_accounts(reader: Reader, limit: int) -> list[UserId]:
    """Accounts of which something may be left to erase, the longest closed first."""
    unfinished = select(col(AccountRow.id)).where(col(AccountRow.closed_at).is_not(None), col(AccountRow.erased_at).is_(None))
    return [UserId(row) for row in (await reader.exec(unfinished.order_by(col(AccountRow.closed_at)).limit(limit))).scalars()]


async def mark_erased(tx: Transaction, account_id: UserId, *, is_in_ledger: bool) -> None:
    """Nothing is left of the account: its row goes too, unless the ledger names it."""
    row = await tx.get(AccountRow, account_id, for_update=True)
    if row is None:
        return
    if is_in_ledger:
        row.erased_at = tx.now
        tx.add(row)
    else:
        await tx.exec(delete(AccountRow).where(col(AccountRow.id) == account_id))
