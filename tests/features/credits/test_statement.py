"""The statement: every entry in its order, with what was available after it, page by page."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.features.credits.ledger import balance_of, capture, grant, grant_daily, hold, release
from pixelstudio.features.credits.statement import is_in_ledger, statement_of
from tests.factories import a_guest, a_user


async def test_each_line_says_why_and_what_was_left(database):
    ines, marc = await a_user(database), await a_user(database, "marc")
    async with database.transaction() as tx:
        await grant_daily(tx, ines.id)
        await grant(tx, marc.id, 99, key="test:marc")
        await hold(tx, ines.id, 2, keys=["a:0", "a:1"])
        await capture(tx, "a:0")
        await release(tx, "a:1")

    async with database.reader() as reader:
        page = await statement_of(reader, ines.id)
        balance = await balance_of(reader, ines.id)

    assert [(line.reason, line.amount, line.available_delta, line.available_after, line.held_after) for line in page.items] == [
        ("returned", 2, 2, 4, 0),
        ("used", 2, 0, 2, 2),
        ("held", 2, -2, 2, 4),
        ("held", 2, -2, 4, 2),
        ("daily", 1, 1, 6, 0),
        ("welcome", 5, 5, 5, 0),
    ]
    assert (page.items[0].available_after, page.items[0].held_after, page.next_cursor) == (balance.available, balance.held, "")


async def test_pages_follow_each_other_without_a_gap(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        for n in range(8):
            await grant(tx, ines.id, n + 1, key=f"test:{n}")

    cursor, after = "", []
    async with database.reader() as reader:
        while True:
            page = await statement_of(reader, ines.id, before=cursor, limit=4)
            after += [line.available_after for line in page.items]
            if not (cursor := page.next_cursor):
                break

    assert after == [41, 33, 26, 20, 15, 11, 8, 6, 5]


@pytest.mark.parametrize("cursor", ["-1", "x", "9" * 40, "²", "1 OR 1"])
async def test_a_cursor_that_is_none_of_ours_is_refused(database, cursor):
    ines = await a_user(database)

    async with database.reader() as reader:
        with pytest.raises(Invalid):
            await statement_of(reader, ines.id, before=cursor)


async def test_a_guest_is_in_no_ledger(database):
    ines, guest = await a_user(database), (await a_guest(database)).actor

    async with database.reader() as reader:
        assert (await is_in_ledger(reader, ines.id), await is_in_ledger(reader, guest.id)) == (True, False)
