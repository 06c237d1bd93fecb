"""Never pay twice: once bytes have left for somebody who charges, only the run itself may say that trying again costs nothing."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.db.engine import Database
from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Failed, JobContext
from pixelstudio.jobs.retry import ANSWER_LOST
from tests.jobs.floor import Chore, a_runner, change, eventually, put, running, select, state_of


async def phase_of(db: Database, job_id: int) -> int:
    return (await select(db, "SELECT phase FROM q_job WHERE id=:id", id=job_id))[0][0]


def sending_then(error: Exception | None):
    async def work(context: JobContext) -> object:
        await context.mark_sent()
        if error is not None:
            raise error
        return await asyncio.Event().wait()

    return work


async def ended(db: Database, chore: Chore) -> None:
    async with running(a_runner(db, chore)):
        await eventually(lambda: bool(chore.settled))


@pytest.mark.parametrize("error", [ValueError("our own fault"), OSError("disk full")])
async def test_a_fault_after_sending_ends_the_job_instead_of_sending_again(db: Database, error: Exception):
    chore = Chore(sending_then(error))
    job_id = await put(db)

    await ended(db, chore)

    assert chore.settled == [(job_id, ANSWER_LOST)]
    assert chore.started[job_id] == 1


async def test_running_out_of_time_after_sending_ends_the_job(db: Database):
    chore = Chore(sending_then(None), timeout_s=0.2)
    job_id = await put(db)

    await ended(db, chore)

    assert chore.settled == [(job_id, ANSWER_LOST)]
    assert (await select(db, "SELECT outcome FROM q_attempt WHERE job_id=:id", id=job_id)) == [("timed_out",)]


async def test_a_run_that_vouches_for_it_is_tried_again_with_a_clean_mark(db: Database):
    seen: list[int] = []

    async def work(context: JobContext) -> object:
        seen.append(await phase_of(db, context.job.id))
        await context.mark_sent()
        if len(seen) == 1:
            raise RetryLater("Come back later.", "throttled", after_s=0)
        return None

    chore = Chore(work)
    await put(db)

    await ended(db, chore)

    assert seen == [0, 0]


async def test_a_refusal_after_sending_keeps_its_own_words(db: Database):
    chore = Chore(sending_then(GiveUp("Refused.", "refused")))
    job_id = await put(db)

    await ended(db, chore)

    assert chore.settled == [(job_id, Failed("refused", "Refused."))]


async def test_a_worker_that_stops_ends_what_it_has_sent(db: Database):
    chore = Chore(sending_then(None))
    job_id = await put(db)

    async with running(a_runner(db, chore)):
        await eventually(lambda: _is_sent(db, job_id))

    assert chore.settled == [(job_id, ANSWER_LOST)]


async def _is_sent(db: Database, job_id: int) -> bool:
    return await phase_of(db, job_id) == 1


async def test_a_crash_after_sending_is_not_taken_up_again(db: Database):
    async def crash(context: JobContext) -> object:
        await context.mark_sent()
        await change(
            db, "UPDATE q_job SET lease_until=lease_until-1000, fence=fence+1 WHERE id=:id", id=context.job.id
        )  # nobody beats for it
        return await asyncio.Event().wait()

    chore = Chore(crash)
    job_id = await put(db)

    await ended(db, chore)

    assert chore.started[job_id] == 1
    assert chore.settled == [(job_id, ANSWER_LOST)]
    assert await state_of(db, job_id) == JobState.FAILED
