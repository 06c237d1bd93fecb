"""The audit: right books have no faults, and every kind of wrong entry is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pixelstudio.core.ids import new_id
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import capture, grant, hold, release
from pixelstudio.features.credits.tables import CreditEntryRow
from tests.factories import a_user

WRONG = {
    "entries whose two amounts do not fit their kind": ("hold", -2, 1, "hold:crooked", None),
    "accounts below zero": ("hold", -50, 50, "hold:dear", None),
    "settlements without the hold they settle": ("capture", 0, -1, "settle:nothing", None),
    "holds left open by work that has ended": ("hold", -1, 1, "hold:left", new_id()),
}


async def audited(database):
    async with database.reader() as reader:
        return await audit(reader)


async def test_right_books_add_up(database):
    ines = await a_user(database, credits=10)
    async with database.transaction() as tx:
        await grant(tx, ines.id, 4, key="gift")
        await hold(tx, ines.id, 2, keys=["a", "b", "c"])
        await capture(tx, "a")
        await release(tx, "b")

    books = await audited(database)

    assert books.faults == {}
    async with database.reader() as reader:
        held = await reader.exec(text("SELECT sum(available_delta), sum(held_delta), count(*) FROM credit_entry"))
        assert (books.available, books.held, books.entries) == tuple(held.one())
    assert books.held == 2


@pytest.mark.parametrize("fault", WRONG)
async def test_a_wrong_entry_is_found(database, fault):
    ines = await a_user(database)
    kind, available, held, key, generation = WRONG[fault]
    async with database.transaction() as tx:
        tx.add(
            CreditEntryRow(
                account_id=ines.id,
                kind=kind,
                available_delta=available,
                held_delta=held,
                key=key,
                generation_id=generation,
                created_at=tx.now,
            )
        )

    assert (await audited(database)).faults[fault] == 1
