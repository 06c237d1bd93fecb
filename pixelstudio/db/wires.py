"""Raw connections to Postgres, kept open for what is asked thousands of times a second: scripts, rings, and most of what transactions ask.

Below psycopg's cursors, on the libpq it brings: those take longer over a question than Postgres over its answer. Nobody is asked beforehand
whether a connection still lives: a server that has gone away has said so on its socket, and looking there costs a microsecond instead of an
answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import re
import select
from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from psycopg.pq.abc import PGresult

    Connection: TypeAlias = psycopg.AsyncConnection[Any]
    Rows: TypeAlias = "list[tuple[Any, ...]]"

AT_ONCE: Final = 10
"""As many are open at a time; whoever comes then waits for one."""
CANCELLED_WITHIN_S: Final = 5.0
KEPT_MAX: Final = 6_144
"""Bytes. From 8,192 on libpq sends what it has by itself, without a sync."""
_AROUND: Final = 256
"""Bytes that a question takes beside its text and its values, at most."""
_NAMED: Final = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


def is_cut(connection: Connection) -> bool:
    """Whether the server has ended this idle connection, as far as it could say so."""
    if connection.closed or connection.broken:
        return True
    return _speaks(connection.fileno())  # an idle server has nothing else to say


def _speaks(socket: int) -> bool:
    """Whether something is there to be read, if only the end."""
    look = select.poll()
    look.register(socket, select.POLLIN)
    return bool(look.poll(0))


class Wire:
    """A connection as it is asked below psycopg, by one at a time, while it is `plugged`. Each text is prepared at its first use, so there must
    not be ever new ones.

    In libpq's pipeline mode: whatever is sent before `answered` is waited for once. A question leaves with its sync; what goes without one is
    kept until then, so that the server is woken once for all of them. Only after a sync the server counts how long nothing is said, and a
    process that freezes between two questions must not keep its locks for ever.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._libpq = connection.pgconn
        self._reading = Transformer(connection)
        self._prepared: dict[str, bytes] = {}
        self._numbers = itertools.count()
        self._asked: deque[Rows | str] = deque()
        """For rows, or the preparation of a text."""
        self._syncs = 0
        self._kept = 0
        """Bytes that wait for a sync, about."""
        self._fault: psycopg.Error | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._loop, self._socket = asyncio.get_running_loop(), self._libpq.socket
        self._is_listening = False

    def plug(self) -> None:
        """Until it is `unplugged` nobody uses the connection in another way."""
        self._fault = None
        if self.is_lost:
            raise psycopg.OperationalError("the connection is lost")
        if not self._is_listening:
            self._libpq.enter_pipeline_mode()
            self._loop.add_reader(self._socket, self._hear)
            self._is_listening = True

    def unplug(self) -> None:
        """Leave the connection to others; nothing must be left to be answered."""
        if self._is_listening:
            self._fall_silent()
            if not self.is_lost:
                self._libpq.exit_pipeline_mode()

    @property
    def is_lost(self) -> bool:
        """Whether it was found out that nothing more will be heard."""
        return self._libpq.status != ConnStatus.OK

    @property
    def is_idle(self) -> bool:
        """Whether it is outside any transaction."""
        return self._libpq.transaction_status == TransactionStatus.IDLE

    def send(self, sql: str, parameters: Mapping[str, object], *, sync: bool = True) -> Rows:
        """Ask, and return at once: the rows are in the list when all is `answered`. Of which type a parameter is follows from where it stands.

        Without a `sync` it travels with the next question, unless it is long.
        """
        try:
            return self._send(sql, parameters, sync=sync)
        except psycopg.OperationalError as error:
            self._lose(error)
            raise

    def _send(self, sql: str, parameters: Mapping[str, object], *, sync: bool) -> Rows:
        text, names = _numbered(sql)
        name = self._prepared.get(sql)
        values = [_told(parameters[name]) for name in names]
        size = (0 if name else len(text)) + sum(len(value) for value in values if value)
        if self._kept and self._kept + size > KEPT_MAX:
            self._sync()
        if name is None:
            name = self._prepared[sql] = b"w%d" % next(self._numbers)
            self._libpq.send_prepare(name, text)
            self._asked.append(sql)
        formats = [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in map(parameters.__getitem__, names)]
        self._libpq.send_query_prepared(name, values, formats, Format.BINARY)
        rows: Rows = []
        self._asked.append(rows)
        self._kept += size + _AROUND
        if sync or self._kept > KEPT_MAX:
            self._sync()
        return rows

    def _sync(self) -> None:
        self._libpq.pipeline_sync()
        self._syncs += 1
        self._kept = 0

    async def answered(self) -> None:
        """Return when everything sent has been answered; raises the first `psycopg.Error` of it. Cancelled, it ends what the server is at."""
        if self._kept:
            self._sync()
        if not self._has_flushed():
            self._loop.add_writer(self._socket, self._push)
        try:
            await self._all_heard()
        except asyncio.CancelledError:
            await self.connection.cancel_safe(timeout=CANCELLED_WITHIN_S)
            await self._all_heard()
            raise
        if self._fault is not None:
            raise self._fault

    async def settled(self) -> None:
        """Return when nothing is left to be answered, for whoever leaves in the middle of something."""
        if self._kept:
            try:
                self._sync()
            except psycopg.OperationalError as error:
                self._lose(error)
        await self._all_heard()

    async def close(self) -> None:
        """Hang up: what was not committed is rolled back."""
        self._fall_silent()
        await self.connection.close()

    async def _all_heard(self) -> None:
        while self._syncs:
            self._waiting = self._loop.create_future()
            await self._waiting

    def _hear(self) -> None:
        try:
            while True:
                self._libpq.consume_input()
                while self._syncs and not self._libpq.is_busy():
                    self._note(self._libpq.get_result())
                # uvloop tells once of a connection that was reset, and what was heard may be the server's last words: the end comes unsaid.
                if not self._syncs or not _speaks(self._socket):
                    break
        except psycopg.OperationalError as error:
            self._lose(error)
        if not self._syncs:
            self._tell()

    def _note(self, result: PGresult | None) -> None:
        if result is None:  # the end of an answer
            if self._libpq.status == ConnStatus.BAD:
                raise psycopg.OperationalError(self._libpq.get_error_message())
        elif result.status == ExecStatus.PIPELINE_SYNC:
            self._syncs -= 1
        elif self._asked:
            self._take(self._asked.popleft(), result)
        else:  # the server says why it hangs up
            self._fault = self._fault or error_from_result(result)

    def _take(self, asked: Rows | str, result: PGresult) -> None:
        if result.status == ExecStatus.FATAL_ERROR:
            self._fault = self._fault or error_from_result(result)
        if isinstance(asked, str):
            if result.status != ExecStatus.COMMAND_OK:  # refused, or passed over after something else was
                del self._prepared[asked]
        elif result.status == ExecStatus.TUPLES_OK:
            self._reading.set_pgresult(result)
            asked += self._reading.load_rows(0, result.ntuples, tuple)

    def _push(self) -> None:
        if self._has_flushed() and self._is_listening:
            self._loop.remove_writer(self._socket)

    def _has_flushed(self) -> bool:
        """Whether nothing is left to send."""
        try:
            return not self._libpq.flush()
        except psycopg.OperationalError as error:
            self._lose(error)
            return True

    def _lose(self, error: psycopg.OperationalError) -> None:
        """Nothing more will be heard: libpq may find out whenever it reads or writes, and has closed the socket then."""
        self._fault, self._syncs = self._fault or error, 0
        self._kept = 0
        self._asked.clear()
        self._fall_silent()
        self._tell()

    def _tell(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _fall_silent(self) -> None:
        # Once: libpq has closed the socket of a connection that ended, and whoever connects next is given its number.
        if self._is_listening:
            self._is_listening = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)


@functools.cache
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """`:name` parameters as Postgres's own `$1`, and their names in that order."""
    names = tuple(dict.fromkeys(_NAMED.findall(sql)))
    return _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql).encode(), names


def _told(value: object) -> bytes | None:
    match value:
        case None | bytes():
            return value
        case bool():
            return b"t" if value else b"f"
        case str() if "\0" in value:
            raise psycopg.DataError("Postgres takes no text with a NUL in it")
        case _:
            return str(value).encode()


class Wires:
    """Wires to one address, each used by one at a time."""

    def __init__(self, address: str, terms: Mapping[str, Any]) -> None:
        self._address = address
        self._terms = terms
        self._idle: list[Wire] = []
        self._places = asyncio.Semaphore(AT_ONCE)

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncGenerator[Wire]:
        """One outside any transaction; BEGIN and COMMIT are said by its user. Whatever goes wrong in the block, it is not used again: the server rolls back."""
        async with self._places:
            wire = await self._living()
            try:
                yield wire
            except BaseException:
                await wire.close()
                raise
            self._idle.append(wire)

    async def _living(self) -> Wire:
        while self._idle:
            wire = self._idle.pop()
            if not is_cut(wire.connection):
                return wire
            await wire.close()
        wire = Wire(await psycopg.AsyncConnection.connect(self._address, autocommit=True, **self._terms))
        wire.plug()
        return wire

    async def close(self) -> None:
        """Close those that are idle; nobody may be using one any more."""
        while self._idle:
            await self._idle.pop().close()
