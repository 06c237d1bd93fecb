"""Lanes, for whoever looks after the installation: how each stands and how true its forecasts are; held and let go by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import update
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.log import get_logger
from pixelstudio.features.generation.forecasts import HitRate, hit_rates
from pixelstudio.jobs.lanes import LaneStanding, standing
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.tables import LaneRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

WITHOUT_END: Final = 253_370_764_800.0
"""The epoch until which a lane is held that somebody will let go by hand: 1 January 9999."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: how it stands, and how the forecasts for it came out."""

    standing: LaneStanding
    forecasts: HitRate
    ready_since: datetime | None = None
    """When the job became ready that has waited longest; None when nobody waits."""

    @property
    def id(self) -> str:
        """Its name."""
        return self.standing.id

    @property
    def is_held(self) -> bool:
        """Whether it was paused by hand."""
        return self.standing.pause_reason == "maintainer"


async def lanes_of(reader: Reader) -> list[Lane]:
    """Every lane a worker has ever declared, by its name; two queries. For maintainers: what it tells is nobody else's."""
    rates = await hit_rates(reader)
    return [_lane(lane, rates, reader.now) for lane in await standing(reader)]


def _lane(lane: LaneStanding, rates: Mapping[str, HitRate], now: datetime) -> Lane:
    ready_since = now - timedelta(seconds=lane.oldest_ready_s) if lane.ready else None
    return Lane(lane, rates.get(lane.id, HitRate(lane.id, 0, 0, 0)), ready_since)


async def hold_lane(tx: Transaction, lane: str, *, by: Actor) -> None:
    """Let nothing begin in this lane until it is let go. What runs goes on. Raises `NotFound` for everybody but a maintainer.

    Safe to repeat; a pause of another kind gives way.
    """
    await _set(tx, lane, WITHOUT_END, "maintainer", by)
    get_logger().info("lane.held", lane=lane, by=by.id)


async def let_go(tx: Transaction, lane: str, *, by: Actor) -> None:
    """Let a lane go on that was held by hand. Raises `NotFound` for everybody but a maintainer, and where there is none to let go."""
    await _set(tx, lane, 0.0, None, by, held_only=True)
    tx.announce(JobsWaiting(lanes=(lane,)), JOBS_CHANNEL)
    get_logger().info("lane.let_go", lane=lane, by=by.id)


async def _set(tx: Transaction, lane: str, until: float, reason: str | None, by: Actor, *, held_only: bool = False) -> None:
    if not by.is_maintainer:
        raise NotFound
    which = [col(LaneRow.id) == lane, *([col(LaneRow.pause_reason) == "maintainer"] if held_only else [])]
    statement = update(LaneRow).where(*which).values(paused_until=until, pause_reason=reason)
    if not (await tx.exec(statement)).rowcount:
        raise NotFound("There is no such lane." if not held_only else "This lane is not paused by hand.")
