"""The database, opened once: an engine, the write lane, and the two doors `transaction()` and `reader()`."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from pixelstudio.core.errors import PixelStudioError
from pixelstudio.db.bits import teach
from pixelstudio.db.cursors import OneHopDriver
from pixelstudio.db.doorbell import Doorbell
from pixelstudio.db.lane import WriteLane
from pixelstudio.db.lines import Lines, PostgresLines, SqliteLines
from pixelstudio.db.numbers import Numbers
from pixelstudio.db.outages import DatabaseAway, outages_told
from pixelstudio.db.script import PostgresScripts, R, Script, Scripts, SqliteScripts
from pixelstudio.db.transaction import Reader, Transaction
from pixelstudio.db.wires import Wires

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from sqlalchemy.engine import URL, Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

    from pixelstudio.core.clock import Clock
    from pixelstudio.core.events import Bus

BUSY_TIMEOUT_S = 5.0
_MAPPED_BYTES: Final = 2**31 - 2**16
"""As much of the file as SQLite will map: a page that many rows lie between is looked at where the system keeps it, not copied by a call."""
IDLE_IN_TRANSACTION_MS = 5_000
"""A process that freezes inside a transaction keeps its locks no longer than this: Postgres ends it, and others go on."""
_POSTGRES_TERMS: Final[Mapping[str, Any]] = {
    "options": f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c lock_timeout=5000 -c timezone=UTC",
    "connect_timeout": 5,
    "keepalives_idle": 30,  # so that the kernel knows of a server that went without a word
    "keepalives_interval": 5,
    "keepalives_count": 3,
    # With every rollback psycopg would forget what it has prepared, and what wires have. Every reader ends with one: it never gets to use any.
    "prepare_threshold": None,
}
SQLITE_MINIMUM = (3, 35, 0)
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


class DatabaseUnusable(PixelStudioError):
    """The start stops here; the sentence says what to change."""

    default_code = "database_unusable"


def check_sqlite_version(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Raise `DatabaseUnusable` when this Python's SQLite lacks what the queue relies on (UPDATE ... RETURNING, 3.35)."""
    if version < SQLITE_MINIMUM:
        found, needed = ".".join(map(str, version)), ".".join(map(str, SQLITE_MINIMUM))
        msg = f"SQLite {found} is too old: Pixel Studio needs {needed} or newer. Use a newer Python build, or set DATABASE_URL to a Postgres server."
        raise DatabaseUnusable(msg)


def async_url(url: str) -> URL:
    """The SQLAlchemy address for a plain `sqlite:///path` or `postgresql://...` one."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}[parsed.get_backend_name()]
    return parsed.set(drivername=driver)


def _postgres_address(url: URL) -> str:
    """The same for psycopg itself."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _tune_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(BUSY_TIMEOUT_S * 1000)}",
        "cache_size=-16384",
        f"mmap_size={_MAPPED_BYTES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    teach(connection)


def _roll_back_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry, state: PoolResetState) -> None:
    """Before somebody else is lent it. To undo nothing after a commit would be one hop more while others wait to write."""
    adapted: Any = connection
    if not (adapted.is_over or state.terminate_only):
        connection.rollback()


async def _dispose(engine: AsyncEngine) -> None:
    """Close every connection; a thread that finds the loop gone would end with an error that nobody can mend."""
    await engine.dispose()
    driver: Any = engine.dialect.dbapi
    if isinstance(driver, OneHopDriver) and driver.ends:
        await asyncio.wait(driver.ends, timeout=BUSY_TIMEOUT_S)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads, then writes, fails with "locked" whatever the timeout: writers say so at once.
    begin = str(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    async def said(driver: Any) -> None:
        await driver.execute_fetchall(begin)  # without a cursor of SQLAlchemy's

    adapted: Any = connection.connection.dbapi_connection
    adapted.is_over = False
    adapted.run_async(said)


def make_engine(url: str) -> AsyncEngine:
    """An async engine with this project's settings for its database."""
    address = async_url(url)
    if address.get_backend_name() == "sqlite":
        check_sqlite_version()
        if address.database and address.database != ":memory:":
            _make_private(Path(address.database))
        terms = {"timeout": BUSY_TIMEOUT_S}
        engine = create_async_engine(
            address, module=OneHopDriver(), hide_parameters=True, pool_size=5, max_overflow=5, pool_reset_on_return=None, connect_args=terms
        )
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
        event.listen(engine.sync_engine, "reset", _roll_back_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        address,
        hide_parameters=True,  # an error's text must not carry prompts and passwords into a log
        poolclass=NullPool,  # `lines` keeps them open
        connect_args=_POSTGRES_TERMS,
    )


def _make_private(path: Path) -> None:
    """A new database, and the folder it lies in, belong to the user of this process alone: sessions and passwords are in it.

    SQLite gives its log and index the rights of the database. What is there already stays as somebody has set it.
    """
    path.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # there already; or it cannot be, which connecting says better
        path.touch(_FILE_MODE, exist_ok=False)


class Database:
    """SQLite or Postgres behind one face."""

    def __init__(self, engine: AsyncEngine, url: str, clock: Clock, bus: Bus) -> None:
        self.engine = engine
        self.url = url
        self.clock = clock
        self.bus = bus
        self.origin = uuid.uuid4().hex
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        self.lane = WriteLane(open_to_all=self.dialect == "postgresql")
        address = (engine.url.database or "") if self.dialect == "sqlite" else _postgres_address(engine.url)
        wires = None if self.dialect == "sqlite" else Wires(address, _POSTGRES_TERMS)
        self._scripts: Scripts = PostgresScripts(wires) if wires else SqliteScripts(Path(address), BUSY_TIMEOUT_S)
        self._numbers = Numbers(clock, self.dialect)
        self.doorbell = Doorbell(address, wires)
        self._lines: Lines = SqliteLines(engine) if self.dialect == "sqlite" else PostgresLines(engine)

    @classmethod
    async def open(cls, url: str, clock: Clock, bus: Bus) -> Self:
        """Connect to an existing, migrated database. Raises `DatabaseUnusable` when it cannot be reached."""
        engine = make_engine(url)
        try:
            with outages_told():
                async with engine.connect() as connection:
                    await connection.execute(text("SELECT 1"))
        except DatabaseAway as error:
            await _dispose(engine)
            raise DatabaseUnusable("The database does not answer. Is it running, and is DATABASE_URL right?") from error
        return cls(engine, url, clock, bus)

    async def close(self) -> None:
        """Close every connection."""
        await self.doorbell.close()
        await self._scripts.close()
        await self._lines.close()
        await _dispose(self.engine)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Write: commit at the end of the block, roll back when it raises, then hand the facts on. Raises `DatabaseAway` in an outage."""
        with outages_told():
            async with (
                self.lane.turn(),
                self._lines.to_write() as line,
                Transaction(line, self.clock, self.dialect, self.origin, self._numbers).committed(self.bus, self.doorbell) as tx,
            ):
                yield tx

    @contextlib.asynccontextmanager
    async def reader(self) -> AsyncGenerator[Reader]:
        """Select only, from one snapshot. Raises `DatabaseAway` in an outage."""
        heard = self.bus.heard
        with outages_told():
            async with self._lines.to_read() as line:
                reader = Reader(line, self.clock.now(), self.dialect, heard)
                try:
                    yield reader
                finally:
                    await reader.close()

    async def script(self, script: Script[R], *, first: bool = True) -> R:
        """Run a raw transaction script, first in line on the write lane unless told otherwise. Raises `DatabaseAway` in an outage."""
        with outages_told():
            async with self.lane.turn(first=first):
                return await self._scripts.run(script)
