"""What a set will take, from what was drawn lately."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.features.generation.waits import Outlook, Pace, Wait, outlook
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.tables import JobRow
from tests.factories import a_request, a_user


async def drawn(studio, by, seconds, **changes):
    """A set whose jobs took so long each."""
    async with studio.db.transaction() as tx:
        view = await submit(tx, studio, a_request(count=len(seconds), **changes), by)
        jobs = sorted((await tx.exec(select(col(JobRow.id)).where(col(JobRow.batch_id) == view.id))).scalars())
        for job, took in zip(jobs, seconds, strict=True):
            ended = {"state": int(JobState.DONE), "started": 100.0, "finished": 100.0 + took}
            await tx.exec(update(JobRow).where(col(JobRow.id) == job).values(ended))


async def known(studio):
    model = studio.providers.models()[0]
    async with studio.db.reader() as reader:
        return model, await outlook(reader, model)


async def test_nothing_is_expected_of_what_was_never_drawn_or_hardly(studio):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [1.0, 2.0])

    model, found = await known(studio)

    assert found.paces == {}
    assert found.wait(model, 256, 256, 1) is None


async def test_the_median_and_nine_in_ten_are_counted_by_size(studio):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [float(n) for n in range(1, 11)])
    await drawn(studio, ines, [20.0, 20.0, 20.0], width=512)

    model, found = await known(studio)

    assert found.paces == {(256, 256): Pace(5.0, 9.0), (512, 256): Pace(20.0, 20.0)}
    assert found.wait(model, 256, 256, 2) == Wait(5.0, 9.0)


async def test_a_copy_says_nothing_about_how_long_a_drawing_takes(studio):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [10.0, 10.0, 10.0])
    async with studio.db.transaction() as tx:
        await tx.exec(update(GenerationSlotRow).where(col(GenerationSlotRow.slot) == 0).values(is_copy=True))

    _, found = await known(studio)

    assert found.paces == {}


async def test_who_is_ahead_and_how_many_are_drawn_at_once_count(studio):
    ines = await a_user(studio.db)
    model = studio.providers.models()[0]
    assert model.lane_concurrency == 2

    ahead = Outlook({(256, 256): Pace(2.0, 3.0)}, ahead=3)
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(count=3), ines)

    assert ahead.wait(model, 256, 256, 2) == Wait(6.0, 9.0)
    assert (await known(studio))[1].ahead == 3


async def test_a_place_in_line_has_its_own_wait(studio):
    model, paced = studio.providers.models()[0], Outlook({(256, 256): Pace(2.0, 3.0)}, ahead=9)

    assert paced.wait_at(model, 256, 256, 1) == Wait(4.0, 6.0)
    assert paced.wait_at(model, 256, 256, 4) == Wait(6.0, 9.0)
    assert paced.wait_at(model, 512, 512, 1) is None


@pytest.mark.parametrize("took", [-1.0])
async def test_a_clock_that_went_back_is_not_counted(studio, took):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [took] * 5)

    assert (await known(studio))[1].paces == {}
