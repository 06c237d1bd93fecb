"""Cursors of SQLite that hop once: to the connection's thread with a statement, and back with all its rows.

SQLAlchemy's own hop for the cursor, for the statement, for its rows and for the cursor's end. Each of them wakes two threads, which takes
longer than most statements do.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class _Unasked:
    """What a cursor knows before its first statement."""

    description, rowcount, lastrowid, arraysize = None, -1, None, 1


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Makes its cursor where it executes, and has read all of it when it comes back: there is nothing left to close."""

    __slots__ = ()
    _cursor: Any
    _connection: Any

    def _make_new_cursor(self, connection: Any) -> Any:
        return _UNASKED

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._hop(lambda cursor: cursor.execute(operation, parameters or ()))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._hop(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _hop(self, execute: Callable[[sqlite3.Cursor], object]) -> None:
        connection = self._connection._conn  # noqa: SLF001  # as SQLAlchemy does, and so below

        def executed() -> tuple[sqlite3.Cursor, list[Any]]:
            cursor = connection.cursor()
            execute(cursor)
            return cursor, cursor.fetchall() if cursor.description else []

        async with self._adapt_connection._execute_mutex:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            self._cursor, rows = await self._connection._execute(executed)  # noqa: SLF001
            self._rows = deque(rows)

    async def _async_soft_close(self) -> None:
        pass

    def close(self) -> None:
        self._rows.clear()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's, with these cursors."""

    __slots__ = ("is_over",)
    _cursor_cls = OneHopCursor

    def __init__(self, dbapi: AsyncAdapt_aiosqlite_dbapi, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.is_over = False
        """Whether what was begun has been committed or undone for certain: asked of its thread, it may be said too early."""

    def commit(self) -> None:
        super().commit()
        self.is_over = True

    def rollback(self) -> None:
        super().rollback()
        self.is_over = True


class OneHopDriver(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite as an engine takes it: its `module`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)
        self.ends: set[asyncio.Future[Any]] = set()
        """What the threads of its connections have still to say to the loop: that one has ended. Nobody else waits for one whose user was
        called off, be it while it opened."""

    def connect(self, *arg: Any, **kw: Any) -> OneHopConnection:
        return OneHopConnection(self, super().connect(*arg, async_creator_fn=self._opening, **kw).driver_connection)

    def _opening(self, *arg: Any, **kw: Any) -> Any:
        connection: Any = aiosqlite.connect(*arg, **kw)
        connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does
        stop, ended = connection.stop, None

        def told_to_stop() -> asyncio.Future[Any] | None:
            nonlocal ended
            if ended is None and (ended := stop()):
                self.ends.add(ended)
                ended.add_done_callback(self.ends.discard)
            # Once: a thread that has ended hears nothing more, and closing waits for the answer, also after it was called off.
            return ended and asyncio.shield(ended)

        connection.stop = told_to_stop
        return connection


_UNASKED: Final = _Unasked()
