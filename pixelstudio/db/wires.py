"""Raw connections to Postgres, kept open for what is asked thousands of times a second: scripts and rings.

Nobody is asked beforehand whether a connection still lives: a server that has gone away has said so on its socket, and looking there costs
a microsecond instead of an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psycopg

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    Connection: TypeAlias = psycopg.AsyncConnection[Any]

AT_ONCE: Final = 10
"""As many are open at a time; whoever comes then waits for one."""


def is_cut(connection: Connection) -> bool:
    """Whether the server has ended this idle connection, as far as it could say so."""
    if connection.closed or connection.broken:
        return True
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)  # an idle server has nothing else to say
    return bool(look.poll(0))


class Wires:
    """Connections to one address, each used by one at a time."""

    def __init__(self, address: str, terms: Mapping[str, Any]) -> None:
        self._address = address
        self._terms = terms
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(AT_ONCE)

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncGenerator[Connection]:
        """A connection outside any transaction; BEGIN and COMMIT are said by its user. Whatever goes wrong in the block, it is not used again: the server rolls back."""
        async with self._places:
            connection = await self._living()
            try:
                yield connection
            except BaseException:
                await connection.close()
                raise
            self._idle.append(connection)

    async def _living(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not is_cut(connection):
                return connection
            await connection.close()
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True, **self._terms)

    async def close(self) -> None:
        """Close those that are idle; nobody may be using one any more."""
        while self._idle:
            await self._idle.pop().close()
