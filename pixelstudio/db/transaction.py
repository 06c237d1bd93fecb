"""Transactions: the only place that commits. One per edge call; a reader only selects.

Lock order, for everybody who locks: a name (`serialise`) -> account -> lane -> flow -> job -> domain rows.
Of the gallery: picture -> post -> comment -> creator.
No network, no picture work and no sleep inside a transaction.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, overload

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from pixelstudio.db.outbox import OUTBOX_CHANNEL
from pixelstudio.db.script import Ahead, one_step

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from datetime import datetime

    from sqlalchemy.engine import CursorResult, Result
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.sql.dml import UpdateBase
    from sqlmodel import SQLModel

    from pixelstudio.core.clock import Clock
    from pixelstudio.core.events import Bus, Event
    from pixelstudio.db.doorbell import Doorbell
    from pixelstudio.db.lines import Line
    from pixelstudio.db.numbers import Numbers
    from pixelstudio.db.questions import Question
    from pixelstudio.db.script import Rows, Script

Row = TypeVar("Row", bound="SQLModel")
R = TypeVar("R")
_AS_THEY_ARE: Final = {"populate_existing": True}
"""Rows that were read before the lock are read anew: somebody may have changed them while it was waited for."""
_SERIALISE: Final = "SELECT pg_advisory_xact_lock(hashtextextended(CAST(:name AS text),0))"
_STORE_FACT: Final = {
    "sqlite": "INSERT INTO outbox(name,fields,origin,created) VALUES(:name,:fields,:origin,:created)",
    "postgresql": "INSERT INTO outbox(xid,name,fields,origin,created)"
    " VALUES(CAST(CAST(pg_current_xact_id() AS text) AS bigint),:name,:fields,:origin,:created)",
}


class Reader:
    """A read-only view of the database at one moment."""

    def __init__(self, line: Line, now: datetime, dialect: str, heard: int = 0) -> None:
        self.now = now
        self.dialect = dialect
        self.heard = heard
        """How many facts this process had heard before: whatever is heard later this view may not show."""
        self._line = line
        self._opened: AsyncSession | None = None

    @property
    def _session(self) -> AsyncSession:
        """Opened by the first who reads or writes rows as objects: it costs more than a statement."""
        connection = self._line.connection
        if self._opened is None:
            self._opened = AsyncSession(connection, expire_on_commit=False, autoflush=isinstance(self, Transaction))
        return self._opened

    @overload
    async def exec(self, statement: UpdateBase) -> CursorResult[Any]: ...
    @overload
    async def exec(self, statement: Executable, parameters: dict[str, object] | None = None) -> Result[Any]: ...
    async def exec(self, statement: Executable, parameters: dict[str, object] | None = None) -> Result[Any]:
        """Run one statement; rows come back as SQLAlchemy rows (`.scalars()` for entities), as they are now where they are locked."""
        await self._line.begin()
        if isinstance(statement, TextClause):
            return await self._line.connection.execute(statement, parameters)
        is_locking = getattr(statement, "_for_update_arg", None) is not None
        return await self._session.execute(statement, parameters, execution_options=_AS_THEY_ARE if is_locking else {})

    async def get(self, table: type[Row], key: object, *, for_update: bool = False) -> Row | None:
        """The row with this primary key, locked when asked, and then as it is now, also where it was read before; None when there is none.

        The lock is FOR NO KEY UPDATE: two who ask for it wait for each other, and nobody waits who only refers to the row by a foreign key.
        """
        await self._line.begin()
        lock = {"key_share": True} if for_update else None
        return await self._session.get(table, key, with_for_update=lock, populate_existing=for_update)

    async def ask(self, question: Question, **values: Any) -> list[Any]:
        """Ask a question, told these values: its rows as named tuples, never as objects of the session."""
        return await self.script(question.asked(self.dialect, values))

    async def script(self, script: Script[R]) -> R:
        """Run a raw script that only selects."""
        return await self._line.play(script)

    async def rows(self, sql: str, parameters: Mapping[str, object]) -> Rows:
        """The rows of one raw select, which Postgres has prepared since it was first asked here: for what is asked again and again."""
        return await self._line.play(one_step(sql, parameters))

    async def close(self) -> None:
        """Let go of the rows that were read; who keeps them keeps them as they are."""
        if self._opened is not None:
            await self._session.close()


class Transaction(Reader):
    """Everything written here is committed together, or not at all."""

    def __init__(self, line: Line, clock: Clock, dialect: str, origin: str, numbers: Numbers) -> None:
        super().__init__(line, clock.now(), dialect)
        self._clock = clock
        self._numbers = numbers
        self._origin = origin
        self._is_scripted = False
        self._written: list[Ahead] = []
        self._facts: list[Event] = []
        self._hooks: list[Callable[[], None]] = []
        self._amends: list[Callable[[], None]] = []
        self._announced: list[tuple[Event, str]] = []

    @overload
    async def exec(self, statement: UpdateBase) -> CursorResult[Any]: ...
    @overload
    async def exec(self, statement: Executable, parameters: dict[str, object] | None = None) -> Result[Any]: ...
    async def exec(self, statement: Executable, parameters: dict[str, object] | None = None) -> Result[Any]:
        """As a reader's; sees what was written here before."""
        await self._send_written()
        return await super().exec(statement, parameters)

    async def get(self, table: type[Row], key: object, *, for_update: bool = False) -> Row | None:
        """As a reader's; sees what was written here before."""
        await self._send_written()
        return await super().get(table, key, for_update=for_update)

    async def rows(self, sql: str, parameters: Mapping[str, object]) -> Rows:
        """As a reader's; sees what was written here before."""
        return await self.script(one_step(sql, parameters))

    async def serialise(self, name: str) -> None:
        """Let transactions that give this name pass one by one, each to its end; SQLite's write lane does so already."""
        if self.dialect == "postgresql":
            await self.rows(_SERIALISE, {"name": name})

    def add(self, row: SQLModel) -> None:
        """Insert this row at the next flush."""
        self._session.add(row)

    async def write(self, sql: str, parameters: Mapping[str, object]) -> None:
        """Run a raw statement whose answer nobody needs: it travels with the next question, at the latest with the commit, and so do its errors."""
        await self.flush()  # what was added before is written before
        self._written.append(Ahead(sql, parameters))

    async def ids_for(self, table: str, count: int, *, are_last: bool = False) -> list[int]:
        """Ids for rows to be written by this transaction, ascending. `are_last`: above those of all rows that are there."""
        kept = None if are_last else self._numbers.at_hand(table, count)
        return await self.script(self._numbers.asked(table, count)) if kept is None else kept

    async def flush(self) -> None:
        """Send what was added now, so that its constraints speak here."""
        if self._opened is not None and (self._opened.new or self._opened.dirty or self._opened.deleted):
            await self._send_written()
            await self._line.begin()
            await self._session.flush()

    async def delete(self, row: SQLModel) -> None:
        """Delete this row."""
        await self._send_written()
        await self._line.begin()
        await self._session.delete(row)

    async def script(self, script: Script[R]) -> R:
        """Run a raw script as a part of this transaction, so that what scripts and edges both do is written once."""
        await self.flush()
        return await self._play(script)

    async def _send_written(self) -> None:
        if self._written:
            await self._play(_nothing_more())

    async def _play(self, script: Script[R]) -> R:
        self._is_scripted = True
        written, self._written = self._written, []
        return await self._line.play(_after(written, script))

    async def publish(self, event: Event) -> None:
        """Record a fact in this commit; the in-process bus hears it right after, other processes read it."""
        self._facts.append(event)

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Call `hook` once this is committed; never when it is rolled back."""
        self._hooks.append(hook)

    def after_rollback(self, hook: Callable[[], None]) -> None:
        """Call `hook` when this is rolled back; never once it is committed."""
        self._amends.append(hook)

    def announce(self, event: Event, channel: str) -> None:
        """After the commit hand `event` to this process's bus and ring `channel` for the others; nothing is recorded."""
        self._announced.append((event, channel))

    async def _roll_back(self) -> None:
        try:
            await self._line.roll_back()
        finally:
            for hook in self._amends:
                hook()

    def _closing(self) -> Script[None]:
        """The facts and, on Postgres, the commit: answered together."""
        created = self._clock.epoch()
        for event in self._facts:
            fact = {"name": event.name, "fields": json.dumps(event.to_json()), "origin": self._origin, "created": created}
            yield Ahead(_STORE_FACT[self.dialect], fact)
        if self.dialect == "postgresql":
            yield "COMMIT", {}

    @contextlib.asynccontextmanager
    async def committed(self, bus: Bus, doorbell: Doorbell) -> AsyncGenerator[Self]:
        """Run the block, commit, then hand the facts to the bus and call the hooks. Entered by `Database.transaction` only."""
        try:
            yield self
            await self.flush()
            has_closed = self._facts or self._written or self._is_scripted
            if has_closed:
                await self._play(self._closing())
            if not has_closed or self.dialect == "sqlite":
                await self._line.connection.commit()
        except BaseException:
            await self._roll_back()
            raise
        finally:
            await self.close()
        if self._facts:
            doorbell.ring(OUTBOX_CHANNEL)
        for event in self._facts:
            bus.publish(event)
        for event, channel in self._announced:
            bus.publish(event)
            doorbell.ring(channel, event.hints())
        for hook in self._hooks:
            hook()


def _after(written: list[Ahead], script: Script[R]) -> Script[R]:
    for step in written:  # noqa: UP028  # a list cannot be sent rows
        yield step
    return (yield from script)


def _nothing_more() -> Script[None]:
    yield from ()
