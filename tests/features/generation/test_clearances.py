"""Clearances: what has ended leaves its owner's list and comes back; nothing else changes, and nobody else's does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.errors import Conflict, NotFound
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.generation import clearances
from pixelstudio.features.generation.clearances import clear_ended, clear_job, take_back
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.own_jobs import cancel_job, ended_jobs, ended_jobs_of_sets, open_jobs
from pixelstudio.features.generation.retries import retry_set
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Failed
from tests.factories import PricedSketch, a_request, a_studio, a_user, done
from tests.jobs.floor import change, take


@pytest.fixture
def priced(database, clock, children):
    return a_studio(database, clock, children, PricedSketch(children))


async def a_called_off_set(studio, by, count=1, only=None):
    view = await done(studio, submit, studio, a_request(count=count), by)
    for slot in range(count) if only is None else only:
        await done(studio, cancel_job, studio, view.id, slot, by=by)
    return view


async def listed(studio, by):
    """The jobs on the list, read in small pages, and the same set by set as a live page reads them."""
    found, place = [], None
    async with studio.db.reader() as reader:
        while True:
            page, place = await ended_jobs(reader, studio, by, before=place, limit=2)
            found += page
            if place is None:
                break
        ids = {row.generation_id for row in (await reader.exec(select(col(GenerationSlotRow.generation_id)))).all()}
        again = await ended_jobs_of_sets(reader, studio, by, ids)
    assert [job.job_id for job in again] == [job.job_id for job in found]
    return [(job.generation_id, job.slot) for job in found]


async def test_one_job_leaves_the_list_and_the_others_speak_for_the_set(studio):
    ines = await a_user(studio.db)
    view = await a_called_off_set(studio, ines, 3)

    cleared = await done(studio, clear_job, view.id, 2, by=ines)

    assert await listed(studio, ines) == [(view.id, 1), (view.id, 0)]
    async with studio.db.reader() as reader:
        jobs, _ = await ended_jobs(reader, studio, ines)
    assert [job.set_shortfall.pictures for job in jobs] == [3, 0]
    assert not await done(studio, take_back, cleared, by=ines)
    assert await listed(studio, ines) == [(view.id, 2), (view.id, 1), (view.id, 0)]


async def test_everything_that_ended_leaves_in_steps_and_comes_back_and_what_was_cleared_before_does_not(studio, clock, monkeypatch):
    monkeypatch.setattr(clearances, "AT_ONCE", 2)
    ines = await a_user(studio.db)
    sets = [await a_called_off_set(studio, ines) for _ in range(5)]
    part = await a_called_off_set(studio, ines, 3, only=(0, 1))
    await done(studio, clear_job, sets[0].id, 0, by=ines)
    clock.advance(1)
    before, at = await listed(studio, ines), clock.now()
    assert len(before) == 6

    steps = [await done(studio, clear_ended, at, by=ines) for _ in range(3)]

    assert await listed(studio, ines) == []
    assert [step.has_more for step in steps] == [True, True, False]
    assert {*steps[0].of_sets} == {part.id}
    async with studio.db.reader() as reader:
        assert [job.slot for job in await open_jobs(reader, studio, ines)] == [2]
    clock.advance(1)
    await done(studio, cancel_job, studio, part.id, 2, by=ines)
    assert await listed(studio, ines) == [(part.id, 2)]
    assert [await done(studio, take_back, steps[0], by=ines) for _ in range(3)] == [True, True, False]
    assert {*await listed(studio, ines)} == {(part.id, 2), *before}


async def test_a_job_of_several_pictures_stays_until_all_of_them_ended(studio, clock):
    ines = await a_user(studio.db)
    view = await a_called_off_set(studio, ines, 2, only=(0,))
    await change(studio.db, "UPDATE generation_slot SET job_id=(SELECT min(job_id) FROM generation_slot)")

    with pytest.raises(Conflict):
        await done(studio, clear_job, view.id, 0, by=ines)

    assert (await done(studio, clear_ended, clock.now(), by=ines)).of_sets == ()


async def test_nobody_can_say_the_end_of_it_so_it_stays(priced, clock):
    ines = await a_user(priced.db)
    view = await done(priced, submit, priced, a_request(), ines)
    await change(priced.db, f"UPDATE q_job SET state={JobState.UNKNOWN.value}")
    before = await done(priced, balance_of, ines.id)

    with pytest.raises(Conflict):
        await done(priced, clear_job, view.id, 0, by=ines)
    await done(priced, clear_ended, clock.now(), by=ines)

    async with priced.db.reader() as reader:
        assert [job.state for job in await open_jobs(reader, priced, ines)] == ["unknown"]
    assert await done(priced, balance_of, ines.id) == before


async def test_what_was_cleared_may_be_asked_for_again_and_costs_what_it_did(priced, clock):
    ines = await a_user(priced.db)
    view = await done(priced, submit, priced, a_request(), ines)
    (job,) = await take(priced.db, wanted=1, lane=Lane("sketch", 8))
    await end_held(priced.db, job, priced.kinds, Failed("refused", "The provider refused this prompt."))
    await done(priced, clear_ended, clock.now(), by=ines)

    again = await done(priced, retry_set, priced, view.id, by=ines, quote_shown=2)

    assert again.seed == view.seed
    assert (await done(priced, balance_of, ines.id)).held == 2


async def test_nobody_clears_or_brings_back_what_is_somebody_elses(studio, clock):
    ines, bob = await a_user(studio.db), await a_user(studio.db, "bob")
    hers = await a_called_off_set(studio, ines, 2, only=(0,))
    whole = await a_called_off_set(studio, ines)

    with pytest.raises(NotFound):
        await done(studio, clear_job, hers.id, 0, by=bob)
    assert await done(studio, clear_ended, clock.now(), by=bob) == clearances.Clearance(clock.now(), ())
    assert len(await listed(studio, ines)) == 2

    cleared = await done(studio, clear_ended, clock.now(), by=ines)
    await done(studio, take_back, replace(cleared, of_sets=(hers.id, whole.id)), by=bob)
    assert await listed(studio, ines) == []
