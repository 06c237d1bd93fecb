"""Raw transaction scripts for the queue's hot path: a plain generator yields `(sql, parameters)` and is sent the rows.

SQLite runs a whole script in one thread hop on a connection of its own; Postgres runs it on a wire, in as few round trips as it has answers.
"""

from __future__ import annotations

import asyncio
import functools
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from psycopg import AsyncCursor
    from sqlalchemy.engine import CursorResult
    from sqlalchemy.ext.asyncio import AsyncConnection

    from pixelstudio.db.wires import Connection, Wires

R = TypeVar("R")
Statement: TypeAlias = "tuple[str, Mapping[str, object]]"


@dataclass(frozen=True, slots=True)
class Together:
    """Statements of which none needs the answer of another; each is answered with a tuple of its rows."""

    steps: tuple[Statement, ...]


def together(*steps: Statement) -> Together:
    """One step of a script that asks all these, in this order, and waits once."""
    return Together(steps)


Step: TypeAlias = "Statement | Together"
Rows: TypeAlias = "Sequence[tuple[Any, ...]]"
Script: TypeAlias = "Generator[Step, Rows, R]"

_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
_ANSWERS = re.compile(r"^\s*SELECT\b|\bRETURNING\b|^\s*WITH RECURSIVE\b")


@functools.cache
def _for_psycopg(sql: str) -> tuple[bytes, bool]:
    """`:name` parameters as psycopg's `%(name)s`, and whether rows come back; found out once per text."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%")).encode(), bool(_ANSWERS.search(sql))


class Scripts(Protocol):
    """Whoever runs scripts, each as a transaction of its own."""

    async def run(self, script: Script[R]) -> R:
        """Run it to its end and commit, or roll back when it raises."""
        ...

    async def close(self) -> None:
        """Close what it runs them on."""
        ...


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


async def play(script: Script[R], execute: Callable[[Step], Awaitable[Rows]]) -> R:
    """Run a script to its end by whatever executes one step and answers with its rows."""
    rows: Rows | None = None
    while True:
        try:
            step = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            return end.value
        rows = await execute(step)


async def play_within(connection: AsyncConnection, script: Script[R]) -> R:
    """The same as a part of whatever the connection is about, one statement after the other."""
    driver: Any = (await connection.get_raw_connection()).driver_connection if connection.dialect.name == "postgresql" else None

    async def ask(sql: str, parameters: Mapping[str, object]) -> Rows:
        if driver is None:
            return _rows_of(await connection.execute(text(sql), dict(parameters)))
        translated, answers = _for_psycopg(sql)
        cursor = await driver.execute(translated, parameters)
        return await cursor.fetchall() if answers else ()

    async def execute(step: Step) -> Rows:
        return [tuple(await ask(*one)) for one in step.steps] if isinstance(step, Together) else await ask(*step)

    return await play(script, execute)


def _rows_of(result: CursorResult[Any]) -> Rows:
    return [tuple(row) for row in result.fetchall()] if result.returns_rows else []


def _drive(script: Script[R], ask: Callable[[str, Mapping[str, object]], Rows]) -> R:
    rows: Rows | None = None
    while True:
        try:
            step = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            return end.value
        rows = [tuple(ask(*one)) for one in step.steps] if isinstance(step, Together) else ask(*step)


class PostgresScripts:
    """A script is one transaction on a wire. What answers with no rows travels with what comes next, and so do BEGIN and COMMIT."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    async def run(self, script: Script[R]) -> R:
        async with self._wires.one() as connection, connection.pipeline() as pipeline:

            async def execute(step: Step) -> Rows:
                steps = step.steps if isinstance(step, Together) else (step,)
                asked = [await _queued(connection, *one) for one in steps]
                if any(asked):
                    # Only after a sync the server counts how long nothing is said: a process that freezes must not keep its locks.
                    await pipeline.sync()
                answers = [tuple(await cursor.fetchall()) if cursor else () for cursor in asked]
                return answers if isinstance(step, Together) else answers[0]

            await connection.execute("BEGIN")
            result = await play(script, execute)
            await connection.execute("COMMIT")
        return result

    async def close(self) -> None:
        """Close the wires."""
        await self._wires.close()


async def _queued(connection: Connection, sql: str, parameters: Mapping[str, object]) -> AsyncCursor[Any] | None:
    """The cursor from which its rows are to be fetched, if there will be any."""
    translated, answers = _for_psycopg(sql)
    cursor = await connection.execute(translated, parameters)
    return cursor if answers else None
