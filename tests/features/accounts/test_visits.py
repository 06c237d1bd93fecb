"""Visits: one credit a day, one sign of life an hour."""

from __future__ import annotations

from pixelstudio.features.accounts.visits import is_visit_due, visit
from pixelstudio.features.credits.ledger import balance_of
from tests.factories import a_user

HOUR_S = 60 * 60


async def visited(database, actor):
    async with database.reader() as reader:
        was_due = await is_visit_due(reader, actor)
    async with database.transaction() as tx:
        await visit(tx, actor)
        return was_due, (await balance_of(tx, actor.id)).available


async def test_each_day_visited_brings_one_credit_by_utc_date(database, clock):
    ines = await a_user(database)  # at noon

    assert await visited(database, ines) == (True, 6)
    assert await visited(database, ines) == (False, 6)
    clock.advance(11 * HOUR_S)
    assert await visited(database, ines) == (True, 6)  # only the sign of life was due
    clock.advance(HOUR_S)
    assert await visited(database, ines) == (True, 7)
    clock.advance(3 * 24 * HOUR_S)
    assert await visited(database, ines) == (True, 8)
