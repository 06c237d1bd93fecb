"""A visit: the session shows a sign of life, and the day's credit arrives with the first visit of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pixelstudio.features.accounts.sessions import is_seen_lately, mark_seen
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.credits.ledger import grant_daily, has_daily

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


Visit = Literal["again", "first", "returned"]


async def is_visit_due(reader: Reader, actor: Actor) -> bool:
    """Whether `visit` would write anything: ask this first on a page load, and the writer's line stays short."""
    has_credit = actor.is_guest or await has_daily(reader, actor.id)
    return not (has_credit and await is_seen_lately(reader, actor.session_digest))


async def visit(tx: Transaction, actor: Actor) -> Visit:
    """Record that `actor` is here. Safe to repeat: a day (UTC) is credited once, an hour is written once; a guest gets no credits.

    Returns whether it is a member's first of the day, and then whether they had registered before that day.
    """
    await mark_seen(tx, actor.session_digest)
    if actor.is_guest or await has_daily(tx, actor.id):
        return "again"
    await grant_daily(tx, actor.id)
    account = await tx.get(AccountRow, actor.id)
    return "returned" if account is not None and account.created_at.date() < tx.now.date() else "first"
