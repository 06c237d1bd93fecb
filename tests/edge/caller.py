"""A bare ASGI caller: what a server would hand in, and what came out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Inside:
    """An application that remembers what reached it and answers as Reflex does: with CORS for everybody."""

    scopes: list[Any] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    content_type: bytes = b"text/html; charset=utf-8"
    status: int = 200
    vary: tuple[bytes, ...] = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            self.bodies.append(await receive())
            return
        self.bodies.append((await receive()).get("body", b""))
        headers = [
            (b"content-type", self.content_type),
            (b"Access-Control-Allow-Origin", b"https://evil.example"),
            (b"access-control-allow-credentials", b"true"),
            *((b"vary", value) for value in self.vary),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"inside"})


async def call(
    app: Any,
    method: str = "GET",
    path: str = "/",
    *,
    host: str | None = "localhost:3000",
    headers: dict[str, str] | None = None,
    body: list[bytes] | None = None,
    scheme: str = "http",
    pause_s: float = 0.0,
) -> Answer:
    """One request through `app`; its body comes in pieces with a pause before each."""
    pairs = [(b"host", host.encode())] if host is not None else []
    pairs += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": pairs}
    scope |= {"scheme": scheme, "client": ("203.0.113.9", 5), "server": ("127.0.0.1", 3000)}
    chunks = list(body or [b""])
    answer = Answer()

    async def receive() -> dict[str, Any]:
        if pause_s:
            await asyncio.sleep(pause_s)
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


async def shake_hands(
    app: Any,
    path: str = "/_event",
    *,
    host: str = "localhost:3000",
    message: str = "hi",
    messages: int = 1,
    holds_s: float = 0.0,
    extended: bool = False,
    **headers: str,
) -> list[Any]:
    """One websocket handshake and message through `app`; what was sent back. It stays open for a while; `extended` servers answer by HTTP."""
    pairs = [(b"host", host.encode()), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "websocket", "path": path, "query_string": b"", "headers": pairs, "scheme": "ws", "client": ("203.0.113.9", 5)}
    scope |= {"extensions": {"websocket.http.response": {}}} if extended else {}
    incoming, sent = [{"type": "websocket.receive", "text": message}] * messages, []

    async def receive() -> dict[str, Any]:
        if holds_s:
            await asyncio.sleep(holds_s)
        return incoming.pop(0) if incoming else {"type": "websocket.disconnect"}

    async def send(reply: Any) -> None:
        sent.append(reply)

    await app(scope, receive, send)
    return sent
