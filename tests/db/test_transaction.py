"""Transactions: all or nothing, facts after the commit, one writer at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from pixelstudio.core.events import Event, event_kind
from pixelstudio.db.outbox import OutboxRow
from pixelstudio.features.accounts.registration import Registration, register
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.jobs.tables import TurnRow
from tests.factories import NO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixelstudio.core.events import Bus
    from pixelstudio.db.engine import Database


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    """A fact of these tests."""

    name = "lamp.lit"
    lamp: int

    def topics(self) -> tuple[str, ...]:
        return ("lamps",)


async def _stored(database: Database) -> int:
    async with database.reader() as reader:
        return len((await reader.exec(select(OutboxRow))).all())


async def test_a_fact_reaches_the_bus_after_its_commit(database: Database, bus: Bus) -> None:
    with bus.subscribe("lamps") as subscription:
        async with database.transaction() as tx:
            await tx.publish(LampLit(lamp=7))
            assert not bus.has_listeners("nobody")

        assert await asyncio.wait_for(subscription.get_batch(0), 1) == [LampLit(lamp=7)]
    assert await _stored(database) == 1


async def _write_then_fail(database: Database, called: list[str], amends: Callable[[], None] | None = None) -> None:
    async with database.transaction() as tx:
        if amends:
            tx.after_rollback(amends)
        await tx.publish(LampLit(lamp=1))
        tx.after_commit(lambda: called.append("hook"))
        await tx.flush()
        _ = 1 / 0


async def test_a_failed_transaction_leaves_no_row_no_fact_and_no_hook(database: Database, bus: Bus) -> None:
    called: list[str] = []
    with bus.subscribe("lamps") as subscription:
        with pytest.raises(ZeroDivisionError):
            await _write_then_fail(database, called)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(subscription.get_batch(0), 0.05)
    assert await _stored(database) == 0
    assert called == []


async def test_fifty_writers_that_read_first_all_succeed(database: Database) -> None:
    async def write(lamp: int) -> None:
        async with database.transaction() as tx:
            await tx.exec(select(OutboxRow))
            await tx.publish(LampLit(lamp=lamp))

    await asyncio.gather(*[write(n) for n in range(50)])

    assert await _stored(database) == 50


async def test_a_script_and_a_transaction_share_the_database(database: Database) -> None:
    def count():  # a script's generator type says nothing here
        rows = yield "SELECT count(*) FROM outbox WHERE id > :least AND name LIKE '%lit%'", {"least": 0}
        return rows[0][0]

    async with database.transaction() as tx:
        await tx.publish(LampLit(lamp=3))

    assert await database.script(count()) == 1


async def test_a_script_that_raises_changes_nothing(database: Database) -> None:
    def insert_then_fail():
        yield (
            "INSERT INTO outbox(xid, name, fields, origin, created) VALUES(0, 'lamp.lit', :fields, 'here', 0)",
            {"fields": "{}"},
        )
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.script(insert_then_fail())

    assert await _stored(database) == 0


async def test_a_reader_cannot_write_on_postgres_and_never_commits(database: Database) -> None:
    statement = text("INSERT INTO outbox(xid, name, fields, origin, created) VALUES(0, 'lamp.lit', '{}', 'here', 0)")
    if database.dialect == "postgresql":
        with pytest.raises(Exception, match="read-only"):
            async with database.reader() as reader:
                await reader.exec(statement)
    else:
        async with database.reader() as reader:
            await reader.exec(statement)

    assert await _stored(database) == 0


async def test_postgres_really_answered(database: Database) -> None:
    if database.dialect == "sqlite":
        probe, expected = "SELECT sqlite_version()", "3."
    else:
        probe, expected = "SHOW server_version", "18"
    async with database.reader() as reader:
        answer = (await reader.exec(text(probe))).scalar_one()

    assert str(answer).startswith(expected)


async def test_what_was_written_never_stands_in_an_error(database: Database) -> None:
    statement = text("INSERT INTO outbox(id, name) VALUES(:id, :name)")

    with pytest.raises(DBAPIError) as failure:
        async with database.transaction() as tx:
            await tx.exec(statement, {"id": 1, "name": "canary-4711"})

    assert "canary-4711" not in str(failure.value).replace(str(failure.value.orig), "")


async def test_what_was_kept_for_it_is_given_back_by_a_rollback_and_only_then(database: Database) -> None:
    told: list[str] = []

    async with database.transaction() as tx:
        tx.after_rollback(lambda: told.append("of the first"))

    with pytest.raises(ZeroDivisionError):
        await _write_then_fail(database, told, lambda: told.append("of the second"))

    assert told == ["of the second"]


async def test_what_is_locked_is_as_it_is_now_and_keeps_what_was_written_to_it(database: Database) -> None:
    rename = text("UPDATE account SET display_name=:name WHERE id=:id")
    async with database.transaction() as tx:
        by = await register(tx, Registration("ines@example.org", "ines", "a long password"), NO_PASSWORD)
        row = await tx.get(AccountRow, by.id)
        assert row is not None

        await tx.exec(rename, {"name": "changed by somebody", "id": by.id})  # as by a transaction that this one waits for
        assert row.display_name == ""
        row.bio = "not sent yet"
        assert await tx.get(AccountRow, by.id, for_update=True) is row
        assert (row.display_name, row.bio) == ("changed by somebody", "not sent yet")

        await tx.exec(rename, {"name": "changed again", "id": by.id})
        row.bio = "nor this"
        await tx.exec(select(AccountRow).where(AccountRow.id == by.id).with_for_update())
        assert (row.display_name, row.bio) == ("changed again", "nor this")


async def test_a_script_is_a_part_of_the_transaction_that_runs_it(database: Database) -> None:
    def script():
        yield "INSERT INTO q_turn(name, due) VALUES(:name, :due)", {"name": "a turn", "due": 1.5}
        rows = yield "SELECT due FROM q_turn WHERE name=:name", {"name": "a turn"}
        return rows[0][0]

    async def run_and_fail() -> None:
        async with database.transaction() as tx:
            assert await tx.script(script()) == 1.5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_and_fail()

    async with database.transaction() as tx:
        assert await tx.script(script()) == 1.5


_TURN = "INSERT INTO q_turn(name, due) VALUES(:name, :due)"


def _turns():
    rows = yield "SELECT name FROM q_turn ORDER BY due", {}
    return [row[0] for row in rows]


async def test_whoever_asks_sees_what_was_written_before(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.write(_TURN, {"name": "first", "due": 1.0})
        assert await tx.script(_turns()) == ["first"]
        await tx.write(_TURN, {"name": "second", "due": 2.0})
        assert len((await tx.exec(select(TurnRow))).all()) == 2
        await tx.write(_TURN, {"name": "third", "due": 3.0})
        assert await tx.get(TurnRow, "third") is not None
        await tx.write(_TURN, {"name": "fourth", "due": 4.0})

    assert await database.script(_turns()) == ["first", "second", "third", "fourth"]


async def test_rows_and_writes_reach_the_database_in_the_order_in_which_they_were_said(database: Database) -> None:
    async with database.transaction() as tx:
        tx.add(TurnRow(name="a row", due=1.0))
        await tx.write("UPDATE q_turn SET due=due+:more", {"more": 10.0})
        tx.add(TurnRow(name="a later row", due=2.0))

    assert await database.script(_turns()) == ["a later row", "a row"]


async def test_a_write_that_is_refused_takes_everything_with_it(database: Database) -> None:
    async def write_twice() -> None:
        async with database.transaction() as tx:
            await tx.publish(LampLit(lamp=1))
            for _ in range(2):
                await tx.write(_TURN, {"name": "the same", "due": 1.0})

    with pytest.raises((DBAPIError, UniqueViolation)):
        await write_twice()

    assert await database.script(_turns()) == []
    assert await _stored(database) == 0
