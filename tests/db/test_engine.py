"""How databases are opened."""

from __future__ import annotations

from sqlalchemy import text


async def test_each_connection_to_sqlite_looks_at_the_file_in_place_and_forces_what_it_commits(database):
    if database.dialect != "sqlite":
        return
    async with database.reader() as reader, database.transaction() as tx:
        for connection in (reader, tx):
            told = [(await connection.exec(text(f"PRAGMA {name}"))).scalar_one() for name in ("mmap_size", "synchronous", "journal_mode")]
            assert told[0] > 1_000_000_000
            assert told[1:] == [2, "wal"]
