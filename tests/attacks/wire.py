"""HTTP by hand, for what no client library would send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.serving import Served


async def connection(server: Served, source: str = "127.0.0.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection. Any address that begins with 127 is this machine's own, and may be another visitor."""
    return await asyncio.open_connection("127.0.0.1", server.port, local_addr=(source, 0))


async def raw_request(server: Served, head: str, timeout_s: float = 10.0) -> bytes:
    """The whole answer to a request whose head is sent as it is."""
    reader, writer = await connection(server)
    writer.write(f"{head}Connection: close\r\n\r\n".encode("latin-1"))
    async with asyncio.timeout(timeout_s):
        answer = await reader.read()
    writer.close()
    return answer
