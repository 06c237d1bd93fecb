"""What a statement says of itself, and on SQLite how often it goes to the connection's thread for that."""

from __future__ import annotations

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pixelstudio.db.engine import make_engine

MADE = text("CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT)")
FILLED = text("INSERT INTO shelf (id, name) VALUES (:id, :name)")
BOOKS = [{"id": number, "name": f"book {number}"} for number in range(1, 4)]


@pytest.fixture
async def engine(tmp_path):
    """One on a new SQLite file."""
    opened = make_engine(f"sqlite:///{tmp_path}/shelf.db")
    yield opened
    await opened.dispose()


@pytest.fixture
def hops(monkeypatch):
    """One entry for each time anybody has gone to a connection's thread."""
    made, hop = [], aiosqlite.Connection._execute

    async def counted(self, *call, **more):
        made.append(call)
        return await hop(self, *call, **more)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


async def test_a_statement_hops_once_whatever_it_is_and_however_many_rows_it_has(engine, hops):
    async with engine.begin() as connection:
        await connection.execute(MADE)
        for statement, values in ((FILLED, BOOKS), (FILLED, {"id": 9, "name": "last"}), (text("SELECT name FROM shelf ORDER BY id"), {})):
            before = len(hops)
            result = await connection.execute(statement, values)
            told = result.scalars().all() if result.returns_rows else None
            assert len(hops) - before == 1

    assert told == ["book 1", "book 2", "book 3", "last"]


async def test_what_was_written_and_what_is_read_is_told_as_by_any_cursor(engine):
    async with engine.begin() as connection:
        await connection.execute(MADE)
        assert (await connection.execute(FILLED, {"id": 7, "name": "seventh"})).lastrowid == 7
        assert (await connection.execute(FILLED, BOOKS)).rowcount == 3
        changed = await connection.execute(text("UPDATE shelf SET name = 'old' WHERE id < 3 RETURNING id"))
        assert sorted(changed.scalars()) == [1, 2]
        gone = await connection.execute(text("DELETE FROM shelf WHERE name = 'old'"))
        assert (gone.rowcount, gone.returns_rows) == (2, False)
        left = await connection.execute(text("SELECT id, name FROM shelf ORDER BY id"))
        assert list(left.keys()) == ["id", "name"]
        assert [left.first()] == [(3, "book 3")]


async def test_rows_may_also_come_one_by_one(engine):
    async with engine.begin() as connection:
        await connection.execute(MADE)
        await connection.execute(FILLED, BOOKS)
        rows = await connection.stream(text("SELECT id FROM shelf ORDER BY id"))

        assert [row.id async for row in rows] == [1, 2, 3]


async def test_after_a_statement_that_failed_the_connection_works_on(engine):
    async with engine.begin() as connection:
        await connection.execute(MADE)
        await connection.execute(FILLED, BOOKS[0])
        with pytest.raises(IntegrityError):
            await connection.execute(FILLED, BOOKS[0])

        assert (await connection.execute(text("SELECT count(*) FROM shelf"))).scalar_one() == 1


async def test_what_was_committed_is_not_undone_as_well_while_others_wait_to_write(engine, hops):
    async with engine.begin() as connection:
        await connection.execute(MADE)
    for is_read, statement in ((False, FILLED), (True, text("SELECT id FROM shelf"))):
        before = len(hops)
        async with engine.connect() as connection:
            await connection.execute(statement, {} if is_read else BOOKS)
            if not is_read:
                await connection.commit()
        assert len(hops) - before == 3  # begin, the statement, and commit or undo


async def test_what_could_not_be_committed_is_undone_before_somebody_else_is_lent_the_connection(engine):
    async with engine.begin() as connection:
        await connection.execute(MADE)
        await connection.execute(text("CREATE TABLE page (book INTEGER REFERENCES shelf(id) DEFERRABLE INITIALLY DEFERRED)"))

    async with engine.connect() as connection:
        await connection.execute(text("INSERT INTO page (book) VALUES (1)"))
        with pytest.raises(IntegrityError):
            await connection.commit()

    async with engine.begin() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM page"))).scalar_one() == 0
