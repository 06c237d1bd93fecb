"""A websocket to the outside: opened within a time, with messages of bounded size, one after the other, until either side closes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from pixelstudio.net.errors import NoAnswer, NotSent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from websockets.asyncio.client import ClientConnection

MESSAGE_MAX_BYTES: Final = 8 * 1024 * 1024


class Socket:
    """An open one."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def message(self, within_s: float) -> str | bytes | None:
        """The next message, or None when none came in time. Raises `NoAnswer` when it is too large, and when the other side closed."""
        try:
            async with asyncio.timeout(within_s):
                return await self._connection.recv()
        except TimeoutError:
            return None
        except (ConnectionClosed, OSError) as error:
            raise NoAnswer("The other side closed.", reason=type(error).__name__) from None


@contextlib.asynccontextmanager
async def listening(url: str, within_s: float = 5.0) -> AsyncGenerator[Socket]:
    """Open a websocket for the block. Sends no Origin: this is no browser. Raises `NotSent` when it cannot be opened.

    By no proxy: who speaks to us in this way stands in the house.
    """
    opening = connect(
        url,
        open_timeout=within_s,
        close_timeout=1.0,
        compression=None,
        max_size=MESSAGE_MAX_BYTES,
        proxy=None,
        user_agent_header="PixelStudio",
    )
    try:
        connection = await opening
    except (InvalidHandshake, InvalidURI, TimeoutError, OSError, EOFError) as error:
        raise NotSent("The other side could not be reached.", reason=type(error).__name__) from None
    try:
        yield Socket(connection)
    finally:
        await connection.close()
