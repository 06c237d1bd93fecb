"""Handover: what a guest drew becomes the pictures of the account they sign in to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.errors import NotSignedIn
from pixelstudio.features.accounts.closing import close, mark_erased
from pixelstudio.features.accounts.guests import lock_guest
from pixelstudio.features.generation.owners import give_sets
from pixelstudio.features.images.owners import give_pictures

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def carry_over(tx: Transaction, guest: Actor, account_id: UserId) -> int:
    """Give the guest's sets and pictures to the account, with their ids, and forget the guest; returns how many pictures.

    All in this transaction. A guest who registered or was forgotten a moment ago has nothing to carry over.
    """
    try:
        await lock_guest(tx, guest)
    except NotSignedIn:
        return 0
    await give_sets(tx, guest.id, account_id)
    pictures = await give_pictures(tx, guest.id, account_id)
    await close(tx, guest.id)
    await mark_erased(tx, guest.id, is_in_ledger=False)
    return pictures
