"""Drawings called off at every provider that can be told to stop, through the queue and the books: stopped and given back, or delivered and charged."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.generations import cancel
from tests.contracts.providers import OUTSIDE, Entry, wanted_at
from tests.factories import a_studio, a_user
from tests.paying import asked, balance, seen, time_passing, working

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CREDITS = 95
NOT_HEEDED = "heard and not heeded"
WHEN = {
    "before it is begun": ({"pause_s": 30.0, "waits": 1.0}, "cancelled"),
    "while it is drawn": ({"pause_s": 30.0, "waits": 0.0}, "cancelled"),
    "not heard at first": ({"pause_s": 30.0, "fault": "server_error", "at": "cancel", "times": 2}, "cancelled"),
    "when it is drawn": ({}, "done"),
    NOT_HEEDED: ({"pause_s": 1.0, "fault": "deaf", "at": "cancel"}, "done"),
}
"""When somebody calls it off, how the stand-in plays that, and what becomes of the picture."""
ON_THE_LINE = ["while it is drawn"]
"""What there is to call off of a drawing that is listened to: it is begun at once, and its end is heard at once."""


def played_by(entry: Entry) -> list[str]:
    if entry.streams:
        return ON_THE_LINE
    return [name for name in WHEN if name != NOT_HEEDED or entry.name == "fal"]  # fal alone answers before it has stopped


@pytest.mark.parametrize("entry", [entry for entry in OUTSIDE if entry.stops], ids=lambda entry: entry.name)
async def test_what_is_called_off_is_given_back_when_it_was_stopped_and_charged_when_it_comes(entry, database, clock, children, stand_in):
    ines = await a_user(database, credits=CREDITS)
    states, price = {}, 0
    async with entry.opened(wanted_at(stand_in)) as provider:
        studio, model = a_studio(database, clock, children, provider), provider.models[0]
        width, height, _ = min(model.sizes, key=lambda size: size.width * size.height)
        async with asyncio.timeout(150), time_passing(clock), working(studio):
            for name in played_by(entry):
                step, _ = WHEN[name]
                stand_in.clear()
                stand_in.script(step)
                view = await asked(studio, ines, prompt=f"a boat, called off {name}", model=model.id, width=width, height=height, seed=None)
                await asyncio.to_thread(stand_in.wait_for_charge)
                await _sent(studio, view)
                async with studio.db.transaction() as tx:
                    await cancel(tx, studio, view.id, ines)
                states[name] = (await _ended(studio, ines, view)).slots[0].state
                price += model.price_credits * (states[name] == "done")
        left = await balance(studio, ines)

    assert states == {name: WHEN[name][1] for name in played_by(entry)}
    assert left == Balance(available=CREDITS + 5 - price, held=0)
    async with database.reader() as reader:
        assert (await audit(reader)).faults == {}


async def _sent(studio, view):
    """Until the provider's answer has been written down: from then on it is known there by a name."""
    question = text("SELECT count(*) FROM q_call c JOIN q_job j ON j.id=c.job_id WHERE j.batch_id=:id AND (j.state<>3 OR j.lane='comfyui')")
    while True:
        async with studio.db.reader() as reader:
            if (await reader.exec(question, {"id": view.id})).scalar_one():
                return
        await asyncio.sleep(0.05)


async def _ended(studio, by, view):
    while not (found := await seen(studio, by, view)).is_ended:  # noqa: ASYNC110  # rows are looked at: nothing sets an event for them
        await asyncio.sleep(0.1)
    return found
