"""Spending at once from every side: no balance goes below zero, nothing is lost, and the replay of the ledger shows it."""

from __future__ import annotations

import asyncio
import random

import pytest

from pixelstudio.core.errors import NotEnoughCredits
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.credits.statement import statement_of
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.features.generation.own_jobs import pause_waiting, resume_paused
from pixelstudio.features.generation.settlements import Drawn
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Done, Failed
from tests.factories import PricedSketch, a_request, a_studio, a_user
from tests.jobs.floor import take

OUTCOMES = (Failed("refused", "No."), Done(Drawn({})))
GIVEN = 20


@pytest.fixture
def priced(database, clock, children):
    """A studio where a picture costs two credits."""
    return a_studio(database, clock, children, PricedSketch(children))


async def spend(studio, by, count):
    """Ask for a set, or be refused; the set's id when it was taken."""
    try:
        async with studio.db.transaction() as tx:
            return (await submit(tx, studio, a_request(count=count), by)).id
    except NotEnoughCredits:
        return None


async def spend_and_cancel(studio, by, count):
    if (generation_id := await spend(studio, by, count)) is not None:
        async with studio.db.transaction() as tx:
            await cancel(tx, studio, generation_id, by)


async def end_some(studio, chance):
    for job in await take(studio.db, wanted=3, lane=Lane("sketch", 1_000)):
        await end_held(studio.db, job, studio.kinds, chance.choice(OUTCOMES))


async def aside_and_back(studio, by):
    for act in (pause_waiting, resume_paused):
        async with studio.db.transaction() as tx:
            await act(tx, by=by)


async def replayed(studio, by):
    """Every entry of the person's, oldest first, with both sums after it, as /settings shows them."""
    lines, cursor = [], ""
    async with studio.db.reader() as reader:
        while True:
            page = await statement_of(reader, by.id, before=cursor)
            lines += page.items
            if not (cursor := page.next_cursor):
                return lines[::-1]


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_happens_at_once_no_balance_goes_below_zero_and_everything_adds_up(priced, seed):
    chance, ines = random.Random(seed), await a_user(priced.db, credits=GIVEN - 5)
    acts = [spend(priced, ines, chance.randint(1, 3)) for _ in range(10)]
    acts += [spend_and_cancel(priced, ines, chance.randint(1, 3)) for _ in range(5)]
    acts += [end_some(priced, chance) for _ in range(5)] + [aside_and_back(priced, ines)]
    chance.shuffle(acts)

    await asyncio.gather(*acts)
    while await _is_open(priced, ines):
        await end_some(priced, chance)

    lines = await replayed(priced, ines)
    assert min(line.available_after for line in lines) >= 0
    assert min(line.held_after for line in lines) >= 0
    async with priced.db.reader() as reader:
        books, now = await audit(reader), await balance_of(reader, ines.id)
    assert books.faults == {}
    assert now == Balance(lines[-1].available_after, 0) == Balance(GIVEN, 0)  # nothing was drawn, so everything came back
    assert {line.reason for line in lines} >= {"held", "returned"}


async def _is_open(studio, by):
    async with studio.db.reader() as reader:
        return (await balance_of(reader, by.id)).held
