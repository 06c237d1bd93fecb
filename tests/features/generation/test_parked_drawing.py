"""Drawings that somebody else makes in their own time: parked, delivered or asked for, charged once whatever happens, and shown as what they are."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from pixelstudio.core import limits
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.events import GenerationEnded, SlotUnknown
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.own_jobs import open_jobs
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.parking import NewDelivery, deliver
from pixelstudio.providers.errors import Misconfigured, Refused, Throttled, Unavailable
from tests.courier import PRICE, Courier
from tests.factories import a_studio, a_user
from tests.paying import asked, balance, seen, time_passing, working

MODEL = "sketch-paper"


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


def a_house(database, clock, children, **abilities):
    provider = Courier(children, **abilities)
    return a_studio(database, clock, children, provider), provider


async def a_set(studio, by, **changes):
    return await asked(studio, by, **{"model": MODEL, "width": 256, "height": 256, "seed": 7, **changes})


async def until(studio, by, clock, view, *, times=5.0):
    """Work until the set has ended, or nobody can say whether it did; the set as its owner sees it."""
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        facts: list[object] = []
        async with asyncio.timeout(60), time_passing(clock, times), working(studio):
            while not any(isinstance(fact, GenerationEnded | SlotUnknown) for fact in facts):
                facts += await heard.get_batch(0.02)
    return await seen(studio, by, view)


async def until_parked(studio, clock):
    async with asyncio.timeout(30), time_passing(clock), working(studio):
        while await states(studio) != [JobState.PARKED]:  # noqa: ASYNC110  # rows are looked at: nothing sets an event for them
            await asyncio.sleep(0.01)


async def states(studio):
    async with studio.db.reader() as reader:
        return [row[0] for row in await reader.exec(text("SELECT state FROM q_job ORDER BY id"))]


async def change(studio, sql):
    async with studio.db.transaction() as tx:
        await tx.exec(text(sql))


async def test_a_polled_drawing_is_parked_asked_for_and_hung(database, clock, children, ines):
    studio, provider = a_house(database, clock, children)
    view = await a_set(studio, ines)

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["done"]
    assert len(provider.charged) == 1
    assert len(provider.asked) == 1
    assert await balance(studio, ines) == Balance(available=25 - PRICE, held=0)


async def test_while_it_is_parked_it_is_drawn_as_far_as_anybody_can_see_and_cannot_be_called_off(database, clock, children, ines):
    studio, provider = a_house(database, clock, children)
    provider.ready = False
    view = await a_set(studio, ines)
    await until_parked(studio, clock)

    async with studio.db.reader() as reader:
        [job] = await open_jobs(reader, studio, ines)
    assert (job.state, job.may_cancel, job.position) == ("drawing", False, None)
    assert [(slot.state, slot.sentence) for slot in (await seen(studio, ines, view)).slots] == [("drawing", "Drawing.")]
    async with studio.db.transaction() as tx:
        assert await cancel(tx, studio, view.id, ines) == 0
    await change(studio, "UPDATE q_job SET state=2,run_at=0")
    assert [slot.state for slot in (await seen(studio, ines, view)).slots] == ["drawing"]

    provider.ready = True
    assert [slot.state for slot in (await until(studio, ines, clock, view)).slots] == ["done"]


async def test_a_delivery_brings_the_picture_long_before_anybody_would_have_asked(database, clock, children, ines):
    studio, provider = a_house(database, clock, children, delivery="webhook", idempotency="none")
    view = await a_set(studio, ines)
    await until_parked(studio, clock)
    brought = NewDelivery(provider.name, "d1", '{"status": "succeeded"}', external_id=provider.charged[0])

    async with studio.db.transaction() as tx:
        assert await deliver(tx, brought, studio.kinds) == "taken"
    view = await until(studio, ines, clock, view, times=0.0)

    assert [slot.state for slot in view.slots] == ["done"]
    assert len(provider.charged) == 1


@pytest.mark.parametrize("misfortune", ["crash before", "crash after"])
@pytest.mark.parametrize("delivery", ["stream", "poll"])
async def test_what_a_key_or_a_question_can_clear_up_is_charged_once_and_arrives(database, clock, children, ines, misfortune, delivery):
    studio, provider = a_house(database, clock, children, delivery=delivery, idempotency="key" if delivery == "stream" else "query")
    provider.script = [misfortune]
    view = await a_set(studio, ines)
    if (misfortune, delivery) == ("crash before", "poll"):  # nobody knows it yet: long enough must pass before that is believed
        await until_parked(studio, clock)
        await change(studio, f"UPDATE q_call SET sent=sent-{limits.UNHEARD_S}")
        await change(studio, "UPDATE q_job SET run_at=0")

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["done"]
    assert len(provider.charged) == 1
    assert await balance(studio, ines) == Balance(available=25 - PRICE, held=0)
    assert (await audited(studio)).faults == {}


async def audited(studio):
    async with studio.db.reader() as reader:
        return await audit(reader)


@pytest.mark.parametrize("misfortune", ["crash before", "crash after"])
async def test_what_nobody_can_clear_up_stays_held_and_is_shown_as_such(database, clock, children, ines, misfortune):
    studio, provider = a_house(database, clock, children, idempotency="none")
    provider.script = [misfortune]
    view = await a_set(studio, ines)

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["unknown"]
    assert len(provider.charged) <= 1
    assert await balance(studio, ines) == Balance(available=25 - PRICE, held=PRICE)


async def test_a_late_delivery_clears_up_what_nobody_could_say(database, clock, children, ines):
    """The provider accepted it, and its answer was lost with the worker."""
    studio, provider = a_house(database, clock, children, delivery="webhook", idempotency="none")
    provider.script = ["crash after"]
    view = await until(studio, ines, clock, await a_set(studio, ines))
    assert [slot.state for slot in view.slots] == ["unknown"]
    async with studio.db.reader() as reader:
        token = (await reader.exec(text("SELECT webhook_token FROM q_call"))).scalar_one()

    async with studio.db.transaction() as tx:
        brought = NewDelivery(provider.name, "d1", "{}", external_id=provider.charged[0], webhook_token=token)
        assert await deliver(tx, brought, studio.kinds) == "taken"
    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["done"]
    assert len(provider.charged) == 1
    assert await balance(studio, ines) == Balance(available=25 - PRICE, held=0)


async def test_a_late_delivery_that_does_not_name_the_drawing_clears_up_nothing(database, clock, children, ines):
    """Nobody can be asked by a name we do not know. Taken up and sent again it would be charged twice."""
    studio, provider = a_house(database, clock, children, delivery="webhook", idempotency="none")
    provider.script = ["crash after"]
    view = await until(studio, ines, clock, await a_set(studio, ines))
    async with studio.db.reader() as reader:
        token = (await reader.exec(text("SELECT webhook_token FROM q_call"))).scalar_one()

    async with studio.db.transaction() as tx:
        assert await deliver(tx, NewDelivery(provider.name, "d1", "{}", webhook_token=token), studio.kinds) == "taken"
    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["unknown"]
    assert len(provider.charged) == 1
    assert await balance(studio, ines) == Balance(available=25 - PRICE, held=PRICE)


@pytest.mark.parametrize("error", [Unavailable(), Throttled(retry_after_s=0.1)])
async def test_that_a_question_fails_proves_nothing_and_it_is_asked_again(database, clock, children, ines, error):
    """Taken for what it says of a request ("it cost nothing") it would be drawn, and charged, a second time."""
    studio, provider = a_house(database, clock, children)
    provider.ready = False
    view = await a_set(studio, ines)
    await until_parked(studio, clock)
    provider.ready, provider.script = True, [error] * 3  # more often than a job has attempts

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["done"]
    assert len(provider.charged) == 1


async def test_a_key_that_was_revoked_meanwhile_leaves_it_unknown(database, clock, children, ines):
    studio, provider = a_house(database, clock, children)
    provider.ready = False
    view = await a_set(studio, ines)
    await until_parked(studio, clock)
    provider.script = [Misconfigured("The key is wrong.")] * 9

    view = await until(studio, ines, clock, view)

    assert [(slot.state, slot.sentence) for slot in view.slots] == [("unknown", "The key is wrong.")]


async def test_a_refusal_of_the_drawing_itself_is_believed(database, clock, children, ines):
    studio, provider = a_house(database, clock, children)
    provider.ready = False
    view = await a_set(studio, ines)
    await until_parked(studio, clock)
    provider.script = [Refused("Too red.")]

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["failed"]
    assert await balance(studio, ines) == Balance(available=25, held=0)


async def test_what_never_comes_is_unknown_after_an_hour(database, clock, children, ines):
    studio, provider = a_house(database, clock, children)
    provider.ready = False
    view = await a_set(studio, ines)
    await until_parked(studio, clock)
    await change(studio, f"UPDATE q_call SET created=created-{limits.PARKED_MAX_S}")
    await change(studio, "UPDATE q_job SET run_at=0")

    view = await until(studio, ines, clock, view)

    assert [slot.state for slot in view.slots] == ["unknown"]
    assert len(provider.charged) == 1


async def test_a_provider_that_does_not_know_it_yet_is_asked_again_before_it_is_asked_for_another(database, clock, children, ines):
    """The first worker may only have been slow: its bytes are on their way. Believed at once, both would be charged."""
    studio, provider = a_house(database, clock, children)
    provider.script = ["crash before"]
    await a_set(studio, ines)

    await until_parked(studio, clock)

    assert provider.charged == []
    assert len(provider.asked) == 1
