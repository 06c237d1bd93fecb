"""Very many rows at once: into SQLite by one transaction without its safeguards, into Postgres by COPY; indexes and triggers come back afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg import sql

from pixelstudio.db.engine import async_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Bulk(Protocol):
    """A database that is being filled."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert the rows."""
        ...


@contextmanager
def filling(url: str, tables: Sequence[str]) -> Iterator[Bulk]:
    """Fill a migrated database; the indexes and triggers of `tables` are made anew at the end. When it fails, nothing is there."""
    address = async_url(url)
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(address.database or "", isolation_level=None)) as connection:
            yield from _filling_sqlite(connection, tables)
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        yield from _filling_postgres(connection, tables)


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608  # names of ours


def _filling_sqlite(connection: sqlite3.Connection, tables: Sequence[str]) -> Iterator[Bulk]:
    for pragma in ("synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    named = "type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ?"
    found = [row for table in tables for row in connection.execute(f"SELECT type, name, sql FROM sqlite_master WHERE {named}", (table,))]  # noqa: S608  # as above
    connection.execute("BEGIN")
    for kind, name, _ in found:
        connection.execute(f"DROP {kind} {name}")
    yield _Sqlite(connection)
    for _, _, made_by in found:
        connection.execute(made_by)
    connection.execute("INSERT INTO post_search(post_search) VALUES ('rebuild')")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self._connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
            for row in rows:
                copy.write_row(row)


def _filling_postgres(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[Bulk]:
    connection.execute("SET timezone = 'UTC'; SET maintenance_work_mem = '256MB'")
    if connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("on",):
        connection.execute("SET session_replication_role = replica")  # no look at every foreign key: the rows are ours
    defined = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname LIKE 'ix\\_%%'"
    found = connection.execute(defined, (list(tables),)).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield _Postgres(connection)
    for _, made_by in found:
        connection.execute(sql.SQL(made_by))
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
