"""The ASGI shapes the edge works with, and small things done to headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


def headers_of(scope: Scope) -> Headers:
    """The request's headers, as the server read them."""
    return list(scope["headers"])


def values_of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """Every value of a header, in order."""
    return [value.decode("latin-1").strip() for key, value in headers if key.lower() == name]


def only_value(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header that came exactly once, else None: a request that says two things is believed in neither."""
    values = values_of(headers, name)
    return values[0] if len(values) == 1 else None


async def answer(
    send: Send, status: int, sentence: str, *, content_type: str = "text/plain; charset=utf-8", cache: str = "no-store"
) -> None:
    """Answer at once with a short text."""
    body = sentence.encode()
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", cache.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
