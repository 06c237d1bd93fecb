"""The meter counts every attempt once, in its lane and by its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.meter import BOUNDS_S, Meter, Spread
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.runner import Runner
from tests.jobs.floor import LANE, PATIENT, Chore, Lane, change, eventually, expire_leases, forever, put, running, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import JobContext


class Errand:
    """A kind on which nothing hangs."""

    name = "errand"
    timeout_s = 30.0
    max_attempts = 3

    async def run(self, context: JobContext) -> object:
        return context


async def moody(context: JobContext) -> None:
    match context.job.params.get("mood"):
        case "refuses":
            raise GiveUp("No.", code="refused")
        case "later" if context.job.attempt == 1:
            raise RetryLater("Not now.", code="busy")
        case "never":
            await forever(context)


def a_metered_runner(db: Database, meter: Meter) -> Runner:
    kinds = {kind.name: kind for kind in (Chore(moody), Errand())}
    return Runner(db, kinds, [Lane(LANE, 10)], ProgressBoard(db.bus), concurrency=8, pace=PATIENT, meter=meter)


def ended(meter: Meter) -> dict[str, int]:
    return dict(meter.lanes[LANE].ended) if LANE in meter.lanes else {}


async def test_every_attempt_is_counted_by_its_end(db: Database):
    meter = Meter()
    await put(db)
    await put(db, kind="errand")
    await put(db, params={"mood": "refuses"})
    await put(db, params={"mood": "later"})
    unwanted = await put(db, params={"mood": "never"})

    async with running(a_metered_runner(db, meter)):
        await eventually(lambda: sum(ended(meter).values()) == 5, within_s=15.0)
        async with db.transaction() as tx:
            await cancel(tx, [unwanted], {})
        await eventually(lambda: sum(ended(meter).values()) == 6, within_s=15.0)
        await put(db, params={"mood": "never"})
        await eventually(lambda: sum(meter.lanes[LANE].waited.counts) == 7, within_s=15.0)

    assert ended(meter) == {"done": 3, "failed": 1, "retried": 1, "cancelled": 1, "given_back": 1}
    assert sum(meter.lanes[LANE].ran.counts) == 7


async def test_what_a_silent_worker_held_is_counted_as_rescued(db: Database):
    meter = Meter()
    await put(db)
    await put(db, max_attempts=1)
    await take(db, worker="dead")
    await expire_leases(db)

    async with running(a_metered_runner(db, meter)):
        await eventually(lambda: ended(meter), within_s=15.0)

    assert meter.rescued == 2
    assert ended(meter) == {"done": 1}


async def test_an_overtaken_attempt_is_no_end_of_its_job(db: Database):
    meter = Meter()
    await put(db, params={"mood": "never"})
    slow = a_metered_runner(db, meter)

    async with running(slow):
        await eventually(lambda: slow.running == 1, within_s=15.0)
        await change(db, "UPDATE q_job SET worker='another', fence=fence+1")
        await eventually(lambda: ended(meter), within_s=15.0)

    assert ended(meter) == {"overtaken": 1}


def test_times_are_counted_where_they_belong():
    spread = Spread()

    for seconds in (-1.0, 0.05, 0.06, BOUNDS_S[-1], BOUNDS_S[-1] + 1):
        spread.note(seconds)

    assert (spread.counts[0], spread.counts[1], spread.counts[-2], spread.counts[-1]) == (2, 1, 1, 1)
    assert spread.total_s == pytest.approx(0.05 + 0.06 + 2 * BOUNDS_S[-1] + 1)
