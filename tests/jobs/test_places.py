"""Places their owner changes: aside and back, and before one's own others; nobody else's place moves, and nobody gains by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled
from pixelstudio.jobs.places import move_first, set_aside, take_up
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.rings import JobMoved, JobsWaiting
from tests.jobs.floor import LANE, Chore, change, put, select, state_of, states, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def a_line(db: Database, *people: str) -> list[int]:
    """One job each, in this order, a place apart."""
    ids = [await put(db, user_id=person) for person in people]
    for place, job_id in enumerate(ids, 1):
        await change(db, "UPDATE q_job SET vft=:place WHERE id=:id", place=float(place), id=job_id)
    return ids


async def in_line(db: Database) -> list[int]:
    return [row[0] for row in await select(db, "SELECT id FROM q_job WHERE state=2 ORDER BY prio, vft, id")]


async def acting(db: Database, act, *arguments):
    async with db.transaction() as tx:
        return await act(tx, *arguments)


async def test_what_is_put_aside_is_not_taken_until_it_is_taken_up_again(db: Database):
    first, second = await a_line(db, "ines", "ines")

    assert await acting(db, set_aside, [first]) == [first]
    assert [job.id for job in await take(db)] == [second]
    assert await acting(db, set_aside, [first, second]) == []  # once aside, and what runs is past it
    assert await acting(db, take_up, [first, second]) == [first]
    assert [job.id for job in await take(db)] == [first]


async def test_what_is_not_due_yet_waits_for_its_time_when_it_is_back(db: Database):
    later = await put(db, delay_s=600.0)
    assert await acting(db, set_aside, [later]) == [later]

    await acting(db, take_up, [later])
    assert await state_of(db, later) == JobState.SCHEDULED

    await acting(db, set_aside, [later])
    await change(db, "UPDATE q_job SET run_at=run_at-1000")
    await acting(db, take_up, [later])
    assert await state_of(db, later) == JobState.READY


async def test_what_was_sent_to_somebody_who_charges_is_past_being_put_aside(db: Database):
    sent = await put(db)
    await change(db, "UPDATE q_job SET phase=1")

    assert await acting(db, set_aside, [sent]) == []


async def test_a_job_put_aside_can_be_called_off_and_is_settled(db: Database):
    chore, job_id = Chore(), await put(db)
    await acting(db, set_aside, [job_id])

    async with db.transaction() as tx:
        assert await cancel(tx, [job_id], {"chore": chore}) == 1

    assert await state_of(db, job_id) == JobState.CANCELLED
    assert chore.settled == [(job_id, Cancelled())]


async def test_workers_and_its_owner_hear_when_a_job_is_back(db: Database):
    job_id = await put(db, user_id="ines", batch_id="b")
    await acting(db, set_aside, [job_id])

    with db.bus.subscribe("user:ines", "jobs") as heard:
        await acting(db, take_up, [job_id])
        told = await heard.get_batch(0)

    assert JobMoved(job_id=job_id, batch_id="b", audience="ines") in told
    assert JobsWaiting(lanes=(LANE,), later=True) in told


async def test_going_first_changes_places_with_ones_own_and_with_nobody_elses(db: Database):
    ines1, omar1, ines2, omar2, ines3, ines4 = await a_line(db, "ines", "omar", "ines", "omar", "ines", "ines")

    assert sorted(await acting(db, move_first, ines3)) == [ines1, ines2, ines3]

    assert await in_line(db) == [ines3, omar1, ines1, omar2, ines2, ines4]
    assert await acting(db, move_first, ines3) == []


async def test_only_a_job_in_line_goes_first_and_only_within_its_class(db: Database):
    running, batch, first = await a_line(db, "ines", "ines", "ines")
    await take(db, wanted=1)
    await change(db, "UPDATE q_job SET prio=9 WHERE id=:id", id=batch)

    assert await acting(db, move_first, running) == []
    assert await acting(db, move_first, batch) == []
    assert await acting(db, move_first, 10_000) == []
    assert await in_line(db) == [first, batch]


@pytest.mark.parametrize(("vtime", "expected"), [(0.0, [1.0, 2.0, 3.0]), (50.0, [62.0, 64.0, 66.0])])
async def test_whoever_takes_many_up_together_passes_nobody(db: Database, vtime: float, expected: list[float]):
    """The line was at `vtime`, the person's last job at 60, and each of theirs takes a share of two."""
    ids = await a_line(db, "ines", "ines", "ines")
    await acting(db, set_aside, ids)
    await change(db, "UPDATE q_job SET cost=1")
    await change(db, "DELETE FROM q_class")
    await change(db, "DELETE FROM q_flow")
    await change(db, "INSERT INTO q_class(lane,prio,vtime) VALUES(:lane,1,:vtime)", lane=LANE, vtime=vtime)
    await change(db, "INSERT INTO q_flow(lane,prio,user_id,last_vft,weight) VALUES(:lane,1,'ines',60,0.5)", lane=LANE)

    await acting(db, take_up, ids)

    assert [row[0] for row in await select(db, "SELECT vft FROM q_job ORDER BY id")] == expected
    assert await select(db, "SELECT last_vft FROM q_flow") == [(max(60.0, expected[-1]),)]
    assert set(await states(db, ids)) == {JobState.READY}
