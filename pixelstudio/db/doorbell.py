"""Waking other processes: NOTIFY and LISTEN on Postgres, a glance at `data_version` on SQLite.

A ring carries no facts and may be lost; whoever is woken looks at the database. Within one process nobody needs it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pixelstudio.core.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

COALESCE_S = 0.005
GLANCE_S = 0.1
RECONNECT_S = 1.0


class Doorbell:
    """Rings for named channels, sent after a commit and coalesced; hooks are called when another process rang."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._hooks: dict[str, list[Callable[[], None]]] = {}
        self._dirty: set[str] = set()
        self._sender: asyncio.Task[None] | None = None

    def on(self, channel: str, hook: Callable[[], None]) -> None:
        """Call `hook` on every ring of `channel` heard by `listen`."""
        self._hooks.setdefault(channel, []).append(hook)

    def ring(self, channel: str) -> None:
        """Tell other processes to look. Returns at once; on SQLite the commit itself is the ring."""
        if self._engine.dialect.name == "sqlite":
            return
        self._dirty.add(channel)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        # Outside the transaction that wrote: a NOTIFY inside it takes a server-wide lock at commit.
        while self._dirty:
            channels, self._dirty = self._dirty, set()
            try:
                async with self._engine.begin() as connection:
                    for channel in sorted(channels):
                        await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})
            except DBAPIError as error:
                get_logger().warning("doorbell.not_rung", error=type(error).__name__)  # listeners look by themselves every few seconds
            await asyncio.sleep(COALESCE_S)

    async def listen(self) -> None:
        """Call the hooks whenever another process rings, until cancelled."""
        if self._engine.dialect.name == "sqlite":
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
        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            for channel in self._hooks:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            async for notice in connection.notifies():
                for hook in self._hooks.get(notice.channel, ()):
                    hook()

    async def _glance(self) -> None:
        connection = await asyncio.to_thread(sqlite3.connect, str(self._engine.url.database), check_same_thread=False)
        try:
            seen: int | None = None
            while True:
                version: int = (await asyncio.to_thread(connection.execute, "PRAGMA data_version")).fetchone()[0]
                if version != seen and seen is not None:
                    self._wake_all()
                seen = version
                await asyncio.sleep(GLANCE_S)
        finally:
            connection.close()

    def _wake_all(self) -> None:
        for hooks in self._hooks.values():
            for hook in hooks:
                hook()

    async def close(self) -> None:
        """Send what is still to be sent."""
        if self._sender is not None:
            await self._sender
