"""The headers every answer carries, and those it must not."""

from __future__ import annotations

import re
from typing import Final

from pixelstudio.edge.asgi import Headers, Message, Send

_EVERYWHERE: Final = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"content-security-policy": b"frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'",
}
_HASHED_ASSET: Final = re.compile(r"/assets/.+")
_FONT: Final = re.compile(r"/.+\.woff2")


def dressed(send: Send, path: str) -> Send:
    """A `send` that puts our headers on each answer, and takes off what would let foreign pages read it.

    Reflex adds CORS headers with credentials to everything, whoever asks; nothing here is meant to be read across origins.
    """

    async def dress(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _dressed(message.get("headers", []), path, message["status"])
        await send(message)

    return dress


def _dressed(headers: Headers, path: str, status: int) -> Headers:
    kept = [
        (name.lower(), value) for name, value in headers if not name.lower().startswith(b"access-control-") and name.lower() != b"server"
    ]
    present = {name for name, _ in kept}
    missing = [(name, value) for name, value in _EVERYWHERE.items() if name not in present]
    if b"cache-control" not in present:
        missing.append((b"cache-control", _cache(path, status)))
    return kept + missing


def _cache(path: str, status: int) -> bytes:
    if status not in {200, 206, 304}:
        return b"no-cache"
    if _HASHED_ASSET.fullmatch(path):
        return b"public, max-age=31536000, immutable"
    return b"public, max-age=604800" if _FONT.fullmatch(path) else b"no-cache"
