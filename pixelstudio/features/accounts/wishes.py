"""Wishes: how far somebody wants to go when they come across others' pictures. Nobody goes further than what is general unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.errors import Invalid
from pixelstudio.core.ratings import is_rating
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.accounts.tables import AccountRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def go_up_to(tx: Transaction, rating: str, *, by: Actor) -> None:
    """Come across pictures of this rating, and of all before it. Safe to repeat. Raises `Invalid`."""
    if not is_rating(rating):
        raise Invalid("Choose which pictures you want to come across.", code="rating_invalid", field="sees")
    row = await tx.get(AccountRow, by.id, for_update=True)
    if row is not None and row.sees != rating:
        row.sees = rating
        tx.add(row)
        await tx.publish(WishesChanged(account_id=by.id))
