"""How databases are opened."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time

import pytest
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from tests.templates import migrated_sqlite


async def test_each_connection_to_sqlite_looks_at_the_file_in_place_and_forces_what_it_commits(database):
    if database.dialect != "sqlite":
        return
    async with database.reader() as reader, database.transaction() as tx:
        for connection in (reader, tx):
            told = [(await connection.exec(text(f"PRAGMA {name}"))).scalar_one() for name in ("mmap_size", "synchronous", "journal_mode")]
            assert told[0] > 1_000_000_000
            assert told[1:] == [2, "wal"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "left"])
def test_whoever_is_called_off_while_sqlite_works_leaves_no_thread_behind_the_loop(tmp_path, is_closed):
    path = tmp_path / "pixelstudio.db"
    path.write_bytes(migrated_sqlite())
    before = set(threading.enumerate())

    async def called_off() -> None:
        database = await Database.open(f"sqlite:///{path}", SystemClock(), Bus())

        async def count() -> None:
            async with database.reader() as reader:
                endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n"
                await reader.exec(text(endless))

        counting = asyncio.create_task(count())
        await asyncio.sleep(0.1)
        while not counting.done():  # again while its connection is rolled back, and closed
            counting.cancel()
            await asyncio.sleep(0.01)
        if is_closed:
            await database.close()

    asyncio.run(called_off())  # at its end calls off whoever is still closing that connection, while the thread counts
    for thread in set(threading.enumerate()) - before:
        thread.join(20)  # an error of one of them is the test's


def test_whoever_is_called_off_while_sqlite_opens_leaves_no_thread_behind_the_loop(tmp_path, monkeypatch):
    path = tmp_path / "pixelstudio.db"
    path.write_bytes(migrated_sqlite())
    before = set(threading.enumerate())
    connect, is_opening = sqlite3.connect, threading.Event()

    def slowly(*place, **terms):
        is_opening.set()
        time.sleep(0.3)
        return connect(*place, **terms)

    async def called_off() -> None:
        database = await Database.open(f"sqlite:///{path}", SystemClock(), Bus())

        async def look() -> None:
            async with database.reader() as reader:
                await reader.exec(text("SELECT 1"))

        async with database.reader() as busy:
            await busy.exec(text("SELECT 1"))
            monkeypatch.setattr(sqlite3, "connect", slowly)
            looking = asyncio.create_task(look())
            await asyncio.to_thread(is_opening.wait, 20)
            looking.cancel()
            await asyncio.wait([looking])
        await database.close()

    asyncio.run(called_off())
    for thread in set(threading.enumerate()) - before:
        thread.join(20)  # an error of one of them is the test's
