"""What a set will take, from what was drawn lately."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.features.generation.waits import Outlook, Pace, Wait, outlook, outlooks
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.queue import jobs_of_batch
from pixelstudio.jobs.statements import POSITION_EXACT_MAX
from pixelstudio.jobs.tables import JobRow
from pixelstudio.jobs.traffic import Traffic
from tests.factories import a_request, a_user
from tests.jobs.floor import take


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


def paced(**traffic):
    """A lane of two places in which such a picture takes two seconds, seldom three."""
    return Outlook({(256, 256): Pace(2.0, 3.0)}, Traffic("sketch", 2, **traffic))


async def test_who_is_ahead_and_how_many_are_drawn_at_once_count(studio):
    ines = await a_user(studio.db)
    model = studio.providers.models()[0]
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(count=4), ines)
    await take(studio.db, wanted=1, lane=Lane(model.lane, 2))

    assert (await known(studio))[1].traffic == Traffic(model.lane, 2, waiting=3, running=1)
    assert paced(waiting=3, running=1).wait(model, 256, 256, 2) == Wait(6.0, 9.0)


async def test_of_another_persons_long_line_only_their_share_is_before_a_newcomer(studio):
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    model = studio.providers.models()[0]
    await drawn(studio, omar, [2.0, 2.0, 2.0])
    async with studio.db.transaction() as tx:
        for _ in range(4):
            await submit(tx, studio, a_request(count=10), ines)
    await take(studio.db, wanted=2, lane=Lane(model.lane, 2))

    async with studio.db.reader() as reader:
        found = await outlook(reader, model, omar.id)
    async with studio.db.transaction() as tx:
        view = await submit(tx, studio, a_request(count=4), omar)
    async with studio.db.reader() as reader:
        last = max(job.position or 0 for job in await jobs_of_batch(reader, [view.id]))

    assert found.traffic.waiting == 38
    assert found.before[3] + 4 == last <= 10
    assert found.wait(model, 256, 256, 4) == found.wait_at(model, 256, 256, last)


async def test_a_place_in_line_has_its_own_wait(studio):
    model = studio.providers.models()[0]

    waits = [paced().wait_at(model, 256, 256, place) for place in (0, 1, 2, 3)]
    assert waits == [Wait(2, 3), Wait(2, 3), Wait(2, 3), Wait(3, 4.5)]
    assert [paced(running=2).wait_at(model, 256, 256, place) for place in (0, 1, 2)] == [Wait(2, 3), Wait(3, 4.5), Wait(4, 6)]
    assert paced().wait_at(model, 512, 512, 1) is None
    assert paced().wait_at(model, 256, 256, POSITION_EXACT_MAX + 1) is None


async def test_a_provider_that_takes_only_so_many_a_minute_makes_the_wait_longer(studio):
    model = studio.providers.models()[0]

    assert paced(rate=0.1).wait_at(model, 256, 256, 1) == Wait(2.0, 3.0)
    assert paced(rate=0.1).wait_at(model, 256, 256, 4) == Wait(32.0, 33.0)


@pytest.mark.parametrize(("held_by", "wait"), [("throttled", Wait(42.0, 43.0)), ("maintainer", None), ("breaker", None)])
async def test_a_pause_counts_when_its_end_is_known_and_nothing_is_said_when_it_is_not(studio, held_by, wait):
    model = studio.providers.models()[0]

    assert paced(held_by=held_by, held_for_s=40.0).wait_at(model, 256, 256, 1) == wait


async def test_how_a_lane_moves_is_looked_up_without_its_paces(studio):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [2.0, 2.0, 2.0])
    model, before = await known(studio)
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(count=2), ines)
    await take(studio.db, wanted=0, lane=Lane(model.lane, 2))

    async with studio.db.reader() as reader:
        now = (await outlooks(reader, [model], {model.lane: before}))[model.lane]

    assert now.paces is before.paces
    assert now.traffic == Traffic(model.lane, 2, waiting=2)


@pytest.mark.parametrize("took", [-1.0])
async def test_a_clock_that_went_back_is_not_counted(studio, took):
    ines = await a_user(studio.db)
    await drawn(studio, ines, [took] * 5)

    assert (await known(studio))[1].paces == {}
