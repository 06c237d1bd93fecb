"""Lines: what one transaction or one reader talks to the database over, lent to one at a time.

A line to Postgres stays open, and stays SQLAlchemy's: taking a connection out of a pool and giving it back costs more than a short
transaction asks. It is a wire as well (`db/wires.py`), on which scripts run below SQLAlchemy; whoever works with rows as objects has both in
one transaction. What begins it travels with the first question.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy.exc import TimeoutError as NoConnectionFree

from pixelstudio.db.script import Ahead, one_step, play, sent
from pixelstudio.db.wires import Wire, is_cut

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncGenerator
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from pixelstudio.db.script import R, Rows, Script, Step

AT_ONCE: Final = 20
"""As many to Postgres are in use at a time; whoever comes then waits for one."""
KEPT: Final = 10
"""As many stay open when nobody uses them."""
PATIENCE_S: Final = 30.0


class Line(Protocol):
    """One transaction's, or one reader's."""

    @property
    def connection(self) -> AsyncConnection:
        """As SQLAlchemy knows it. Before anything is asked there, `begin`."""
        ...

    async def begin(self) -> None:
        """Begin what this line was lent for, unless it has begun."""
        ...

    async def play(self, script: Script[R]) -> R:
        """Run a script as a part of it."""
        ...

    async def roll_back(self) -> None:
        """Undo what was not committed."""
        ...


class Lines(Protocol):
    """The lines of a database."""

    def to_write(self) -> AbstractAsyncContextManager[Line]:
        """One for a transaction; what it has not committed at the end of the block is undone."""
        ...

    def to_read(self) -> AbstractAsyncContextManager[Line]:
        """One that shows the database as it is at one moment."""
        ...

    async def close(self) -> None:
        """Close those that nobody uses."""
        ...


class SqliteLine:
    """A connection out of SQLAlchemy's pool."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def begin(self) -> None:
        """SQLAlchemy does, at its first statement."""

    async def play(self, script: Script[R]) -> R:
        if not self.connection.in_transaction():
            await self.connection.begin()
        # SQLAlchemy's own way there takes a greenlet; what is connected has nothing to wait for.
        lent = self.connection.sync_connection.connection  # pyright: ignore[reportOptionalMemberAccess]  # it is connected
        hops = _Hops(lent.driver_connection)
        try:
            return await play(script, hops.executed)
        finally:
            await hops.go()

    async def roll_back(self) -> None:
        await self.connection.rollback()


class _Hops:
    """To the connection's thread and back, without SQLAlchemy's cursor and result; what is asked `Ahead` goes with the next question."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._steps: list[tuple[Step, list[Any]]] = []

    async def executed(self, step: Step) -> Rows:
        rows: list[Any] = []
        self._steps.append((step, rows))
        if not isinstance(step, Ahead):
            await self.go()
        return rows

    async def go(self) -> None:
        steps, self._steps = self._steps, []
        if steps:
            await self._driver._execute(_executed, self._driver._conn, steps)  # noqa: SLF001  # as SQLAlchemy does


def _executed(connection: sqlite3.Connection, steps: list[tuple[Step, list[Any]]]) -> None:
    for (sql, parameters), rows in steps:
        rows.extend(connection.execute(sql, dict(parameters)).fetchall())


class SqliteLines:
    """Writers say so when they begin: a deferred transaction that reads, then writes, fails with "locked" whatever the timeout."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")

    @contextlib.asynccontextmanager
    async def to_write(self) -> AsyncGenerator[SqliteLine]:
        """Its turn to write comes here: no transaction's moment is before the last one's."""
        async with self._writer.connect() as connection:
            await connection.begin()
            yield SqliteLine(connection)

    @contextlib.asynccontextmanager
    async def to_read(self) -> AsyncGenerator[SqliteLine]:
        async with self._engine.connect() as connection:
            yield SqliteLine(connection)

    async def close(self) -> None:
        """The pool closes them."""


class PostgresLine:
    """A connection that stays open. It is plugged as a wire from a script on until somebody wants it as SQLAlchemy's."""

    def __init__(self, connection: AsyncConnection) -> None:
        lent = connection.sync_connection.connection  # pyright: ignore[reportOptionalMemberAccess]  # it is connected
        driver: Any = lent.driver_connection
        self.opening = ""
        self._connection = connection
        self._wire = Wire(driver)

    @property
    def connection(self) -> AsyncConnection:
        self._wire.unplug()
        return self._connection

    @property
    def is_idle(self) -> bool:
        """Whether it is outside any transaction, and everything it was asked has been answered."""
        return self._wire.is_idle

    @property
    def is_cut(self) -> bool:
        """Whether the server has ended it, as far as it could say so."""
        return is_cut(self._wire.connection)

    async def begin(self) -> None:
        if self._wire.is_idle:
            await self.play(_nothing_more())
        sync: Any = self._connection.sync_connection
        if not sync.in_transaction():
            sync.begin()  # says nothing to the server, so there is nothing to wait for

    async def play(self, script: Script[R]) -> R:
        self._wire.plug()
        try:
            if self._wire.is_idle:
                self._wire.send(self.opening, {}, sync=False)
            result = await play(script, functools.partial(sent, self._wire))
            await self._wire.answered()
        except BaseException:
            await self._wire.settled()
            raise
        return result

    async def roll_back(self) -> None:
        if self._wire.is_lost:
            return
        if self._connection.in_transaction():
            await self.connection.rollback()
        if not self._wire.is_idle:
            await self.play(one_step("ROLLBACK", {}))

    async def close(self) -> None:
        """Hang up: what was not committed is rolled back."""
        await self._wire.close()
        await self._connection.invalidate()  # so that nobody asks it to be put in order first
        await self._connection.close()


class PostgresLines:
    """Nobody is asked beforehand whether a line still lives: see `db/wires.py`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._idle: list[PostgresLine] = []
        self._places = asyncio.Semaphore(AT_ONCE)

    def to_write(self) -> AbstractAsyncContextManager[PostgresLine]:
        return self._one("BEGIN")

    def to_read(self) -> AbstractAsyncContextManager[PostgresLine]:
        return self._one("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @contextlib.asynccontextmanager
    async def _one(self, opening: str) -> AsyncGenerator[PostgresLine]:
        await self._place()
        try:
            line = await self._living()
            line.opening = opening
            try:
                yield line
            finally:
                await self._take_back(line)
        finally:
            self._places.release()

    async def _place(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S if self._places.locked() else None):
                await self._places.acquire()
        except TimeoutError as error:
            msg = f"{AT_ONCE} lines have been in use for {PATIENCE_S:.0f} seconds"
            raise NoConnectionFree(msg) from error

    async def _living(self) -> PostgresLine:
        while self._idle:
            line = self._idle.pop()
            if not line.is_cut:
                return line
            await line.close()
        return PostgresLine(await self._engine.connect())

    async def _take_back(self, line: PostgresLine) -> None:
        try:
            await line.roll_back()
        finally:
            if line.is_idle and len(self._idle) < KEPT:
                self._idle.append(line)
            else:
                await line.close()


def _nothing_more() -> Script[None]:
    yield from ()
