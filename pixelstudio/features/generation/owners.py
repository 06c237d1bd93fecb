"""All sets of one person at once: told one by one, given to another account, or called off and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, exists, select, update
from sqlmodel import col

from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.jobs import queue
from pixelstudio.jobs.fairness import forget_flows
from pixelstudio.jobs.holders import give_jobs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

TOLD_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One submit, as it was asked for."""

    id: str
    prompt: str
    negative_prompt: str
    model: str
    style: str
    seed: int
    width: int
    height: int
    count: int
    price_credits_each: int
    steps: int | None
    guidance: float | None
    reference_id: str
    strength: float | None
    mask_id: str
    overlay: dict[str, Any] | None
    created_at: datetime
    ended_at: datetime | None


async def sets_after(reader: Reader, by: Actor, last_id: str) -> Sequence[SetRecord]:
    """The next `TOLD_AT_ONCE` of the actor's sets, in the order of their ids."""
    mine = (col(GenerationRow.account_id) == by.id, col(GenerationRow.id) > last_id)
    rows = await reader.exec(select(GenerationRow).where(*mine).order_by(col(GenerationRow.id)).limit(TOLD_AT_ONCE))
    return [SetRecord(**{name: getattr(row, name) for name in SetRecord.__dataclass_fields__}) for row in rows.scalars()]


async def give_sets(tx: Transaction, giver: UserId, taker: UserId) -> None:
    """Make every set of `giver` the taker's, ids and all, with what is still being drawn.

    Jobs first, then sets: a drawing that ends just now holds its set's row and hangs its picture before this goes on.
    """
    mine = col(GenerationRow.account_id) == giver
    await forget_flows(tx, giver)
    await give_jobs(tx, (await tx.exec(select(col(GenerationRow.id)).where(mine))).scalars().all(), taker)
    await tx.exec(update(GenerationRow).where(mine).values(account_id=taker))


async def call_off(tx: Transaction, studio: Studio, account_id: UserId) -> None:
    """Cancel everything an account still waits for, and blank the words of all its sets. What was held for it is given back."""
    open_slots = (
        select(col(GenerationSlotRow.job_id))
        .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
        .where(col(GenerationRow.account_id) == account_id, col(GenerationSlotRow.outcome).is_(None))
    )
    await queue.cancel(tx, (await tx.exec(open_slots)).scalars().all(), studio.kinds)
    blank = {"prompt": "", "negative_prompt": "", "overlay": None}
    await tx.exec(update(GenerationRow).where(col(GenerationRow.account_id) == account_id).values(**blank))


async def forget_sets(tx: Transaction, account_id: UserId) -> bool:
    """Forget the ended sets of an account whose pictures are forgotten already; True when none is left.

    One with a job under way stays until that has ended: only then the ledger is settled.
    """
    await forget_flows(tx, account_id)
    await tx.exec(delete(GenerationRow).where(col(GenerationRow.account_id) == account_id, col(GenerationRow.ended_at).is_not(None)))
    return not (await tx.exec(select(exists().where(col(GenerationRow.account_id) == account_id)))).scalar_one()
