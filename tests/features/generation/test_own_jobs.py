"""One's own jobs: where each stands, why it failed, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from pixelstudio.core.errors import Conflict, NotEnoughCredits, NotFound
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.own_jobs import cancel_job, cancel_waiting, ended_jobs, open_jobs
from pixelstudio.features.generation.retries import retry
from pixelstudio.features.generation.shortfalls import Shortfall
from pixelstudio.jobs import claim
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Failed
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.studio import Studio
from tests.factories import PricedSketch, a_request, a_studio, a_user
from tests.jobs.floor import take


@pytest.fixture
def priced(database, clock, children):
    """A studio where a picture costs two credits."""
    return a_studio(database, clock, children, PricedSketch(children))


@dataclass
class Desk:
    """One person at the queue of one studio."""

    studio: Studio
    by: Actor

    async def submit(self, **changes):
        async with self.studio.db.transaction() as tx:
            return await submit(tx, self.studio, a_request(**changes), self.by)

    async def claim(self, wanted=1):
        return await take(self.studio.db, wanted=wanted, lane=Lane("sketch", 8))

    async def fail(self, sentence="The provider refused this prompt."):
        (job,) = await self.claim()
        await end_held(self.studio.db, job, self.studio.kinds, Failed("refused", sentence))

    async def put_down(self, sentence, delay_s):
        (job,) = await self.claim()
        again = TryAgain(delay_s, "retried", "busy", sentence)
        await self.studio.db.script(claim.retry(STATEMENTS[self.studio.db.dialect], job=job, again=again, now=self.studio.db.clock.epoch()))

    async def open(self):
        async with self.studio.db.reader() as reader:
            return await open_jobs(reader, self.studio, self.by)

    async def ended(self, **page):
        async with self.studio.db.reader() as reader:
            return await ended_jobs(reader, self.studio, self.by, **page)

    async def retry(self, view, slot=0, **quote):
        async with self.studio.db.transaction() as tx:
            return await retry(tx, self.studio, view.id, slot, by=self.by, **quote)

    async def balance(self):
        async with self.studio.db.reader() as reader:
            return await balance_of(reader, self.by.id)


@pytest.fixture
async def desk(studio):
    return Desk(studio, await a_user(studio.db))


async def test_what_is_drawn_comes_first_and_the_rest_has_its_place_in_line(desk):
    await desk.submit(count=3)
    await desk.claim()

    jobs = await desk.open()

    assert [(job.state, job.slot, job.position, job.set_size) for job in jobs] == [
        ("drawing", 0, None, 3),
        ("waiting", 1, 1, 3),
        ("waiting", 2, 2, 3),
    ]
    assert jobs[0].began_at is not None
    assert all(job.may_cancel for job in jobs)


async def test_a_job_that_is_tried_again_says_why_and_when(desk):
    await desk.submit()
    await desk.put_down("The provider is overloaded.", 90.0)

    (job,) = await desk.open()

    assert job.state == "retrying"
    assert [(attempt.number, attempt.sentence) for attempt in job.attempts] == [(1, "The provider is overloaded.")]
    assert 60 < (job.due_at - desk.studio.clock.now()).total_seconds() < 120


async def test_what_failed_says_why_and_what_asking_again_costs(priced):
    desk = Desk(priced, await a_user(priced.db))
    await desk.submit(count=1)
    await desk.fail()

    (job,), _ = await desk.ended()

    assert (job.state, job.shortfall) == ("failed", Shortfall(1, 2))
    assert job.sentence == "The provider refused this prompt. Nothing was charged."
    assert [attempt.sentence for attempt in job.attempts] == ["The provider refused this prompt."]
    assert job.ended_at
    assert job.began_at
    assert job.ended_at >= job.began_at


async def test_pages_of_ended_jobs_neither_repeat_nor_skip(desk):
    for _ in range(3):
        view = await desk.submit(count=3)
        for slot in range(3):
            async with desk.studio.db.transaction() as tx:
                assert await cancel_job(tx, desk.studio, view.id, slot, by=desk.by)

    seen, place = [], None
    while True:
        page, place = await desk.ended(before=place, limit=4)
        seen += [(job.generation_id, job.slot) for job in page]
        if place is None:
            break

    assert len(seen) == len(set(seen)) == 9
    assert seen == [(job.generation_id, job.slot) for job in (await desk.ended())[0]]


async def test_all_that_waits_is_called_off_and_what_is_drawn_goes_on(desk):
    await desk.submit(count=4)
    await desk.submit(count=2)
    await desk.claim()

    async with desk.studio.db.transaction() as tx:
        called_off = await cancel_waiting(tx, desk.studio, by=desk.by)

    assert called_off == 5
    assert [job.state for job in await desk.open()] == ["drawing"]
    assert {job.state for job in (await desk.ended())[0]} == {"cancelled"}


async def test_nobody_sees_or_moves_the_jobs_of_somebody_else(desk):
    view = await desk.submit(count=2)
    await desk.fail()
    bob = replace(desk, by=await a_user(desk.studio.db, "bob"))

    assert await bob.open() == []
    assert await bob.ended() == ([], None)
    async with desk.studio.db.transaction() as tx:
        assert await cancel_waiting(tx, desk.studio, by=bob.by) == 0
        with pytest.raises(NotFound):
            await cancel_job(tx, desk.studio, view.id, 1, by=bob.by)
    with pytest.raises(NotFound):
        await bob.retry(view)
    assert len(await desk.open()) == 1


async def test_asking_again_is_a_new_set_with_the_same_seed_and_is_paid_once(priced):
    desk = Desk(priced, await a_user(priced.db))
    view = await desk.submit(seed=41)
    await desk.fail()
    before = await desk.balance()

    again = await desk.retry(view, quote_shown=2)

    assert (again.seed, again.count, again.prompt) == (41, 1, view.prompt)
    assert await desk.balance() == Balance(before.available - 2, 2)
    assert (await desk.ended())[0][0].shortfall.was_asked_for
    with pytest.raises(Conflict):
        await desk.retry(view)
    assert await desk.balance() == Balance(before.available - 2, 2)


async def test_asking_again_without_credits_is_refused_in_words_and_stays_possible(priced):
    desk = Desk(priced, await a_user(priced.db))
    view = await desk.submit(count=1)
    await desk.fail()
    await desk.submit(count=2)

    with pytest.raises(NotEnoughCredits, match="costs 2 credits and you have"):
        await desk.retry(view)

    assert [job.shortfall for job in (await desk.ended())[0]] == [Shortfall(1, 2)]


async def test_what_is_still_on_its_way_is_not_asked_for_again(desk):
    view = await desk.submit()

    with pytest.raises(Conflict):
        await desk.retry(view)
