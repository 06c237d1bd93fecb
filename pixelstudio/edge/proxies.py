"""Who is really there when trusted reverse proxies stand in front; without any, what a request says about itself is dropped."""

from __future__ import annotations

from typing import Final

from pixelstudio.core.hosts import without_port
from pixelstudio.edge.asgi import Headers, Scope, headers_of, values_of

_CLAIMS: Final = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip"})
_SECURE: Final = {"http": "https", "ws": "wss"}


def settle(scope: Scope, hops: int) -> None:
    """Write the client's address and scheme into `scope`, as the outermost of `hops` trusted proxies saw them, and drop the claims."""
    headers = headers_of(scope)
    if hops:
        address, scheme = _seen_by(hops, headers, b"x-forwarded-for"), _seen_by(hops, headers, b"x-forwarded-proto")
        if address:
            scope["client"] = (without_port(address), 0)
        if scheme == "https":
            scope["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
    scope["headers"] = [(name, value) for name, value in headers if name not in _CLAIMS]


def is_https(scope: Scope) -> bool:
    """Whether the browser speaks TLS, to us or to a trusted proxy."""
    return scope["scheme"] in {"https", "wss"}


def _seen_by(hops: int, headers: Headers, name: bytes) -> str:
    """The entry the outermost trusted proxy added: counted from the right, since anybody can write on the left.

    A proxy that sets the header instead of adding to it leaves fewer entries; the first one is then its own.
    """
    entries = [entry.strip() for value in values_of(headers, name) for entry in value.split(",") if entry.strip()]
    return entries[-min(hops, len(entries))] if entries else ""
