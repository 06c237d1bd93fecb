"""Lines: kept open between transactions, for one at a time, and as good as new for whoever comes next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from pixelstudio.db import lines
from pixelstudio.db.lines import PostgresLines
from pixelstudio.db.outages import DatabaseAway
from pixelstudio.jobs.tables import TurnRow

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.db.script import Script
    from pixelstudio.db.transaction import Reader

on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_TURN = "INSERT INTO q_turn(name, due) VALUES(:name, :due)"


def _which() -> Script[int]:
    rows = yield "SELECT pg_backend_pid()", {}
    return rows[0][0]


def _turns() -> Script[list[str]]:
    rows = yield "SELECT name FROM q_turn ORDER BY due", {}
    return [row[0] for row in rows]


async def _by_objects(reader: Reader) -> list[str]:
    return list((await reader.exec(select(col(TurnRow.name)).order_by(col(TurnRow.due)))).scalars())


async def _of_a_transaction(database: Database) -> int:
    async with database.transaction() as tx:
        return await tx.script(_which())


@on_postgres
async def test_one_after_the_other_uses_the_same_line_and_two_at_once_do_not(database: Database) -> None:
    one = await _of_a_transaction(database)
    async with database.reader() as reader:
        read = await reader.script(_which())
    both = await asyncio.gather(_of_a_transaction(database), _of_a_transaction(database))

    assert one == read
    assert len(set(both)) == 2


async def test_scripts_and_rows_as_objects_see_each_other_in_one_transaction_in_whatever_order(database: Database) -> None:
    async with database.transaction() as tx:
        tx.add(TurnRow(name="a row", due=1.0))
        assert await tx.script(_turns()) == ["a row"]
        await tx.write(_TURN, {"name": "a write", "due": 2.0})
        assert await _by_objects(tx) == ["a row", "a write"]
        assert await tx.get(TurnRow, "a write") is not None
        await tx.write(_TURN, {"name": "another", "due": 3.0})
        tx.add(TurnRow(name="the last", due=4.0))

    async with database.reader() as reader:
        assert await reader.script(_turns()) == await _by_objects(reader) == ["a row", "a write", "another", "the last"]


async def test_a_reader_sees_one_moment_by_whichever_way_it_asks(database: Database) -> None:
    async with database.reader() as first, database.reader() as second:
        assert await first.script(_turns()) == await _by_objects(second) == []
        async with database.transaction() as tx:
            await tx.write(_TURN, {"name": "meanwhile", "due": 1.0})

        assert await _by_objects(first) == await second.script(_turns()) == []
    async with database.reader() as later:
        assert await later.script(_turns()) == ["meanwhile"]


async def _fail(database: Database, ways: str) -> None:
    async with database.transaction() as tx:
        for way in ways:
            if way == "s":
                await tx.script(_turns())
            else:
                await _by_objects(tx)
        await tx.write(_TURN, {"name": "half", "due": 1.0})
        raise ZeroDivisionError


@pytest.mark.parametrize("ways", ["", "s", "o", "so", "os"])
async def test_what_was_left_in_the_middle_is_undone_whichever_way_it_had_asked(database: Database, ways: str) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail(database, ways)

    async with database.transaction() as tx:
        await tx.write(_TURN, {"name": "whole", "due": 1.0})
    assert await database.script(_turns()) == ["whole"]


@on_postgres
@pytest.mark.parametrize("ways", ["s", "o", "so", "os"])
async def test_a_line_that_is_lost_in_the_middle_says_so_and_whoever_comes_next_has_another(database: Database, ways: str) -> None:
    cut = await _of_a_transaction(database)

    async def lose() -> None:
        async with database.transaction() as tx:
            for way in ways:
                await (tx.script(_turns()) if way == "s" else _by_objects(tx))
            await tx.write(_TURN, {"name": "half", "due": 1.0})
            await tx.exec(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseAway):
        await lose()

    assert await _of_a_transaction(database) != cut
    assert await database.script(_turns()) == []


@on_postgres
async def test_whoever_is_called_off_amid_a_question_leaves_nothing_to_the_next(database: Database) -> None:
    async def sleep(way: str) -> None:
        async with database.transaction() as tx:
            await tx.write(_TURN, {"name": way, "due": 1.0})
            if way == "script":
                await tx.rows("SELECT 1 FROM pg_sleep(20)", {})
            else:
                await tx.exec(text("SELECT pg_sleep(20)"))

    for way in ("script", "object"):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sleep(way), 0.2)

    async with database.transaction() as tx:
        assert await tx.script(_turns()) == await _by_objects(tx) == []


@on_postgres
async def test_what_is_only_written_is_one_question_with_its_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[lines.Wire] = []
    sync = lines.Wire._sync

    def noted(wire: lines.Wire) -> None:
        syncs.append(wire)
        sync(wire)

    monkeypatch.setattr(lines.Wire, "_sync", noted)
    async with database.transaction() as tx:
        for name in ("first", "second"):
            await tx.write(_TURN, {"name": name, "due": 1.0})
    assert len(syncs) == 1
    async with database.transaction():
        pass  # nothing was asked, so nothing is said
    assert len(syncs) == 1

    assert len(await database.script(_turns())) == 2


@on_postgres
async def test_whoever_comes_when_all_are_in_use_waits_and_is_told_in_the_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 1)
    monkeypatch.setattr(lines, "PATIENCE_S", 0.2)
    monkeypatch.setattr(database, "_lines", PostgresLines(database.engine))

    async with database.transaction():
        with pytest.raises(DatabaseAway):
            await _of_a_transaction(database)
        waiting = asyncio.create_task(_of_a_transaction(database))
        await asyncio.sleep(0)

    assert await waiting
    await database._lines.close()
