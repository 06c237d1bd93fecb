"""Erasure: an account is closed at once and for everybody; what it had is removed right after, in small steps.

What stays of a member is the ledger, under an id that leads to nobody: an account row without address, name and password. Sums must
still add up when somebody leaves. Of a guest nothing stays. A process killed half way leaves a closed account, and the next round of
upkeep goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import SQLModel

from pixelstudio.features.accounts.closing import close, closed_accounts, idle_guests, is_idle_guest, mark_erased
from pixelstudio.features.accounts.mutes import forget_mutes
from pixelstudio.features.credits.statement import is_in_ledger
from pixelstudio.features.gallery.owners import leave
from pixelstudio.features.generation.owners import call_off, forget_sets
from pixelstudio.features.images.owners import forget_owned, owns_pictures, take_down
from pixelstudio.features.logbook.entries import forget_maintainer
from pixelstudio.features.moderation.reports import forget_names
from pixelstudio.features.notifications.inbox import forget_sender

if TYPE_CHECKING:
    from sqlalchemy import Table

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.studio import Studio

AT_ONCE: Final = 20
# The row itself, the ledger, and what has its own way of going, in this order.
_LAST: Final = frozenset({"account", "credit_entry", "image", "generation"})


async def erase(tx: Transaction, studio: Studio, account_id: UserId) -> None:
    """Close an account: from this commit on nobody comes in by it and nobody sees its pictures. `finish` removes the rest.

    Raises `NotSignedIn` when it is closed already.
    """
    await close(tx, account_id)
    await call_off(tx, studio, account_id)
    await take_down(tx, account_id)


async def finish(studio: Studio, account_id: UserId) -> bool:
    """Remove what a closed account had, bytes and rows; False when something has to wait for a later round. Safe to repeat."""
    async with studio.db.transaction() as tx:
        await leave(tx, account_id)
        await forget_sender(tx, account_id)
        await forget_mutes(tx, account_id)
        await forget_maintainer(tx, account_id)
        await forget_names(tx, account_id)
        for table in _tables_of_accounts():
            await tx.exec(delete(table).where(table.c.account_id == account_id))
        await take_down(tx, account_id)  # a drawing that was too far gone to be called off
    while await forget_owned(studio, account_id):
        pass
    async with studio.db.transaction() as tx:
        if await owns_pictures(tx, account_id) or not await forget_sets(tx, account_id):
            return False
        await mark_erased(tx, account_id, is_in_ledger=await is_in_ledger(tx, account_id))
    return True


async def finish_closed(studio: Studio) -> None:
    """Upkeep: go on with accounts that were closed. Safe to repeat."""
    async with studio.db.reader() as reader:
        closed = await closed_accounts(reader, AT_ONCE)
    for account_id in closed:
        await finish(studio, account_id)


async def forget_idle_guests(studio: Studio) -> None:
    """Upkeep: guests without a sign of life for a day are forgotten, with what they drew. Safe to repeat."""
    async with studio.db.reader() as reader:
        idle = await idle_guests(reader, AT_ONCE)
    for account_id in idle:
        async with studio.db.transaction() as tx:
            if await is_idle_guest(tx, account_id):
                await erase(tx, studio, account_id)
    await finish_closed(studio)


def _tables_of_accounts() -> list[Table]:
    """Every table whose rows belong to an account, those that others refer to last."""
    tables = reversed(SQLModel.metadata.sorted_tables)
    return [table for table in tables if table.name not in _LAST and _belongs_to_account(table)]


def _belongs_to_account(table: Table) -> bool:
    return "account_id" in table.c and any(key.column.table.name == "account" for key in table.c.account_id.foreign_keys)
