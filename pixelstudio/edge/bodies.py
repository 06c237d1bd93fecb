"""Bodies of requests and messages of sockets, bounded in size and time before anybody else sees them."""

from __future__ import annotations

import asyncio
from typing import Final

from pixelstudio.core.limits import SOCKET_MESSAGE_MAX_BYTES
from pixelstudio.edge.asgi import Message, Receive, Scope, headers_of, only_value

# Every body this server takes is a small form or JSON; a slow or endless one is cut off.
BODY_MAX_BYTES: Final = 64 * 1024
BODY_DEADLINE_S: Final = 30.0
_TOO_BIG: Final = 1009


class BodyTooLarge(Exception):
    """More came than is taken."""


async def whole_body(scope: Scope, receive: Receive) -> Receive:
    """Read the body and return a `receive` that hands it on in one piece.

    Raises `BodyTooLarge` (before reading when the length is declared) and `TimeoutError`.
    """
    declared = only_value(headers_of(scope), b"content-length")
    if declared and (not declared.isdecimal() or int(declared) > BODY_MAX_BYTES):
        raise BodyTooLarge
    async with asyncio.timeout(BODY_DEADLINE_S):
        body = await _read(receive)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_MAX_BYTES:
            raise BodyTooLarge
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def short_messages(receive: Receive) -> Receive:
    """A `receive` that ends the socket at the first message longer than the bound, whatever server is underneath."""

    async def bounded() -> Message:
        message = await receive()
        text, data = message.get("text") or "", message.get("bytes") or b""
        if max(len(text), len(data)) > SOCKET_MESSAGE_MAX_BYTES:
            return {"type": "websocket.disconnect", "code": _TOO_BIG}
        return message

    return bounded
