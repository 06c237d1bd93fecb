"""The same picture wanted twice: drawn once, charged once, hung twice, and said so; never for somebody else."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from pixelstudio.core.errors import NotAllowed
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.events import GenerationEnded
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.own_jobs import ended_jobs, open_jobs
from pixelstudio.features.generation.reasons import SAME_UNDER_WAY
from pixelstudio.features.generation.standing import SAME_PICTURE
from pixelstudio.features.images.pictures import delete, page_of, set_visibility, withdraw
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.providers.errors import Refused
from tests.factories import PricedSketch, a_studio, a_user
from tests.paying import asked, balance, seen, time_passing, working

PRICE = 2


class Counting(PricedSketch):
    """Counts what it is asked for, and refuses as often as `refuses` says."""

    def __init__(self, children):
        super().__init__(children)
        self.drawn, self.refuses = 0, 0

    async def submit(self, request):
        if self.refuses:
            self.refuses -= 1
            raise Refused("Too red.")
        self.drawn += 1
        return await super().submit(request)


@pytest.fixture
def provider(children):
    return Counting(children)


@pytest.fixture
def house(database, clock, children, provider):
    return a_studio(database, clock, children, provider)


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


async def wish(studio, by, **changes):
    return await asked(studio, by, **{"model": "sketch-paper", "width": 256, "height": 256, "seed": 7, **changes})


async def ended(studio, by, clock, *views):
    """Work until all of these have ended; the sets as their owner sees them, and what was said of their ends."""
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        facts: list[GenerationEnded] = []
        async with asyncio.timeout(60), time_passing(clock), working(studio):
            while len(facts) < len(views):
                facts += [fact for fact in await heard.get_batch(0.02) if isinstance(fact, GenerationEnded)]
    return [await seen(studio, by, view) for view in views], {fact.generation_id: fact for fact in facts}


async def faults(studio):
    async with studio.db.reader() as reader:
        return (await audit(reader)).faults


async def test_pressing_twice_draws_once_charges_once_and_says_so(house, provider, ines, clock):
    first, second = await wish(house, ines), await wish(house, ines)
    for waiting in (second, await seen(house, ines, second)):
        assert [(slot.state, slot.sentence) for slot in waiting.slots] == [("waiting", SAME_UNDER_WAY)]

    (one, other), facts = await ended(house, ines, clock, first, second)

    assert provider.drawn == 1
    assert [(slot.state, slot.sentence) for view in (one, other) for slot in view.slots] == [("done", ""), ("done", SAME_PICTURE)]
    assert ((one.credits_used, one.credits_returned), (other.credits_used, other.credits_returned)) == ((PRICE, 0), (0, PRICE))
    assert (facts[other.id].pictures, facts[other.id].credits_used, facts[other.id].credits_returned) == (1, 0, PRICE)
    assert await balance(house, ines) == Balance(available=25 - PRICE, held=0)
    assert await faults(house) == {}


async def test_the_copy_of_a_withdrawn_picture_is_withdrawn_too(house, ines, clock):
    await ended(house, ines, clock, await wish(house, ines))
    async with house.db.transaction() as tx:
        [first] = (await page_of(tx, ines)).items
        await withdraw(tx, first.id)

    await ended(house, ines, clock, await wish(house, ines))

    async with house.db.transaction() as tx:
        copy = next(image for image in (await page_of(tx, ines)).items if image.id != first.id)
        with pytest.raises(NotAllowed, match="maintainer"):
            await set_visibility(tx, copy.id, "public", by=ines)


async def test_the_queue_page_says_so_too(house, ines, clock):
    first, second = await wish(house, ines), await wish(house, ines)
    async with house.db.reader() as reader:
        waiting = {
            job.generation_id: (job.state, job.position, job.reason and job.reason.sentence) for job in await open_jobs(reader, house, ines)
        }
    assert waiting[second.id] == ("waiting", None, SAME_UNDER_WAY)

    await ended(house, ines, clock, first, second)

    async with house.db.reader() as reader:
        jobs, _ = await ended_jobs(reader, house, ines)
    assert {job.generation_id: (job.state, job.sentence) for job in jobs} == {first.id: ("done", ""), second.id: ("done", SAME_PICTURE)}


async def test_the_copy_is_a_picture_of_its_own_with_all_that_belongs_to_it(house, ines, clock):
    await ended(house, ines, clock, await wish(house, ines), await wish(house, ines))

    async with house.db.reader() as reader:
        one, other = (await page_of(reader, ines)).items
        files = [
            {v: (await rendition_for(reader, ines, image.id, v)).digest for v in ("original", "256", "512", "1024")}
            for image in (one, other)
        ]
    assert one.id != other.id
    assert files[0] == files[1]
    async with house.db.transaction() as tx:
        await delete(tx, one.id, by=ines)
    async with house.db.reader() as reader:
        assert [image.id for image in (await page_of(reader, ines)).items] == [other.id]


async def test_what_was_drawn_before_is_handed_out_at_once(house, provider, ines, clock):
    await ended(house, ines, clock, await wish(house, ines, seed=None, count=2))
    async with house.db.reader() as reader:
        chosen = (await page_of(reader, ines)).items[0]
        seed = (await reader.exec(text("SELECT seed FROM image WHERE id=:id"), {"id": chosen.id})).scalar_one()

    (view,), _ = await ended(house, ines, clock, await wish(house, ines, seed=seed))

    assert provider.drawn == 2
    assert view.slots[0].sentence == SAME_PICTURE


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 8},
        {"seed": None},
        {"prompt": "a blue lighthouse"},
        {"width": 512, "height": 512},
        {"model": "sketch-bloom"},
        {"anew": True},
    ],
    ids=str,
)
async def test_anything_else_is_another_picture(house, provider, ines, clock, changes):
    await ended(house, ines, clock, await wish(house, ines), await wish(house, ines, **changes))

    assert provider.drawn == 2
    assert await balance(house, ines) == Balance(available=25 - 2 * PRICE, held=0)


async def test_nothing_is_ever_shared_between_people(house, provider, ines, clock):
    omar = await a_user(house.db, "omar", credits=20)
    await ended(house, ines, clock, await wish(house, ines))

    await ended(house, omar, clock, await wish(house, omar))

    assert provider.drawn == 2
    assert await balance(house, omar) == Balance(available=25 - PRICE, held=0)


async def test_when_the_first_does_not_come_the_second_is_drawn_and_charged(house, provider, ines, clock):
    provider.refuses = 1
    first, second = await wish(house, ines), await wish(house, ines)

    (one, other), _ = await ended(house, ines, clock, first, second)

    assert [slot.state for view in (one, other) for slot in view.slots] == ["failed", "done"]
    assert (provider.drawn, other.slots[0].sentence) == (1, "")
    assert await balance(house, ines) == Balance(available=25 - PRICE, held=0)


async def test_when_the_first_is_called_off_the_second_is_drawn(house, provider, ines, clock):
    first, second = await wish(house, ines), await wish(house, ines)
    async with house.db.transaction() as tx:
        await cancel(tx, house, first.id, ines)

    (view,), _ = await ended(house, ines, clock, second)

    assert (provider.drawn, view.slots[0].state) == (1, "done")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_picture_thrown_away_is_drawn_anew(house, provider, ines, clock, moment):
    """Before the second wish, or while it waits: nobody gets a picture out of the trash."""
    await ended(house, ines, clock, await wish(house, ines))
    view = await wish(house, ines) if moment == "after" else None
    async with house.db.reader() as reader:
        [image] = (await page_of(reader, ines)).items
    async with house.db.transaction() as tx:
        await delete(tx, image.id, by=ines)

    (again,), _ = await ended(house, ines, clock, view or await wish(house, ines))

    assert provider.drawn == 2
    assert again.slots[0].sentence == ""


async def test_three_in_a_row_are_drawn_once(house, provider, ines, clock):
    views = [await wish(house, ines) for _ in range(3)]

    await ended(house, ines, clock, *views)

    assert provider.drawn == 1
    assert await balance(house, ines) == Balance(available=25 - PRICE, held=0)


async def test_of_a_larger_set_only_what_is_new_is_drawn(house, provider, ines, clock):
    await ended(house, ines, clock, await wish(house, ines))

    (view,), _ = await ended(house, ines, clock, await wish(house, ines, count=3))

    assert provider.drawn == 3
    assert [slot.sentence for slot in view.slots] == [SAME_PICTURE, "", ""]
    assert (view.credits_used, view.credits_returned) == (2 * PRICE, PRICE)


async def test_what_is_free_is_drawn_again(studio, clock):
    ines = await a_user(studio.db)

    (_, other), _ = await ended(studio, ines, clock, await wish(studio, ines), await wish(studio, ines))

    assert other.slots[0].sentence == ""
