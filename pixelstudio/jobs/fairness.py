"""Fair turns: within a priority class everybody who waits gets the same share of a lane, however much they have put in.

Start-time fair queueing. A class of a lane has a *virtual time*; it moves to the place of whatever is taken from it. A job's place, its
*virtual finish time*, is fixed when it is put in: behind the last one of the same person, but never before the class's virtual time, by
its cost over that person's weight. So the claim only reads an index in order, and nobody is searched for:

    virtual time of the class          0         1         2         3
    two thousand of Ines, from 0 on    |----1----|----2----|----3----| ...
    Marc comes when 1 has been taken             |----1----|----2----|

Who has been away begins at the present, so no share is saved up and none is owed. Between two who both wait, what was taken of one, over
its weight, never runs ahead of the other by more than the dearest job of each (`tests/jobs/test_fairness.py`).
"""

# ruff: noqa: S608  # every text is built here, from constants of this package

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import text

from pixelstudio.db.script import one_step
from pixelstudio.jobs.job import WAITING, state_in
from pixelstudio.jobs.statements import DIALECTS, FLOW, STATEMENTS, Dialect, vtime_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Transaction


class Priority(IntEnum):
    """The classes of a lane: as long as one of an earlier class is ready, none of a later class begins."""

    FIRST = 0
    """What had begun before and is taken up again: somebody else has done, and perhaps charged for, the larger part of it."""
    INTERACTIVE = 1
    NORMAL = 2
    BATCH = 3
    LAST = 4
    """Behind everybody."""


class FlowKey(NamedTuple):
    """Whose share of what: one person in one class of a lane. "" is nobody: the installation's own jobs share one flow."""

    lane: str
    prio: int
    user_id: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides where a new job stands."""

    flow: FlowKey
    cost: float
    weight: float

    @property
    def span(self) -> float:
        """How far it moves its owner on in virtual time."""
        return self.cost / self.weight


@dataclass(frozen=True, slots=True)
class Place:
    """A job that was called off before it ever began: where it stood, and by how much it had moved its owner on."""

    flow: FlowKey
    vft: float
    cost: float


@dataclass(frozen=True, slots=True)
class Flow:
    """How far somebody has come, locked until the end of the transaction."""

    last_vft: float
    weight: float

    def without(self, places: Iterable[Place]) -> float:
        """How far they have come when these are taken off the end; what stood in the middle has been waited for and stays counted."""
        last = self.last_vft
        for place in sorted(places, key=lambda place: place.vft, reverse=True):
            if place.vft < last - _NOISE:
                break
            last -= place.cost / self.weight
        return last


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Jobs that are put in together: `flows` moves each of their owners on by all of theirs, to the place of their last one."""

    flows: str
    """As the queue's SQL reads it."""
    behind: list[float]
    """Of each job, how far before its owner's last one it stands."""


_NOISE: Final = 1e-6


def _lock_flows(d: Dialect) -> str:
    mine = f"j.id IN {d.ids} AND j.{state_in(*WAITING)} AND j.lane=q_flow.lane AND j.prio=q_flow.prio AND COALESCE(j.user_id,'')=q_flow.user_id"
    return f"SELECT {FLOW},last_vft,weight FROM q_flow WHERE EXISTS (SELECT 1 FROM q_job j WHERE {mine}) ORDER BY {FLOW}{d.for_update}"


_LOCK_FLOWS: Final = {name: _lock_flows(dialect) for name, dialect in DIALECTS.items()}
_SET_LAST: Final = text("UPDATE q_flow SET last_vft=:last WHERE lane=:lane AND prio=:prio AND user_id=:user_id")
_FORGET: Final = text("DELETE FROM q_flow WHERE user_id=:user_id")
_FORGET_PAST: Final = f"DELETE FROM q_flow WHERE last_vft<={vtime_of('q_flow')}"


async def places_for(tx: Transaction, turns: Sequence[Turn]) -> list[float]:
    """The virtual finish time of each, in the order given; locks the flows until the commit, in the order of their keys."""
    arrivals = arrivals_of(turns)
    moved_on = await tx.script(one_step(STATEMENTS[tx.dialect].advance, {"flows": arrivals.flows}))
    ends = {FlowKey(*row[:3]): row[3] for row in moved_on}
    return [ends[turn.flow] - behind for turn, behind in zip(turns, arrivals.behind, strict=True)]


def arrivals_of(turns: Sequence[Turn]) -> Arrivals:
    """How these come to stand, in the order given: everybody's own before one another."""
    flows: dict[FlowKey, dict[str, Any]] = {}
    behind: list[float] = []
    for turn in reversed(turns):  # last one first: it stands exactly at the end, whatever the rounding
        flow = flows.setdefault(turn.flow, turn.flow._asdict() | {"span": 0.0, "weight": turn.weight})
        behind.append(flow["span"])
        flow["span"] += turn.span
    return Arrivals(json.dumps(list(flows.values())), behind[::-1])


async def lock_flows(tx: Transaction, job_ids: Iterable[int]) -> dict[FlowKey, Flow]:
    """Lock how far the owners of those of these jobs have come that wait; before the jobs themselves are locked."""
    rows = [tuple(row) for row in await tx.exec(text(_LOCK_FLOWS[tx.dialect]), {"ids": json.dumps(list(job_ids))})]
    return {FlowKey(*row[:3]): Flow(*row[3:]) for row in rows}


async def take_back(tx: Transaction, flows: dict[FlowKey, Flow], places: Iterable[Place]) -> None:
    """Let nobody pay with their share for what they called off, as far as nothing of theirs stands behind it."""
    by_flow: dict[FlowKey, list[Place]] = {}
    for place in places:
        by_flow.setdefault(place.flow, []).append(place)
    for key in sorted(flows.keys() & by_flow.keys()):
        if (last := flows[key].without(by_flow[key])) < flows[key].last_vft:
            await tx.exec(_SET_LAST, {**key._asdict(), "last": last})


async def forget_flows(tx: Transaction, user_id: UserId) -> None:
    """Forget somebody. Safe to repeat."""
    await tx.exec(_FORGET, {"user_id": user_id})


def forget_past() -> tuple[str, dict[str, Any]]:
    """The step of a script that forgets everybody whose last job has had its turn: they would begin at the present anyway."""
    return _FORGET_PAST, {}
