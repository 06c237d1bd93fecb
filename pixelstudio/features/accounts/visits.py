"""A visit: the session shows a sign of life, and the day's credit arrives with the first visit of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.features.accounts.sessions import is_seen_lately, mark_seen
from pixelstudio.features.credits.ledger import grant_daily, has_daily

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def is_visit_due(reader: Reader, actor: Actor) -> bool:
    """Whether `visit` would write anything: ask this first on a page load, and the writer's line stays short."""
    return not (await has_daily(reader, actor.id) and await is_seen_lately(reader, actor.session_digest))


async def visit(tx: Transaction, actor: Actor) -> None:
    """Record that `actor` is here. Safe to repeat: a day (UTC) is credited once, an hour is written once."""
    await mark_seen(tx, actor.session_digest)
    await grant_daily(tx, actor.id)
