"""The headers every answer carries, and those it must not."""

from __future__ import annotations

from typing import Final

from pixelstudio.edge.asgi import Headers, Message, Send
from pixelstudio.edge.caching import cache_of
from pixelstudio.edge.origins import Origin
from pixelstudio.edge.policy import headers_for

_NOT_MODIFIED: Final = 304


def dressed(send: Send, path: str, own: Origin | None, hashes: frozenset[str]) -> Send:
    """A `send` that puts our headers on each answer, and takes off what would let foreign pages read it.

    Reflex adds CORS headers with credentials to everything, whoever asks; nothing here is meant to be read across origins.
    """

    async def dress(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _dressed(message.get("headers", []), path, message["status"], own, hashes)
        await send(message)

    return dress


def _dressed(headers: Headers, path: str, status: int, own: Origin | None, hashes: frozenset[str]) -> Headers:
    kept = [(name.lower(), value) for name, value in headers if not _is_unwanted(name.lower())] + _varying(headers)
    present = {name for name, _ in kept}
    if status == _NOT_MODIFIED:
        present.add(b"content-security-policy")  # it says nothing of its kind, and would replace the policy the page was kept with
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in kept)
    ours = [*headers_for(own, hashes, is_page=is_page), (b"cache-control", cache_of(path, status).encode())]
    return kept + [(name, value) for name, value in ours if name not in present]


def _is_unwanted(name: bytes) -> bool:
    return name.startswith(b"access-control-") or name in {b"server", b"vary"}


def _varying(headers: Headers) -> Headers:
    """What the answer depends on, each once. On the origin that asks it never does, which Reflex says for every layer of its own."""
    said = b",".join(value for name, value in headers if name.lower() == b"vary").split(b",")
    kept = dict.fromkeys(word.strip() for word in said if word.strip().lower() not in {b"", b"origin"})
    return [(b"vary", b", ".join(kept))] if kept else []
