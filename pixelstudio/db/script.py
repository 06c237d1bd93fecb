"""Raw transaction scripts for the queue's hot path: a plain generator yields `(sql, parameters)` and is sent the rows.

SQLite runs a whole script in one thread hop on a connection of its own; Postgres runs it on a wire, where what is asked `Ahead` travels with
the next question, BEGIN with the first, and the last ones with COMMIT.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from pixelstudio.db.wires import Wire, Wires

R = TypeVar("R")


class Ahead(NamedTuple):
    """A step whose answer nobody needs yet: its rows are in the list it is sent once a plain step after it has been answered."""

    sql: str
    parameters: Mapping[str, object]


class Settled:
    """What a script yields that has written all it will: the commit is on its way while it makes its answer of the rows."""


Step: TypeAlias = "tuple[str, Mapping[str, object]]"
Rows: TypeAlias = "Sequence[tuple[Any, ...]]"
Script: TypeAlias = "Generator[Step | Settled, Rows, R]"


def one_step(sql: str, parameters: Mapping[str, object]) -> Script[Rows]:
    """A script of a single step; its rows."""
    return (yield sql, parameters)


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
        self._connection.execute("PRAGMA cache_size=-16384")
        return self._connection

    async def close(self) -> None:
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()


async def play(script: Script[R], execute: Callable[[Step], Awaitable[Rows]], settle: Callable[[], object] = lambda: None) -> R:
    """Run a script to its end by whatever executes one step and answers with its rows. `settle` is called once it has written all it will."""
    rows: Rows | None = None
    is_settled = False
    while True:
        try:
            step = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            if not is_settled:
                settle()
            return end.value
        if isinstance(step, Settled):
            settle()
            rows, is_settled = (), True
        else:
            rows = await execute(step)


def _drive(script: Script[R], execute: Callable[[str, Mapping[str, object]], Rows]) -> R:
    rows: Rows | None = None
    while True:
        try:
            step = script.send(rows)  # pyright: ignore[reportArgumentType]  # the first send must be None
        except StopIteration as end:
            return end.value
        rows = () if isinstance(step, Settled) else execute(*step)


class PostgresScripts:
    """A script is one transaction on a wire."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    async def run(self, script: Script[R]) -> R:
        async with self._wires.one() as wire:
            wire.send("BEGIN", {}, sync=False)
            result = await play(script, functools.partial(sent, wire), settle=functools.partial(wire.send, "COMMIT", {}))
            await wire.answered()
        return result

    async def close(self) -> None:
        """Close the wires."""
        await self._wires.close()


async def sent(wire: Wire, step: Step) -> Rows:
    """Ask a step over a wire; what is asked `Ahead` leaves with the next question, and its rows are there then."""
    is_ahead = isinstance(step, Ahead)
    rows = wire.send(*step, sync=not is_ahead)
    if not is_ahead:
        await wire.answered()
    return rows
