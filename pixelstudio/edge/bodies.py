"""Bodies of requests and messages of sockets, bounded in size and time before anybody else sees them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from pixelstudio.core.buckets import Bucket
from pixelstudio.core.limits import (
    AVATAR_MAX_BYTES,
    BODY_DEADLINE_S,
    BODY_GRACE_S,
    BODY_MIN_BYTES_PER_SECOND,
    MESSAGES_BURST,
    MESSAGES_PER_SECOND,
    RECIPE_FILE_MAX_BYTES,
    SOCKET_MESSAGE_MAX_BYTES,
    UPLOAD_KEPT_MAX_BYTES,
    WEBHOOK_MAX_BYTES,
)
from pixelstudio.edge.asgi import Message, Receive, Scope, headers_of, only_value

# Every address that takes a body, and how much of it. What is not listed takes none.
BODIES: Final = (
    ("/api/avatar", AVATAR_MAX_BYTES + 16 * 1024),  # one file in a form
    ("/auth/", 16 * 1024),  # a form of a few fields; the longest is a password of 256 characters, escaped
    ("/api/recipes/", RECIPE_FILE_MAX_BYTES),  # a picture whose recipe is asked for
    ("/api/uploads/", UPLOAD_KEPT_MAX_BYTES),
    ("/api/webhook/", WEBHOOK_MAX_BYTES),
    ("/api/", 64 * 1024),
)
# Bodies too large to be waited for: handed on as they come, so that who sends them can be asked for first.
STREAMED: Final = frozenset({"/api/avatar"})
_TOO_BIG, _TOO_MANY = 1009, 1008


class BodyTooLarge(Exception):
    """More came than is taken."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body may take: some seconds before its speed counts, the least speed then, and the end of it all."""

    grace_s: float = BODY_GRACE_S
    bytes_per_second: float = BODY_MIN_BYTES_PER_SECOND
    deadline_s: float = BODY_DEADLINE_S

    def until(self, begun: float, received: int) -> float:
        """The moment until which the next piece must have come."""
        return begun + min(self.deadline_s, self.grace_s + received / self.bytes_per_second)


def body_bound(path: str) -> int | None:
    """The most bytes this address takes; None when it takes no body at all."""
    return next((most for prefix, most in BODIES if path.startswith(prefix)), None)


async def whole_body(scope: Scope, receive: Receive, patience: Patience) -> Receive:
    """Read the body and return a `receive` that hands it on in one piece.

    Raises `BodyTooLarge` (before reading when the length is declared) and `TimeoutError`.
    """
    most = body_bound(scope["path"]) or 0
    declared = only_value(headers_of(scope), b"content-length")
    if declared and (not declared.isdecimal() or int(declared) > most):
        raise BodyTooLarge
    body = await _read(receive, most, patience)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def passing_body(scope: Scope, receive: Receive, patience: Patience) -> Receive:
    """A `receive` that hands the body on as it comes, and ends it as if the sender had left once there is too much or it is too slow.

    Raises `BodyTooLarge` at once when a length that is too large is declared.
    """
    most = body_bound(scope["path"]) or 0
    declared = only_value(headers_of(scope), b"content-length")
    if declared and (not declared.isdecimal() or int(declared) > most):
        raise BodyTooLarge
    begun, received, is_over = asyncio.get_running_loop().time(), 0, False

    async def bounded() -> Message:
        nonlocal received, is_over
        if is_over:
            return await receive()
        try:
            async with asyncio.timeout_at(patience.until(begun, received)):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        received += len(message.get("body", b""))
        is_over = not message.get("more_body", False)
        return message if received <= most else {"type": "http.disconnect"}

    return bounded


async def _read(receive: Receive, most: int, patience: Patience) -> bytes:
    body, begun = bytearray(), asyncio.get_running_loop().time()
    while True:
        async with asyncio.timeout_at(patience.until(begun, len(body))):
            message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyTooLarge
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def few_short_messages(receive: Receive) -> Receive:
    """A `receive` that ends the socket at the first message longer than the bound, and at one too many, before anybody reads them.

    Events have a rate of their own further in, where they are dropped with a word; this ends what does not heed it.
    """
    bucket = Bucket(MESSAGES_PER_SECOND, MESSAGES_BURST)

    async def bounded() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        text, data = message.get("text") or "", message.get("bytes") or b""
        if max(len(text), len(data)) > SOCKET_MESSAGE_MAX_BYTES:
            return {"type": "websocket.disconnect", "code": _TOO_BIG}
        return message if bucket.take() else {"type": "websocket.disconnect", "code": _TOO_MANY}

    return bounded
