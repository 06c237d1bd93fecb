"""Guests: strangers who try it without an account. Each is an account row of their own, which registering turns into a member's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotSignedIn
from pixelstudio.core.ids import UserId, new_id
from pixelstudio.features.accounts.errors import TooManyGuests
from pixelstudio.features.accounts.placeholders import email_without_address, handle_of_nobody
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.accounts.throttle import admit_guest

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def open_guest(tx: Transaction, ip: str) -> UserId:
    """A new guest; raises `TooMany` for an address that made many, `TooManyGuests` when there are as many as may be."""
    await admit_guest(tx, ip)
    living = select(func.count()).select_from(AccountRow).where(col(AccountRow.is_guest), col(AccountRow.closed_at).is_(None))
    if (await tx.exec(living)).scalar_one() >= limits.GUESTS_MAX:
        raise TooManyGuests
    account_id = UserId(new_id())
    tx.add(
        AccountRow(
            id=account_id,
            email=email_without_address(account_id),
            handle=handle_of_nobody(account_id),
            password_hash="",
            is_guest=True,
            created_at=tx.now,
        )
    )
    await tx.flush()
    return account_id


async def lock_guest(tx: Transaction, by: Actor) -> None:
    """Hold the guest's row to the end of this transaction; raises `NotSignedIn` when it is none any more."""
    row = await tx.get(AccountRow, by.id, for_update=True)
    if row is None or not row.is_guest or row.closed_at is not None:
        raise NotSignedIn
