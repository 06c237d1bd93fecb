"""Lanes, for whoever looks after the installation: how each stands and how true its forecasts are; held and let go by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pixelstudio.core.errors import NotFound
from pixelstudio.core.log import get_logger
from pixelstudio.features.generation.forecasts import HitRate, hit_rates
from pixelstudio.features.logbook.entries import note
from pixelstudio.jobs import lanes
from pixelstudio.jobs.lanes import LaneStanding, standing

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
    """Let nothing begin in this lane until it is let go; what runs goes on. Raises `NotFound` for everybody but a maintainer. Safe to repeat."""
    _refuse_all_but_maintainers(by)
    await lanes.pause(tx, lane, WITHOUT_END)
    await note(tx, "lane.held", lane, by=by)
    get_logger().info("lane.held", lane=lane, by=by.id)


async def let_go(tx: Transaction, lane: str, *, by: Actor) -> None:
    """End the pause of a lane, whatever it was for; a failing provider is tried at once. Raises `NotFound` for everybody but a maintainer."""
    _refuse_all_but_maintainers(by)
    await lanes.resume(tx, lane)
    await note(tx, "lane.let_go", lane, by=by)
    get_logger().info("lane.let_go", lane=lane, by=by.id)


def _refuse_all_but_maintainers(by: Actor) -> None:
    if not by.is_maintainer:
        raise NotFound
