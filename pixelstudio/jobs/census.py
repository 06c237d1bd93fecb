"""The census: how many jobs wait, run and are stuck in each lane, for a person who asks; and how many wait in all, for who adds to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.statements import READY, SCHEDULED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.db.transaction import Reader

_COUNTS: Final = """
    SELECT l.id, l.max_inflight,
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 2),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 1),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state IN (3, 4)),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 3 AND j.lease_until < :now),
        (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state = 8),
        (SELECT :now - min(j.run_at) FROM q_job j WHERE j.lane = l.id AND j.state = 2)
    FROM q_lane l ORDER BY l.id"""

_WAITING: Final = f"""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM q_job WHERE {READY} LIMIT :at_most) AS ready)
        + (SELECT count(*) FROM (SELECT 1 FROM q_job WHERE {SCHEDULED} LIMIT :at_most) AS later)"""  # noqa: S608  # constants of this package


@dataclass(frozen=True, slots=True)
class LaneCount:
    """One lane. `silent` jobs run, but their worker has not been heard of; `unknown` ones may have been paid for and wait to be decided."""

    lane: str
    max_inflight: int
    ready: int
    later: int
    running: int
    silent: int
    unknown: int
    oldest_ready_s: float
    """How long the first in line has been ready; 0 when nobody waits."""


async def census(reader: Reader) -> list[LaneCount]:
    """Every lane that a worker has ever declared."""
    rows: Iterable[tuple[Any, ...]] = await reader.exec(text(_COUNTS), {"now": epoch(reader)})
    return [LaneCount(*counts, oldest_ready_s=max(0.0, waited_s or 0.0)) for *counts, waited_s in rows]


async def waiting(reader: Reader, at_most: int) -> int:
    """How many jobs wait in all lanes, now or for later. Counted no further than is asked for, so a long line costs little."""
    return min(at_most, int((await reader.exec(text(_WAITING), {"at_most": at_most})).scalar_one()))
