"""Waking other processes: NOTIFY and LISTEN on Postgres, a glance at `data_version` on SQLite.

A ring carries no facts and may be lost; whoever is woken looks at the database, perhaps only where the ring hints. Within one process
nobody needs it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import sql

from pixelstudio.core.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psycopg.abc import PQGen

    from pixelstudio.db.wires import Wires

COALESCE_S = 0.005
GLANCE_S = 0.1
REST_S = 0.25
"""Between glances where nothing was written meanwhile."""
RECONNECT_S = 1.0
PATIENCE_S = 60.0

RV = TypeVar("RV")


class Doorbell:
    """Rings for named channels, sent after a commit and coalesced; hooks are called when another process rang."""

    def __init__(self, address: str, wires: Wires | None = None) -> None:
        """Rings go over `wires`; without them `address` is a SQLite file, where the commit itself is the ring."""
        self._address = address
        self._wires = wires
        self._hooks: dict[str, list[Callable[[str], None]]] = {}
        self._dirty: set[tuple[str, str]] = set()
        self._sender: asyncio.Task[None] | None = None

    def on(self, channel: str, hook: Callable[[str], None]) -> None:
        """Call `hook` on every ring of `channel` heard by `listen`, with its hint; "" says: look everywhere."""
        self._hooks.setdefault(channel, []).append(hook)

    def ring(self, channel: str, hints: Iterable[str] = ()) -> None:
        """Tell other processes to look, and where. Returns at once."""
        if self._wires is None:
            return
        self._dirty.update((channel, hint) for hint in tuple(hints) or ("",))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.get_running_loop().create_task(self._send(self._wires))

    async def _send(self, wires: Wires) -> None:
        # Outside the transaction that wrote: a NOTIFY inside it takes a server-wide lock at commit.
        while self._dirty:
            rings, self._dirty = self._dirty, set()
            try:
                async with wires.one() as wire:
                    for channel, hint in sorted(rings):
                        wire.send("SELECT pg_notify(:channel, :hint)", {"channel": channel, "hint": hint})
                    await wire.answered()
            except psycopg.Error as error:
                get_logger().warning("doorbell.not_rung", error=type(error).__name__)  # listeners look by themselves every few seconds
            await asyncio.sleep(COALESCE_S)

    async def listen(self) -> None:
        """Call the hooks whenever another process rings, until cancelled."""
        if self._wires is None:
            await self._glance()
            return
        while True:
            try:
                await self._listen_once()
            except psycopg.OperationalError as error:
                get_logger().warning("doorbell.lost", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)
            self._wake_all()  # rings may have been missed while nobody listened

    async def _listen_once(self) -> None:
        async with await _Listener.connect(self._address, autocommit=True) as connection:
            for channel in self._hooks:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            async for notice in connection.notifies():
                for hook in self._hooks.get(notice.channel, ()):
                    hook(notice.payload)

    async def _glance(self) -> None:
        connection = await asyncio.to_thread(sqlite3.connect, self._address, check_same_thread=False, timeout=0)
        try:
            seen: int | None = None
            while True:
                version = _version_of(connection) or seen
                if has_changed := seen not in {None, version}:
                    self._wake_all()
                seen = version
                await asyncio.sleep(GLANCE_S if has_changed else REST_S)
        finally:
            connection.close()

    def _wake_all(self) -> None:
        for hooks in self._hooks.values():
            for hook in hooks:
                hook("")

    async def close(self) -> None:
        """Send what is still to be sent."""
        if self._sender is not None:
            await self._sender


class _Listener(psycopg.AsyncConnection[Any]):
    """Is woken by what the server says. psycopg's own looks ten times a second whether somebody at a keyboard has had enough."""

    async def wait(self, gen: PQGen[RV], interval: float = PATIENCE_S, timeout: float | None = None) -> RV:  # noqa: ASYNC109  # as its base
        return await super().wait(gen, interval, timeout)


def _version_of(connection: sqlite3.Connection) -> int | None:
    """Changes with every commit of others; None when it cannot be read just now. Eight microseconds: a thread would cost twenty times that."""
    try:
        return connection.execute("PRAGMA data_version").fetchone()[0]
    except sqlite3.OperationalError:
        return None
