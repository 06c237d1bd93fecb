"""A set that came in part: what is missing is asked for again at once, as one set, with its seeds, once, and paid like any other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotEnoughCredits, NotFound
from pixelstudio.core.limits import SEED_MAX
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation import retries
from pixelstudio.features.generation.events import AskedAgain, GenerationEnded
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.own_jobs import ended_jobs
from pixelstudio.features.generation.retries import retry, retry_set
from pixelstudio.features.generation.settlements import Drawn
from pixelstudio.features.generation.shortfalls import Shortfall
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Done, Failed, Unknown
from pixelstudio.jobs.queue import jobs_of_batch
from pixelstudio.providers.errors import Refused
from pixelstudio.providers.registry import Registry
from tests.factories import PricedSketch, a_guest, a_studio, a_user
from tests.jobs.floor import change, expire_leases, take
from tests.paying import asked, balance, seen, time_passing, working

SKETCH = {"model": "sketch-paper", "width": 256, "height": 256, "seed": 7}
REFUSED = Failed("refused", "The provider refused this prompt.")
UNHEARD = Unknown("lost", "The connection broke.")


class Moody(PricedSketch):
    """Refuses what it was told to refuse, by seed, once each."""

    def __init__(self, children):
        super().__init__(children)
        self.refuses: set[int] = set()

    async def submit(self, request):
        if request.seed in self.refuses:
            self.refuses.remove(request.seed)
            raise Refused("Too red.")
        return await super().submit(request)


@pytest.fixture
def provider(children):
    return Moody(children)


@pytest.fixture
def house(database, clock, children, provider):
    """A studio where a picture costs two credits."""
    return a_studio(database, clock, children, provider)


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


async def a_set(studio, by, *outcomes, **changes):
    """A set of which so many slots have ended like this; None stays in line."""
    view = await asked(studio, by, **{**SKETCH, "count": len(outcomes), **changes})
    for job in await take(studio.db, wanted=len(outcomes), lane=Lane("sketch", 8)):
        outcome = outcomes[job.params["slots"][0]]
        if outcome is not None:
            await end_held(studio.db, job, studio.kinds, outcome)
    return view


async def again(studio, by, view, **quote):
    async with studio.db.transaction() as tx:
        return await retry_set(tx, studio, view.id, by=by, **quote)


async def until_ended(studio, by, clock, view):
    """Work until the set has ended; the set as its owner sees it."""
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        async with asyncio.timeout(60), time_passing(clock), working(studio):
            while not any(isinstance(fact, GenerationEnded) and fact.generation_id == view.id for fact in await heard.get_batch(0.02)):
                pass
    return await seen(studio, by, view)


async def faults(studio):
    async with studio.db.reader() as reader:
        return (await audit(reader)).faults


async def sets_written(studio):
    async with studio.db.reader() as reader:
        return (await reader.exec(select(func.count()).select_from(GenerationRow))).scalar_one()


async def test_what_is_missing_comes_with_its_own_seeds_and_all_credits_add_up(house, provider, ines, clock):
    provider.refuses = {7, 9}
    view = await until_ended(house, ines, clock, await asked(house, ines, **SKETCH, count=4))
    assert (view.credits_used, view.credits_returned, view.shortfall) == (4, 4, Shortfall(2, 4))

    rest = await again(house, ines, view, quote_shown=4)
    assert await balance(house, ines) == Balance(available=25 - 8, held=4)
    assert len(await take(house.db, wanted=1, lane=Lane("sketch", 8))) == 1
    await expire_leases(house.db)  # the worker that had begun it was killed
    came = await until_ended(house, ines, clock, rest)

    assert [(slot.state, slot.seed) for slot in came.slots] == [("done", 7), ("done", 9)]
    assert (came.credits_used, came.credits_returned, came.shortfall) == (4, 0, Shortfall())
    first = await seen(house, ines, view)
    assert (first.credits_used, first.credits_returned, first.shortfall) == (4, 4, Shortfall(was_asked_for=True))
    assert await balance(house, ines) == Balance(available=25 - 8, held=0)
    assert await faults(house) == {}


async def test_everybody_who_shows_the_set_hears_that_it_was_asked_for_again(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)

    with house.bus.subscribe(f"user:{ines.id}") as heard:
        await again(house, ines, view)

    assert AskedAgain(generation_id=view.id, account_id=ines.id) in heard.take()


async def test_a_set_of_which_nothing_came_gives_its_place_to_the_one_in_its_stead(house, ines):
    nothing, in_part = await a_set(house, ines, REFUSED, REFUSED), await a_set(house, ines, REFUSED, None)
    instead = [await again(house, ines, view) for view in (nothing, in_part)]

    async with house.db.reader() as reader:
        hung = await sets_of(reader, house, ines)

    assert {view.id for view in hung} == {in_part.id, *(view.id for view in instead)}
    assert [(await seen(house, ines, view)).shortfall for view in (nothing, in_part)] == [
        Shortfall(was_asked_for=True, is_elsewhere=True),
        Shortfall(was_asked_for=True),
    ]


@pytest.mark.parametrize("is_free", [True, False])
@pytest.mark.parametrize("at_once", [True, False])
async def test_two_presses_ask_once(house, database, clock, children, ines, is_free, at_once):
    studio = a_studio(database, clock, children) if is_free else house
    view = await a_set(studio, ines, REFUSED, REFUSED)

    presses = [again(studio, ines, view), again(studio, ines, view)]
    both = await asyncio.gather(*presses, return_exceptions=True) if at_once else [await _caught(press) for press in presses]

    assert sorted(type(said).__name__ for said in both) == ["Conflict", "SetView"]
    assert await sets_written(studio) == 2
    assert await balance(studio, ines) == (Balance(25, 0) if is_free else Balance(21, 4))
    assert await faults(studio) == {}


async def _caught(press):
    try:
        return await press
    except Conflict as refusal:
        return refusal


async def test_of_one_picture_and_its_whole_set_none_is_asked_for_twice(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)

    async def one():
        async with house.db.transaction() as tx:
            return await retry(tx, house, view.id, 0, by=ines)

    both = await asyncio.gather(one(), again(house, ines, view), return_exceptions=True)

    assert all(isinstance(said, Conflict) for said in both if isinstance(said, BaseException))
    seeds = [slot.seed for said in both if not isinstance(said, BaseException) for slot in said.slots]
    left = (await seen(house, ines, view)).shortfall.pictures
    assert len(seeds) == len(set(seeds)) == 2 - left


async def test_one_picture_first_and_then_the_rest(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED, REFUSED)
    async with house.db.transaction() as tx:
        await retry(tx, house, view.id, 1, by=ines)

    rest = await again(house, ines, view, quote_shown=4)

    assert [slot.seed for slot in rest.slots] == [7, 9]


async def test_without_the_credits_it_is_refused_in_words_and_stays_possible(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)
    await asked(house, ines, **SKETCH, count=10)
    await asked(house, ines, **SKETCH)
    before = await balance(house, ines)

    with pytest.raises(NotEnoughCredits, match="costs 4 credits and you have 3"):
        await again(house, ines, view)

    assert await balance(house, ines) == before
    assert (await seen(house, ines, view)).shortfall == Shortfall(2, 4)
    assert await faults(house) == {}


async def test_who_saw_another_price_is_asked_to_look_again(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)

    with pytest.raises(Conflict, match="price has changed to 4 credits"):
        await again(house, ines, view, quote_shown=2)

    assert await sets_written(house) == 1


async def test_what_its_owner_called_off_can_be_wanted_after_all(house, ines):
    view = await asked(house, ines, **SKETCH, count=3)
    async with house.db.transaction() as tx:
        await cancel(tx, house, view.id, ines)

    rest = await again(house, ines, view)

    assert (rest.count, [slot.seed for slot in rest.slots]) == (3, [7, 8, 9])
    assert await balance(house, ines) == Balance(available=25 - 6, held=6)


async def test_what_nobody_can_say_the_end_of_is_not_asked_for_until_that_is_decided(house, ines):
    view = await a_set(house, ines, UNHEARD, REFUSED)

    rest = await again(house, ines, view)

    assert [slot.seed for slot in rest.slots] == [8]
    assert await balance(house, ines) == Balance(available=25 - 4, held=4)
    with pytest.raises(Conflict):
        await again(house, ines, view)
    assert [slot.state for slot in (await seen(house, ines, view)).slots] == ["unknown", "failed"]


async def test_what_is_on_its_way_goes_on_and_is_asked_for_later_if_it_must_be(house, ines):
    view = await asked(house, ines, **SKETCH, count=2)
    first, second = await take(house.db, wanted=2, lane=Lane("sketch", 8))
    await end_held(house.db, first, house.kinds, REFUSED)
    assert [slot.seed for slot in (await again(house, ines, view)).slots] == [7]

    await end_held(house.db, second, house.kinds, REFUSED)

    assert [slot.seed for slot in (await again(house, ines, view)).slots] == [8]


async def test_what_failed_again_is_asked_for_where_it_failed_last(house, ines):
    view = await a_set(house, ines, REFUSED, None, REFUSED)
    rest = await again(house, ines, view)
    for job in await take(house.db, wanted=2, lane=Lane("sketch", 8)):
        await end_held(house.db, job, house.kinds, REFUSED)

    third = await again(house, ines, rest)

    assert [slot.seed for slot in third.slots] == [7, 9]
    with pytest.raises(Conflict):
        await again(house, ines, view)
    assert await balance(house, ines) == Balance(available=25 - 6, held=6)


async def test_what_is_missing_is_known_without_its_jobs(house, ines):
    """Of a call that brought too little the job is done, and the queue forgets the oldest of those that failed."""
    view = await a_set(house, ines, Done(Drawn({})), REFUSED)
    for table in ("q_payload", "q_job"):
        await change(house.db, f"DELETE FROM {table}")

    rest = await again(house, ines, view, quote_shown=4)

    assert [slot.seed for slot in rest.slots] == [7, 8]
    assert await balance(house, ines) == Balance(available=25 - 4, held=4)


async def test_of_a_model_that_is_gone_nothing_can_be_asked(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)
    without = replace(house, providers=Registry([]))

    with pytest.raises(Invalid):
        await again(without, ines, view)

    assert (await seen(without, ines, view)).shortfall == Shortfall()
    assert await sets_written(house) == 1


async def test_nobody_asks_for_what_somebody_else_misses(house, ines):
    view = await a_set(house, ines, REFUSED, REFUSED)
    bob = await a_user(house.db, "bob", credits=20)

    for generation_id in (view.id, "b" * 26, "", "no id"):
        with pytest.raises(NotFound):
            await again(house, bob, replace(view, id=generation_id))

    assert (await sets_written(house), await balance(house, bob)) == (1, Balance(25, 0))


async def test_a_guest_asks_within_what_guests_may(database, clock, children):
    studio, guest = a_studio(database, clock, children), (await a_guest(database)).actor
    view = await a_set(studio, guest, REFUSED)
    for _ in range(2):
        await asked(studio, guest, **SKETCH)

    rest = await again(studio, guest, view)
    assert rest.count == 1
    async with database.transaction() as tx:
        await cancel(tx, studio, rest.id, guest)
    await asked(studio, guest, **SKETCH)

    with pytest.raises(NotAllowed, match="Create an account"):
        await again(studio, guest, rest)


@pytest.mark.parametrize("breaks_off", ["before_the_mark", "before_the_commit"])
async def test_what_breaks_off_in_the_middle_leaves_nothing_behind(house, ines, monkeypatch, breaks_off):
    view = await a_set(house, ines, REFUSED, REFUSED)
    before = await balance(house, ines)
    if breaks_off == "before_the_mark":
        monkeypatch.setattr(retries, "_mark", _dies)

    async def press():
        async with house.db.transaction() as tx:
            await retry_set(tx, house, view.id, by=ines)
            await _dies()

    with pytest.raises(KeyboardInterrupt):
        await press()

    assert (await balance(house, ines), await faults(house), await sets_written(house)) == (before, {}, 1)
    monkeypatch.undo()
    assert (await again(house, ines, view)).count == 2


async def _dies(*_: object) -> None:
    raise KeyboardInterrupt


async def test_a_call_for_several_is_told_seeds_that_follow_one_another(database, clock, children, ines):
    class Several(PricedSketch):
        def __init__(self, children):
            super().__init__(children)
            self.models = tuple(replace(model, images_per_call=4) for model in self.models)

    studio = a_studio(database, clock, children, Several(children))
    view = await asked(studio, ines, **{**SKETCH, "seed": SEED_MAX - 1}, count=10)
    first, _, last = await take(database, wanted=3, lane=Lane("sketch", 8))
    for job in (first, last):
        await end_held(database, job, studio.kinds, REFUSED)

    rest = await again(studio, ines, view)

    assert [slot.seed for slot in rest.slots] == [SEED_MAX - 1, SEED_MAX, 0, 1, 6, 7]
    async with database.reader() as reader:
        assert len(await jobs_of_batch(reader, [rest.id])) == 2


async def test_one_job_of_a_set_speaks_for_all_that_it_misses(house, ines):
    view = await a_set(house, ines, REFUSED, None, REFUSED, REFUSED)
    alone = await a_set(house, ines, REFUSED)

    async def told(**page):
        async with house.db.reader() as reader:
            jobs, _ = await ended_jobs(reader, house, ines, **page)
        return {(job.generation_id, job.slot): job.set_shortfall for job in jobs if job.set_shortfall.pictures}

    assert await told() == {(view.id, 3): Shortfall(3, 6)}
    assert await told(limit=2) == {(view.id, 3): Shortfall(3, 6)}
    await again(house, ines, view)
    assert (await told(), (await seen(house, ines, alone)).shortfall) == ({}, Shortfall(1, 2))
