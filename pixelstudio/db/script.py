"""Raw transaction scripts for the queue's hot path: a plain generator yields `(sql, parameters)` and is sent the rows.

SQLite runs a whole script in one thread hop on a connection of its own; Postgres runs it on a pooled psycopg connection.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import CursorResult
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

R = TypeVar("R")
Step: TypeAlias = "tuple[str, Mapping[str, object]]"
Rows: TypeAlias = "Sequence[tuple[Any, ...]]"
Script: TypeAlias = "Generator[Step, Rows, R]"

_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
_as_pyformat: dict[str, str] = {}


def _pyformat(sql: str) -> str:
    """`:name` parameters as psycopg's `%(name)s`; translated once per text."""
    known = _as_pyformat.get(sql)
    if known is None:
        known = _as_pyformat[sql] = _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))
    return known


class SqliteScripts:
    """One connection on one thread, BEGIN IMMEDIATE, synchronous FULL."""

    def __init__(self, path: Path, busy_timeout_s: float) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="queue-sql")
        self._connection: sqlite3.Connection | None = None

    async def run(self, script: Script[R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, script)

    def _run(self, script: Script[R]) -> R:
        connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = _drive(script, lambda sql, parameters: connection.execute(sql, dict(parameters)).fetchall())
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return result

    def _connect(self) -> sqlite3.Connection:
        # Used from the executor's single thread only; sqlite3 cannot know that.
        self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=self._busy_timeout_s)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        return self._connection

    async def close(self) -> None:
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()


async def play(script: Script[R], execute: Callable[[str, Mapping[str, object]], Awaitable[Rows]]) -> R:
    """Run a script to its end by whatever executes one statement and answers with its rows."""
    rows: Rows | None = None
    while True:
        try:
            sql, parameters = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            return end.value
        rows = await execute(sql, parameters)


async def play_within(connection: AsyncConnection, script: Script[R]) -> R:
    """The same as a part of whatever the connection is about."""

    async def execute(sql: str, parameters: Mapping[str, object]) -> Rows:
        return _rows_of(await connection.execute(text(sql), dict(parameters)))

    return await play(script, execute)


def _rows_of(result: CursorResult[Any]) -> Rows:
    return [tuple(row) for row in result.fetchall()] if result.returns_rows else []


def _drive(script: Script[R], execute: Callable[[str, Mapping[str, object]], Rows]) -> R:
    rows: Rows | None = None
    while True:
        try:
            sql, parameters = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            return end.value
        rows = execute(sql, parameters)


class PostgresScripts:
    """A script is one transaction on a connection of the engine's pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, script: Script[R]) -> R:
        async with self._engine.begin() as connection:

            async def execute(sql: str, parameters: Mapping[str, object]) -> Rows:
                return _rows_of(await connection.exec_driver_sql(_pyformat(sql), dict(parameters)))

            return await play(script, execute)

    async def close(self) -> None:
        """Nothing of its own to close: the engine owns the pool."""
