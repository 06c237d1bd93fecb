"""Never pay twice: once bytes have left for somebody who charges, only the run itself may say that trying again costs nothing.

What nobody can say the end of is `unknown`: not run again, not settled, not stopped by a cancellation, and decided a day later.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pixelstudio.core.limits import UNKNOWN_HELD_S
from pixelstudio.db.engine import Database
from pixelstudio.jobs.errors import AnswerLost, GiveUp, RetryLater
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed, JobContext, Unknown
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.retry import ANSWER_LOST
from pixelstudio.jobs.runner import Pace
from pixelstudio.jobs.unknown import NEVER_KNOWN, decide, decide_old, unknown_jobs
from tests.jobs.floor import QUICK, Chore, a_call, a_runner, change, eventually, forever, put, running, select, state_of


async def phase_of(db: Database, job_id: int) -> int:
    return (await select(db, "SELECT phase FROM q_job WHERE id=:id", id=job_id))[0][0]


def sending_then(error: Exception | None):
    async def work(context: JobContext) -> object:
        await context.mark_sent(a_call())
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
        await context.mark_sent(a_call())
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


async def test_a_run_that_says_its_answer_was_lost_is_unknown_in_its_words(db: Database):
    chore = Chore(sending_then(AnswerLost("They broke off.", "broke_off")))
    job_id = await put(db)

    await ended(db, chore)

    assert chore.settled == [(job_id, Unknown("broke_off", "They broke off."))]
    assert await state_of(db, job_id) == JobState.UNKNOWN


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
        await context.mark_sent(a_call())
        await change(
            db, "UPDATE q_job SET lease_until=lease_until-1000, fence=fence+1 WHERE id=:id", id=context.job.id
        )  # nobody beats for it
        return await asyncio.Event().wait()

    chore = Chore(crash)
    job_id = await put(db)

    await ended(db, chore)

    assert chore.started[job_id] == 1
    assert chore.settled == [(job_id, ANSWER_LOST)]
    assert await state_of(db, job_id) == JobState.UNKNOWN


async def lost(db: Database, chore: Chore) -> int:
    job_id = await put(db)
    async with running(a_runner(db, chore)):
        await eventually(lambda: _is_sent(db, job_id))
    return job_id


async def test_what_is_unknown_is_decided_a_day_later_once_and_for_the_person(db: Database):
    """Without the age in `unknown_since` it is decided at the next turn of the schedule."""
    chore = Chore(sending_then(None))
    job_id = await lost(db, chore)
    kinds = {"chore": chore}

    assert await decide_old(db, kinds) == 0
    await change(db, "UPDATE q_job SET finished=finished-:day", day=UNKNOWN_HELD_S)
    assert sum(await asyncio.gather(decide_old(db, kinds), decide_old(db, kinds))) == 1

    assert chore.settled == [(job_id, ANSWER_LOST), (job_id, NEVER_KNOWN)]
    assert await state_of(db, job_id) == JobState.FAILED


async def test_a_maintainer_may_decide_at_once(db: Database):
    chore = Chore(sending_then(None))
    job_id = await lost(db, chore)
    async with db.reader() as reader:
        [found] = await unknown_jobs(reader)

    assert (await decide(db, {"chore": chore}, [found.job]), await decide(db, {"chore": chore}, [found.job])) == (1, 0)

    assert await state_of(db, job_id) == JobState.FAILED


async def called_off(db: Database, chore: Chore, job_id: int) -> int:
    async with db.transaction() as tx:
        return await cancel(tx, [job_id], {"chore": chore})


async def test_a_cancellation_after_sending_comes_too_late(db: Database):
    """Without `phase=0` in `beat` and in `ask_cancel`'s ring the drawing is thrown away, and the provider charges for it."""
    goes_on = asyncio.Event()

    async def work(context: JobContext) -> object:
        await context.mark_sent(a_call())
        await goes_on.wait()
        return "picture"

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        job_id = await put(db)
        await eventually(lambda: _is_sent(db, job_id))
        assert await called_off(db, chore, job_id) == 0
        await asyncio.sleep(QUICK.beat_s * 2.5)
        assert await called_off(db, chore, job_id) == 0
        goes_on.set()
        await eventually(lambda: chore.settled)

    assert chore.settled == [(job_id, Done("picture"))]


async def test_a_cancellation_is_heeded_when_it_would_have_to_be_sent_again(db: Database):
    goes_on = asyncio.Event()

    async def work(context: JobContext) -> object:
        await context.mark_sent(a_call())
        await goes_on.wait()
        raise RetryLater("Busy.", "throttled", after_s=0)

    chore = Chore(work)
    async with running(a_runner(db, chore)):
        job_id = await put(db)
        await eventually(lambda: _is_sent(db, job_id))
        await called_off(db, chore, job_id)
        goes_on.set()
        await eventually(lambda: chore.settled)

    assert chore.settled == [(job_id, Cancelled())]
    assert chore.started[job_id] == 1


async def test_a_cancellation_before_sending_keeps_the_bytes_here_and_ends_the_job_at_once(db: Database):
    """With "lost" for "unwanted" in `mark_sent` the job hangs until its lease is over."""

    async def work(context: JobContext) -> object:
        await change(db, "UPDATE q_job SET cancel_req=TRUE WHERE id=:id", id=context.job.id)  # and nobody rings
        await context.mark_sent(a_call())
        raise AssertionError("sent all the same")

    chore = Chore(work)
    async with running(a_runner(db, chore, pace=Pace())):
        job_id = await put(db)
        await eventually(lambda: chore.settled, within_s=2)

    assert chore.settled == [(job_id, Cancelled())]


async def test_a_stopping_worker_gives_back_the_unsent_and_lets_the_sent_come_in(db: Database):
    """Without `_let_sent_ones_finish` the picture is lost though it was half a second away."""
    stopped = asyncio.Event()

    async def work(context: JobContext) -> object:
        if not context.job.params:
            return await forever(context)
        await context.mark_sent(a_call())
        await stopped.wait()
        await asyncio.sleep(QUICK.lease_s * 1.2)  # longer than a lease: the beat goes on meanwhile
        return "picture"

    chore = Chore(work)
    runner = a_runner(db, chore, pace=replace(QUICK, drain_s=10.0))
    async with running(runner):
        sent, unsent = await put(db, params={"paid": True}), await put(db)
        await eventually(lambda: _is_sent(db, sent))
        await eventually(lambda: runner.running == 2)
        runner.stop()
        stopped.set()
        await eventually(lambda: runner.running == 1)
        assert await state_of(db, unsent) == JobState.READY

    assert chore.settled == [(sent, Done("picture"))]
    assert await state_of(db, unsent) == JobState.READY


@pytest.mark.parametrize("hurried", [True, False], ids=["a second word", "the time is over"])
async def test_the_wait_for_what_was_sent_ends(db: Database, hurried: bool):
    chore = Chore(sending_then(None))
    runner = a_runner(db, chore, pace=replace(QUICK, drain_s=10.0 if hurried else 0.3))
    job_id = await put(db)
    async with running(runner):
        await eventually(lambda: _is_sent(db, job_id))
        runner.stop()
        await asyncio.sleep(0.1)
        assert runner.running == 1
        if hurried:
            runner.hurry()

    assert chore.settled == [(job_id, ANSWER_LOST)]
