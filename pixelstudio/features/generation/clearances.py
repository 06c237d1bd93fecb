"""Clearances: jobs that ended leave their owner's list, and come back while that can be taken back. Nothing else follows from either.

The ledger, the pictures, what may be asked for again and the queue's own rows stay as they are; what has not ended stays on the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from pixelstudio.core.errors import Conflict
from pixelstudio.features.generation.generations import job_of_slot
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor

AT_ONCE: Final = 1_000
"""So many rows change in one commit."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """What was cleared as of one moment: whole sets, and single jobs `of_sets`. With `has_more` another call finds more."""

    at: datetime
    of_sets: tuple[str, ...]
    has_more: bool = False


async def clear_job(tx: Transaction, generation_id: str, slot: int, *, by: Actor) -> Clearance:
    """Take the job of this slot off its owner's list. Safe to repeat.

    Raises `NotFound` for everybody else, and `Conflict` for one that has not ended.
    """
    job_id = await job_of_slot(tx, by, generation_id, slot)
    of_job = (col(GenerationSlotRow.generation_id) == generation_id, col(GenerationSlotRow.job_id) == job_id)
    if (await tx.exec(select(col(GenerationSlotRow.slot)).where(*of_job, col(GenerationSlotRow.outcome).is_(None)))).first():
        raise Conflict("This has not ended yet. Cancel it first.", code="job_not_ended")
    await tx.exec(update(GenerationSlotRow).where(*of_job, col(GenerationSlotRow.cleared_at).is_(None)).values(cleared_at=tx.now))
    return Clearance(tx.now, (generation_id,))


async def clear_ended(tx: Transaction, at: datetime, *, by: Actor) -> Clearance:
    """Take everything of the actor's that has ended off their list, as of the moment `at`; of whole sets at most `AT_ONCE`."""
    is_listed = (col(GenerationRow.account_id) == by.id, col(GenerationRow.cleared_at).is_(None))
    has_more = await _change_sets(tx, (*is_listed, col(GenerationRow.ended_at).is_not(None)), at)
    open_sets = select(col(GenerationRow.id)).where(*is_listed, col(GenerationRow.ended_at).is_(None))
    slot, other = GenerationSlotRow, aliased(GenerationSlotRow)
    is_under_way = exists().where(col(other.job_id) == col(slot.job_id), col(other.outcome).is_(None))
    is_over = (col(slot.generation_id).in_(open_sets), col(slot.cleared_at).is_(None), ~is_under_way)
    return Clearance(at, await _change_jobs(tx, select(col(slot.job_id)).where(*is_over), at), has_more)


async def take_back(tx: Transaction, clearance: Clearance, *, by: Actor) -> bool:
    """Put what the actor cleared back on their list; whether there is more of it for another call."""
    own = col(GenerationRow.account_id) == by.id
    has_more = await _change_sets(tx, (own, col(GenerationRow.cleared_at) == clearance.at), None)
    of_sets = select(col(GenerationRow.id)).where(own, col(GenerationRow.id).in_(clearance.of_sets))
    slot = GenerationSlotRow
    is_cleared = (col(slot.generation_id).in_(of_sets), col(slot.cleared_at) == clearance.at)
    await _change_jobs(tx, select(col(slot.job_id)).where(*is_cleared), None)
    return has_more


async def _change_sets(tx: Transaction, which: tuple[ColumnElement[bool], ...], at: datetime | None) -> bool:
    """Mark the first so many of these sets; whether there are more."""
    due = select(col(GenerationRow.id)).where(*which).order_by(col(GenerationRow.id)).limit(AT_ONCE + 1)
    found = list((await tx.exec(due.with_for_update(key_share=True))).scalars())
    await tx.exec(update(GenerationRow).where(col(GenerationRow.id).in_(found[:AT_ONCE])).values(cleared_at=at))
    return len(found) > AT_ONCE


async def _change_jobs(tx: Transaction, which: Select[int], at: datetime | None) -> tuple[str, ...]:
    """Mark all slots of these jobs; returns the sets they are of."""
    job_ids = list((await tx.exec(which.distinct())).scalars())
    changed = update(GenerationSlotRow).where(col(GenerationSlotRow.job_id).in_(job_ids)).values(cleared_at=at)
    rows = (await tx.exec(changed.returning(col(GenerationSlotRow.generation_id)))).scalars()
    return tuple(sorted(set(rows)))
