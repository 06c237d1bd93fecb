"""Batches: resumed where they stopped, without running anything twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs.batches import resume
from pixelstudio.jobs.dependencies import After, OnFailure
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Done, Failed
from tests.jobs.floor import Chore, put, select, state_of, states, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database

FAILED = Failed("broken", "It broke.")


async def resumed(db: Database) -> dict[int, int]:
    async with db.transaction() as tx:
        return {**await resume(tx, "b")}


async def a_stopped_batch(db: Database, chore: Chore) -> list[int]:
    """One done, one failed, a child of both that was cancelled, a child of the first that is ready, and one child of the cancelled one."""
    done, failed = await put(db, batch_id="b", params={"n": 0}), await put(db, batch_id="b", params={"n": 1})
    torn = await put(db, batch_id="b", params={"n": 2}, after=[After(done), After(failed)])
    spared = await put(db, batch_id="b", params={"n": 3}, after=[After(done)])
    last = await put(db, batch_id="b", params={"n": 4}, after=[After(torn, OnFailure.CANCEL)])
    for job in await take(db):
        await end_held(db, job, {"chore": chore}, FAILED if job.id == failed else Done(None))
    return [done, failed, torn, spared, last]


async def test_going_on_asks_again_for_what_did_not_come_and_for_nothing_else(db: Database):
    chore = Chore()
    done, failed, torn, spared, last = await a_stopped_batch(db, chore)

    stands_for = await resumed(db)

    assert stands_for.keys() == {failed, torn, last}
    assert await states(db, [done, failed, torn, spared, last]) == [
        JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.READY, JobState.CANCELLED,
    ]  # fmt: skip
    assert await states(db, [stands_for[failed], stands_for[torn], stands_for[last]]) == [
        JobState.READY,
        JobState.BLOCKED,
        JobState.BLOCKED,
    ]
    assert await select(db, "SELECT parent FROM q_dep WHERE child=:child AND on_failure<>3 ORDER BY parent", child=stands_for[torn]) == [
        (done,),
        (stands_for[failed],),
    ]


async def test_what_was_asked_for_again_runs_through_with_the_same_orders(db: Database):
    chore = Chore()
    _, failed, torn, spared, last = await a_stopped_batch(db, chore)
    stands_for = await resumed(db)

    ran: list[int] = []
    while held := await take(db):
        for job in held:
            ran.append(job.params["n"])
            await end_held(db, job, {"chore": chore}, Done(None))

    assert sorted(ran[:2]) == [1, 3]
    assert ran[2:] == [2, 4]
    assert await states(db, [spared, *(stands_for[job_id] for job_id in (failed, torn, last))]) == [JobState.DONE] * 4


@pytest.mark.parametrize("at_once", [True, False])
async def test_going_on_twice_asks_once(db: Database, at_once: bool):
    await a_stopped_batch(db, Chore())

    both = await asyncio.gather(resumed(db), resumed(db)) if at_once else [await resumed(db), await resumed(db)]

    assert sorted(map(len, both)) == [0, 3]


async def test_what_failed_again_can_be_asked_for_again(db: Database):
    chore = Chore()
    await put(db, batch_id="b")
    for _ in range(2):
        [job] = await take(db)
        await end_held(db, job, {"chore": chore}, FAILED)
        assert len(await resumed(db)) == 1

    assert [await state_of(db, job_id) for job_id in (1, 2, 3)] == [JobState.FAILED, JobState.FAILED, JobState.READY]
