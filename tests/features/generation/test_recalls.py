"""Drawings called off while somebody else draws them: asked to stop, durably; given back when they were, delivered and charged when they come all the same."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import pytest
from sqlalchemy import text

from pixelstudio.core import limits
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.events import SlotRecalled
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.own_jobs import cancel_job, ended_jobs, open_jobs
from pixelstudio.features.generation.recalls import RECALL
from pixelstudio.features.generation.spending import spending_of
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.jobs.parking import NewDelivery, deliver
from pixelstudio.providers.errors import Misconfigured, Throttled, Unavailable
from tests.courier import PRICE, Courier
from tests.factories import a_studio, a_user
from tests.paying import asked, balance, seen, time_passing, until_settled, working

FULL = Balance(available=25, held=0)
CHARGED = Balance(available=25 - PRICE, held=0)
ASKED = "Asked the courier to stop. If the picture comes all the same, it is charged."
NOT_ASKED = "Could not ask the courier to stop. The picture comes, and is charged."
TRIED = f"SELECT 1 FROM q_attempt a JOIN q_job j ON j.id=a.job_id AND j.kind='{RECALL}'"
CANCELLED = "Cancelled. Called off at the courier. Nothing was charged."


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


@pytest.fixture
def courier(children):
    """Somebody who calls back, has nothing drawn yet, and can be told to stop."""
    return a_courier(children)


@pytest.fixture
def studio(database, clock, children, courier):
    return a_studio(database, clock, children, courier)


def a_courier(children, **abilities):
    courier = Courier(children, **{"delivery": "webhook", "idempotency": "none", "stopped_by": "the courier", **abilities})
    courier.ready = False
    return courier


async def parked(studio, by, clock, **changes):
    """A set of one picture that somebody draws."""
    view = await asked(studio, by, **{"model": "sketch-paper", "width": 256, "height": 256, "seed": 7, **changes})
    await until_settled(studio, clock, times=0.0, states=(JobState.PARKED,))
    return view


async def call_off(studio, by, view):
    async with studio.db.transaction() as tx:
        return await cancel(tx, studio, view.id, by)


async def slot_of(studio, by, view):
    return (await seen(studio, by, view)).slots[0]


async def rows(studio, question):
    async with studio.db.reader() as reader:
        return [tuple(row) for row in await reader.exec(text(question))]


async def change(studio, sql):
    async with studio.db.transaction() as tx:
        await tx.exec(text(sql))


async def job_of(studio, by):
    async with studio.db.reader() as reader:
        [job] = await open_jobs(reader, studio, by)
    return job


async def faults(studio):
    async with studio.db.reader() as reader:
        return (await audit(reader)).faults


async def test_a_drawing_called_off_is_stopped_where_it_is_drawn_and_given_back(studio, courier, ines, clock):
    """The clock stands still: nothing but the wish takes the job up."""
    view = await parked(studio, ines, clock)
    assert (await job_of(studio, ines)).may_cancel

    assert await call_off(studio, ines, view) == 1
    slot, job = await slot_of(studio, ines, view), await job_of(studio, ines)
    await until_settled(studio, clock, times=0.0, states=FINAL)

    assert (slot.state, slot.sentence, slot.is_called_off) == ("drawing", "Asking the courier to stop.", True)
    assert (job.state, job.sentence, job.may_cancel) == ("stopping", "Asking the courier to stop.", False)
    assert courier.told_to_stop == courier.charged
    ended = await seen(studio, ines, view)
    assert (ended.is_ended, ended.credits_returned) == (True, PRICE)
    assert [(slot.state, slot.sentence) for slot in ended.slots] == [("cancelled", CANCELLED)]
    assert await balance(studio, ines) == FULL
    async with studio.db.reader() as reader:
        [[told], _] = await ended_jobs(reader, studio, ines)
    assert (told.state, told.sentence) == ("cancelled", "Called off at the courier. Nothing was charged.")
    assert await faults(studio) == {}


async def test_the_wish_outlives_whoever_took_it(database, clock, children, studio, courier, ines):
    """It is written with the cancellation; nobody has been told anything when the process ends, and the next one tells."""
    view = await parked(studio, ines, clock)
    await call_off(studio, ines, view)
    assert courier.told_to_stop == []

    another = a_studio(database, clock, children, courier)
    await until_settled(another, clock, times=0.0, states=FINAL)

    assert (await slot_of(another, ines, view)).state == "cancelled"


async def test_what_is_rolled_back_asks_nobody(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)

    with contextlib.suppress(ZeroDivisionError):
        async with studio.db.transaction() as tx:
            await cancel(tx, studio, view.id, ines)
            raise ZeroDivisionError

    assert await rows(studio, f"SELECT count(*) FROM q_job WHERE kind='{RECALL}'") == [(0,)]
    assert (await slot_of(studio, ines, view)).sentence == "Drawing."


async def test_calling_off_twice_asks_once(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)

    assert [await call_off(studio, ines, view) for _ in range(2)] == [1, 0]
    async with studio.db.transaction() as tx:
        assert not await cancel_job(tx, studio, view.id, 0, by=ines)
    await until_settled(studio, clock, times=0.0, states=FINAL)

    assert len(courier.told_to_stop) == 1


async def test_a_wish_that_is_not_heard_is_said_again(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)
    courier.unheard = [Unavailable(), Throttled(retry_after_s=0.05), Unavailable()]
    await call_off(studio, ines, view)

    await until_settled(studio, clock, times=5.0, states=FINAL)

    assert len(courier.told_to_stop) == 4
    assert (await slot_of(studio, ines, view)).state == "cancelled"
    assert await balance(studio, ines) == FULL


async def test_a_wish_nobody_can_be_told_says_so_and_the_picture_comes_and_is_charged(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)
    courier.unheard = [Misconfigured("The key is wrong.")]
    await call_off(studio, ines, view)

    await until_settled(studio, clock, times=0.0, states=(*FINAL, JobState.PARKED))
    slot, job = await slot_of(studio, ines, view), await job_of(studio, ines)
    courier.ready = True
    await change(studio, "UPDATE q_job SET run_at=0")
    await until_settled(studio, clock, times=0.0, states=FINAL)

    assert (slot.state, slot.sentence) == ("drawing", NOT_ASKED)
    assert (job.state, job.sentence, job.may_cancel) == ("drawing", NOT_ASKED, False)
    assert [(slot.state, slot.sentence) for slot in (await seen(studio, ines, view)).slots] == [("done", "")]
    assert await balance(studio, ines) == CHARGED
    assert await faults(studio) == {}


async def test_who_is_told_and_draws_on_is_charged_for_what_comes(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)
    courier.is_deaf = True
    with studio.bus.subscribe(f"user:{ines.id}", capacity=1_000) as heard:
        await call_off(studio, ines, view)
        async with asyncio.timeout(30), working(studio):
            facts = []
            while not any(isinstance(fact, SlotRecalled) for fact in facts):
                facts += await heard.get_batch(0.02)
        slot, job = await slot_of(studio, ines, view), await job_of(studio, ines)
    courier.ready = True
    await change(studio, "UPDATE q_job SET run_at=0")
    await until_settled(studio, clock, times=0.0, states=FINAL)

    assert (slot.state, slot.sentence, slot.is_called_off) == ("drawing", ASKED, True)
    assert (job.state, job.sentence) == ("drawing", ASKED)
    assert (await slot_of(studio, ines, view)).state == "done"
    assert await balance(studio, ines) == CHARGED


async def test_what_was_drawn_before_anybody_could_be_told_comes_and_is_charged(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)
    courier.ready = True
    await call_off(studio, ines, view)

    await until_settled(studio, clock, times=0.0, states=FINAL)

    assert (await slot_of(studio, ines, view)).state == "done"
    assert await balance(studio, ines) == CHARGED


@pytest.mark.parametrize("order", ["first", "last", "twice"])
async def test_a_delivery_that_tells_of_the_stop_comes_when_it_will(studio, courier, ines, clock, order):
    view = await parked(studio, ines, clock)
    await call_off(studio, ines, view)

    async def brought(delivery_id):
        async with studio.db.transaction() as tx:
            return await deliver(tx, NewDelivery(courier.name, delivery_id, "canceled", external_id=courier.charged[0]), studio.kinds)

    placed = []
    if order != "last":
        courier.stopped.add(courier.charged[0])
        placed = [await brought("d1"), *([await brought("d1"), await brought("d2")] if order == "twice" else [])]
    await until_settled(studio, clock, times=0.0, states=FINAL)
    placed.append(await brought("d3"))

    assert placed == {"first": ["taken", "late"], "last": ["late"], "twice": ["taken", "known", "kept", "late"]}[order]
    assert (await slot_of(studio, ines, view)).state == "cancelled"
    assert await balance(studio, ines) == FULL
    assert await faults(studio) == {}


async def test_what_is_not_named_yet_is_called_off_once_it_is(studio, courier, ines, clock):
    """Its answer is on the way: without a name nobody could be told which drawing is meant."""
    view = await parked(studio, ines, clock)
    await change(studio, "UPDATE q_call SET external_id=NULL")
    await call_off(studio, ines, view)
    async with asyncio.timeout(30), time_passing(clock), working(studio):
        while await rows(studio, TRIED) == []:  # noqa: ASYNC110  # rows are looked at: nothing sets an event for them
            await asyncio.sleep(0.01)
    assert courier.told_to_stop == []

    await change(studio, f"UPDATE q_call SET external_id='{courier.charged[0]}'")
    await until_settled(studio, clock, times=5.0, states=FINAL)

    assert courier.told_to_stop == courier.charged
    assert (await slot_of(studio, ines, view)).state == "cancelled"


async def test_what_somebody_else_stopped_has_failed(studio, courier, ines, clock):
    view = await parked(studio, ines, clock)
    courier.stopped.add(courier.charged[0])
    await change(studio, "UPDATE q_job SET run_at=0")

    await until_settled(studio, clock, times=0.0, states=FINAL)

    slot = await slot_of(studio, ines, view)
    assert (slot.state, slot.sentence) == ("failed", "This drawing was stopped before it was finished. Nothing was charged.")
    assert await balance(studio, ines) == FULL


async def test_what_never_arrived_is_not_sent_again_for_somebody_who_does_not_want_it(database, clock, children, ines):
    courier = a_courier(children, delivery="poll", idempotency="query")
    studio = a_studio(database, clock, children, courier)
    courier.script = ["crash before"]
    view = await asked(studio, ines, model="sketch-paper", width=256, height=256, seed=7)
    await until_settled(studio, clock, times=5.0, states=(JobState.PARKED,))
    await change(studio, f"UPDATE q_call SET sent=sent-{limits.UNHEARD_S}")

    await call_off(studio, ines, view)
    await until_settled(studio, clock, times=5.0, states=FINAL)

    assert (await slot_of(studio, ines, view)).state == "cancelled"
    assert courier.charged == []
    assert await balance(studio, ines) == FULL


async def test_asking_and_calling_off_in_turn_does_not_pass_what_the_owner_allows(studio, courier, ines, clock):
    """A provider may charge for what it had begun, and the person gets everything back: the bound has to see it."""
    view = await parked(studio, ines, clock)
    await call_off(studio, ines, view)
    await until_settled(studio, clock, times=0.0, states=FINAL)

    capped = replace(studio, settings=studio.settings.model_copy(update={"spending_caps_credits": f"{courier.name}=100"}))
    async with studio.db.reader() as reader:
        [spending] = await spending_of(reader, capped)

    assert spending.spent == PRICE
