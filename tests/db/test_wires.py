"""Wires: kept open between scripts, never used once the server has cut them, and never after something went wrong."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
import uvloop
from sqlalchemy import text

from pixelstudio.db.outages import DatabaseAway
from pixelstudio.db.script import Ahead, Settled, one_step
from pixelstudio.db.wires import KEPT_MAX, Wire

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.db.script import Script

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid<>pg_backend_pid() AND datname=current_database()"


def which() -> Script[int]:
    rows = yield "SELECT pg_backend_pid()", {}
    return rows[0][0]


def fail() -> Script[None]:
    yield "INSERT INTO q_turn(name,due) VALUES('half',0)", {}
    raise ZeroDivisionError


async def a_wire(database: Database) -> Wire:
    wire = Wire(await psycopg.AsyncConnection.connect(database.url, autocommit=True))
    wire.plug()
    return wire


async def test_one_script_after_the_other_uses_the_same_wire_and_two_at_once_do_not(database: Database) -> None:
    one, again = await database.script(which()), await database.script(which())
    both = await asyncio.gather(database.script(which()), database.script(which()))

    assert one == again
    assert len(set(both)) == 2


async def test_whatever_the_server_has_cut_is_replaced_before_anybody_notices(database: Database) -> None:
    """Without the look at the socket the next script and the next transaction find out by failing."""
    cut = await database.script(which())
    async with database.transaction() as tx:
        await tx.exec(text(CUT))
    await asyncio.sleep(0.2)

    async with database.reader() as reader:
        assert (await reader.exec(text("SELECT 1"))).scalar_one() == 1
    assert await database.script(which()) != cut


async def test_a_wire_that_was_cut_is_no_reason_for_whoever_connects_next_to_hear_nothing(database: Database) -> None:
    cut, whole = await a_wire(database), await a_wire(database)
    number = cut.connection.fileno()
    whole.send("SELECT pg_terminate_backend(CAST(:pid AS int))", {"pid": cut.connection.info.backend_pid})
    await whole.answered()
    await asyncio.sleep(0.2)
    following = await a_wire(database)
    assert following.connection.fileno() == number

    await cut.close()

    rows = following.send("SELECT 1", {})
    async with asyncio.timeout(10):
        await following.answered()
    assert rows == [(1,)]
    await following.close()
    await whole.close()


async def test_who_asks_on_a_connection_that_is_lost_meanwhile_hears_so_and_waits_for_nothing(database: Database) -> None:
    """libpq finds out while it sends, and closes the socket, at which nobody would hear anything any more."""
    wire = Wire(await psycopg.AsyncConnection.connect(database.url, autocommit=True))

    async def ask() -> None:
        wire.plug()
        if True:
            with psycopg.connect(database.url, autocommit=True) as other:  # in one step of the loop: the reader hears nothing before
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [wire.connection.info.backend_pid])
            for _ in range(3):
                wire.send("SELECT 1", {})
            await wire.answered()

    async with asyncio.timeout(10):
        with pytest.raises(psycopg.OperationalError):
            await ask()
    await wire.close()


def test_a_server_that_dies_with_a_question_unread_is_not_waited_for(database_url: str) -> None:
    """As servers and workers run: uvloop tells once of a connection that was reset, and never of its end. The last words were taken for more to come."""

    async def ask_in_vain() -> None:
        wire = Wire(await psycopg.AsyncConnection.connect(database_url, autocommit=True))
        wire.plug()
        wire.send("SELECT pg_sleep(60)", {})
        await asyncio.sleep(0.2)
        wire.send("SELECT 1", {})  # lies there while the server is at the first
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute(CUT)
        waiting = asyncio.ensure_future(wire.answered())
        heard, _ = await asyncio.wait({waiting}, timeout=20)
        wire._lose(psycopg.OperationalError("waited in vain"))  # it would wait for ever
        with pytest.raises(psycopg.OperationalError, match="terminat"):
            await waiting
        await wire.close()
        assert heard

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(ask_in_vain())


async def test_a_farewell_of_the_server_after_all_answers_is_its_fault_and_nobodys_answer(database: Database) -> None:
    """Hard to bring about at that moment, so the result is handed in."""
    wire = await a_wire(database)
    with psycopg.connect(database.url, autocommit=True) as other:
        farewell = other.pgconn.exec_(b"SELECT 1/0")

    wire._note(farewell)

    with pytest.raises(psycopg.errors.DivisionByZero):
        await wire.answered()
    await wire.close()


async def test_a_script_cut_in_the_middle_says_that_the_database_is_away(database: Database) -> None:
    def suicide() -> Script[None]:
        yield "SELECT pg_terminate_backend(pg_backend_pid())", {}
        yield "SELECT 1", {}

    with pytest.raises(DatabaseAway):
        await database.script(suicide())


async def test_a_script_that_raises_leaves_nothing_behind_and_its_wire_is_not_used_again(database: Database) -> None:
    wire = await database.script(which())
    with pytest.raises(ZeroDivisionError):
        await database.script(fail())

    async with database.reader() as reader:
        assert (await reader.exec(text("SELECT count(*) FROM q_turn"))).scalar_one() == 0
    assert await database.script(which()) != wire


async def test_what_is_asked_ahead_is_answered_with_the_next_question(database: Database) -> None:
    def ask() -> Script[tuple[list[int], list[int]]]:
        ahead = yield Ahead("SELECT CAST(:n AS int)", {"n": 7})
        before = [row[0] for row in ahead]
        yield "SELECT 1", {}
        return before, [row[0] for row in ahead]

    assert await database.script(ask()) == ([], [7])


async def test_what_is_asked_ahead_at_the_end_travels_with_the_commit_and_its_fault_undoes_everything(database: Database) -> None:
    def write(name: str | None) -> Script[None]:
        yield "INSERT INTO q_turn(name,due) VALUES('first',0) ON CONFLICT(name) DO NOTHING", {}
        yield Ahead("INSERT INTO q_turn(name,due) VALUES(:name,0)", {"name": name})

    with pytest.raises(psycopg.errors.NotNullViolation):
        await database.script(write(None))
    async with database.reader() as reader:
        assert (await reader.exec(text("SELECT count(*) FROM q_turn"))).scalar_one() == 0

    await database.script(write("second"))
    async with database.reader() as reader:
        assert (await reader.exec(text("SELECT count(*) FROM q_turn"))).scalar_one() == 2


@pytest.mark.parametrize("value", ["a word", "", "é 📷", "x" * 4_000_000, None])
async def test_text_of_any_length_goes_and_comes_back_as_it_was(database: Database, value: str | None) -> None:
    """The longest is more than a socket takes at once, in both directions."""

    def echo() -> Script[object]:
        rows = yield "SELECT CAST(:value AS text)", {"value": value}
        return rows[0][0]

    assert await database.script(echo()) == value


@pytest.mark.parametrize(("kind", "value"), [("bytea", b"\x00\xff"), ("boolean", True), ("bigint", -(2**62)), ("float8", 0.1 + 0.2)])
async def test_other_values_do_too(database: Database, kind: str, value: object) -> None:
    def echo() -> Script[object]:
        rows = yield f"SELECT CAST(:value AS {kind})", {"value": value}
        return rows[0][0]

    assert await database.script(echo()) == value


async def test_text_that_would_be_cut_short_is_refused(database: Database) -> None:
    def ask() -> Script[None]:
        yield "SELECT CAST(:value AS text)", {"value": "a\0b"}

    with pytest.raises(psycopg.DataError):
        await database.script(ask())


async def test_a_transaction_goes_on_after_a_text_was_refused_that_was_new(database: Database) -> None:
    """What could not be prepared then is prepared when it is asked again."""
    nobody = "SELECT 1 FROM q_turn WHERE name='nobody'"
    async with database.transaction() as tx:
        with pytest.raises(psycopg.errors.DivisionByZero):
            await tx.script(one_step("SELECT 1/0", {}))
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            await tx.script(one_step(nobody, {}))
        await tx.script(one_step("ROLLBACK", {}))

        assert await tx.script(one_step(nobody, {})) == []


async def test_a_script_that_raises_with_a_question_open_leaves_the_connection_of_its_transaction_usable(database: Database) -> None:
    def fail_early() -> Script[None]:
        yield Ahead("SELECT 1", {})
        raise ZeroDivisionError

    async with database.transaction() as tx:
        with pytest.raises(ZeroDivisionError):
            await tx.script(fail_early())

        assert (await tx.exec(text("SELECT 2"))).scalar_one() == 2


async def test_a_script_that_is_cancelled_within_a_transaction_ends_what_the_server_is_at(database: Database) -> None:
    async def sleep() -> None:
        async with database.transaction() as tx:
            await tx.script(one_step("SELECT pg_sleep(20)", {}))

    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sleep(), 0.3)

    assert time.monotonic() - begun < 10
    async with database.transaction() as tx:
        assert (
            await tx.exec(text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state='active'"))
        ).scalar_one() == 1


async def heard_by_the_server(database: Database, wire: Wire) -> str:
    """What this connection was asked last, as the server tells."""
    async with database.reader() as reader:
        told = await reader.exec(text(f"SELECT query FROM pg_stat_activity WHERE pid={wire.connection.info.backend_pid}"))
        return told.scalar_one()


async def test_what_goes_without_a_sync_is_kept_until_the_next_question_unless_it_is_long(database: Database) -> None:
    wire = await a_wire(database)
    wire.send("SELECT 1 AS first", {})
    await wire.answered()

    short = wire.send("SELECT length(:words) AS short", {"words": "a few"}, sync=False)
    await asyncio.sleep(0.2)
    assert await heard_by_the_server(database, wire) == "SELECT 1 AS first"

    long = wire.send("SELECT length(:words) AS long", {"words": "a" * KEPT_MAX}, sync=False)
    async with asyncio.timeout(10):
        while "AS long" not in await heard_by_the_server(database, wire):  # noqa: ASYNC110  # nobody else can tell
            await asyncio.sleep(0.01)
    await wire.answered()
    assert (short, long) == ([(5,)], [(KEPT_MAX,)])
    await wire.close()


async def test_a_script_that_has_settled_is_committed_while_it_makes_its_answer(database: Database) -> None:
    def settle() -> Script[bool]:
        yield "INSERT INTO q_turn(name,due) VALUES('settled',0)", {}
        yield Settled()
        with psycopg.connect(database.url) as somebody_else:
            ends_at = time.monotonic() + 10
            while time.monotonic() < ends_at:
                if somebody_else.execute("SELECT 1 FROM q_turn WHERE name='settled'").fetchone():
                    return True
                somebody_else.rollback()
        return False

    assert await database.script(settle())


async def test_a_script_that_has_settled_in_vain_says_so(database: Database) -> None:
    def settle() -> Script[str]:
        yield "SELECT 1", {}
        yield Ahead("INSERT INTO q_turn(name,due) VALUES(:name,0)", {"name": None})
        yield Settled()
        return "never heard"

    with pytest.raises(psycopg.errors.NotNullViolation):
        await database.script(settle())
