"""Whose jobs they are: the account a job belongs to, for fair turns and for telling its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Transaction

_GIVE = text("UPDATE q_job SET user_id = :taker WHERE batch_id IN :batches").bindparams(bindparam("batches", expanding=True))


async def give_jobs(tx: Transaction, batch_ids: Sequence[str], taker: UserId) -> None:
    """Make every job of these batches the taker's, whatever state it is in. Safe to repeat."""
    if batch_ids:
        await tx.exec(_GIVE, {"taker": taker, "batches": list(batch_ids)})
