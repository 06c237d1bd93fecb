"""What was shown of a wait is kept, and judged when the pictures are there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.generation.forecasts import JUDGED_DAYS, HitRate, drop, forget_forecasts, hit_rates
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.retries import retry
from pixelstudio.features.generation.settlements import Drawn
from pixelstudio.features.generation.tables import ForecastRow
from pixelstudio.features.generation.waits import Outlook, Pace
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Outcome
from pixelstudio.jobs.traffic import Traffic
from tests.factories import a_request, a_user
from tests.jobs.floor import take

SHOWN = Outlook({(256, 256): Pace(20.0, 30.0)}, Traffic("sketch"))
LANE = Lane("sketch", 2)
NOTHING = Done(Drawn({}))


async def asked(studio, by, shown: Outlook | None = SHOWN, **changes):
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, a_request(**changes), by, wait_shown=shown)


async def kept(studio):
    async with studio.db.reader() as reader:
        rows = (await reader.exec(select(ForecastRow).order_by(col(ForecastRow.job_id)))).scalars()
        return [(row.lane, row.low_s, row.high_s, row.took_s) for row in rows]


async def rates(studio):
    async with studio.db.reader() as reader:
        return await hit_rates(reader)


async def ended_after(studio, clock, seconds, outcome: Outcome = NOTHING):
    clock.advance(seconds)
    (job,) = await take(studio.db, wanted=1, lane=LANE)
    await end_held(studio.db, job, studio.kinds, outcome)


@pytest.fixture
async def ines(studio):
    return await a_user(studio.db)


async def test_each_job_keeps_what_was_shown_of_its_own_place(studio, ines):
    await asked(studio, ines, count=3)

    assert await kept(studio) == [("sketch", 20.0, 30.0, None), ("sketch", 20.0, 30.0, None), ("sketch", 30.0, 45.0, None)]


async def test_where_nothing_was_shown_nothing_is_kept(studio, ines):
    await asked(studio, ines, shown=None)
    await asked(studio, ines, width=512)

    assert await kept(studio) == []


async def test_sooner_within_and_later_are_told_apart(studio, clock, ines):
    for seconds in (5.0, 20.0, 30.0, 31.0):
        await asked(studio, ines)
        await ended_after(studio, clock, seconds)

    assert await rates(studio) == {"sketch": HitRate("sketch", sooner=1, within=2, later=1)}
    assert (await rates(studio))["sketch"].kept == 0.75


@pytest.mark.parametrize("outcome", [Failed("refused", "No."), Cancelled()])
async def test_what_brought_no_picture_is_not_judged(studio, clock, ines, outcome):
    await asked(studio, ines)
    await ended_after(studio, clock, 45.0, outcome)

    assert await kept(studio) == []
    assert await rates(studio) == {}


async def test_asking_again_keeps_what_is_shown_then(studio, clock, ines):
    view = await asked(studio, ines, shown=None)
    await ended_after(studio, clock, 1.0, Failed("refused", "No."))
    async with studio.db.transaction() as tx:
        await retry(tx, studio, view.id, 0, by=ines, wait_shown=SHOWN)

    assert await kept(studio) == [("sketch", 20.0, 30.0, None)]


async def test_old_forecasts_are_neither_counted_nor_kept_for_ever(studio, clock, ines):
    await asked(studio, ines)
    await ended_after(studio, clock, 45.0)

    clock.advance(JUDGED_DAYS * 86_400.0 + 1)
    assert await rates(studio) == {}
    await forget_forecasts(studio)
    assert len(await kept(studio)) == 1

    clock.advance(studio.settings.finished_jobs_keep_days * 86_400.0)
    await forget_forecasts(studio)
    assert await kept(studio) == []


async def test_what_its_owner_moved_is_not_judged(studio, clock, ines):
    await asked(studio, ines, count=2)
    (job,) = await take(studio.db, wanted=1, lane=LANE)
    async with studio.db.transaction() as tx:
        await drop(tx, [job.id])
    await end_held(studio.db, job, studio.kinds, NOTHING)

    assert await kept(studio) == [("sketch", 20.0, 30.0, None)]
