"""The outermost layer: every request and socket passes here first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pixelstudio.core.cookies import PLAIN_NAME, SECURE_NAME, session_cookie
from pixelstudio.core.ids import secret_digest
from pixelstudio.edge.answers import dressed
from pixelstudio.edge.asgi import Asgi, Headers, Receive, Scope, Send, answer, headers_of, only_value, values_of
from pixelstudio.edge.bodies import BodyTooLarge, short_messages, whole_body
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import Origin, is_known_host, may_talk, own_origin
from pixelstudio.edge.proxies import is_https, settle

_READING: Final = frozenset({"GET", "HEAD"})
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Reflex's own endpoints that are nobody's business, and its upload, which takes anything from anybody.
_CLOSED: Final = re.compile(r"/(_upload|_all_routes|auth-codespace|ping|_health|_event)(/.*)?|//.*|.*\\.*|.*\x00.*", re.DOTALL)
_SOCKET: Final = re.compile(r"/_event/?")
# What the socket's handlers need of a handshake. Reflex shows the others to the browser, and proxies write secrets there.
_HANDSHAKE: Final = frozenset({b"host", b"cookie", b"origin", b"user-agent", b"upgrade", b"connection"})

_STRANGER: Final = (
    "This server does not know the name {host!r}. Open it by address or localhost, or set PUBLIC_URL to the address people use.\n"
)
_MALFORMED: Final = "The request must have exactly one Host header.\n"
_FOREIGN: Final = "This can only be done from Pixel Studio's own pages.\n"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say about the outside."""

    public: Origin | None = None
    proxy_hops: int = 0


class Edge:
    """ASGI middleware: Host, Origin, closed paths, bounded bodies, clean addresses, headers."""

    def __init__(self, inside: Asgi, rules: Rules, front_end: FrontEnd | None = None) -> None:
        self._inside = inside
        self._rules = rules
        self._front_end = front_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or socket in, or answer it here."""
        if scope["type"] == "http":
            settle(scope, self._rules.proxy_hops)
            await self._http(scope, receive, dressed(send, scope["path"]))
        elif scope["type"] == "websocket":
            settle(scope, self._rules.proxy_hops)
            await self._websocket(scope, receive, send)
        else:
            await self._inside(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, own = scope["method"], self._own(scope)
        if own is None:
            await answer(send, 400, _MALFORMED)
        elif not is_known_host(own.host, self._rules.public):
            await answer(send, 421, _STRANGER.format(host=own.host))
        elif _CLOSED.fullmatch(scope["path"]):
            await answer(send, 404, "Not found.\n")
        elif method in _READING:
            await self._read(scope, receive, send, own)
        elif method not in _CHANGING:
            await answer(send, 405, "Not allowed.\n")
        elif not self._is_ours(scope, own):
            await answer(send, 403, _FOREIGN)
        else:
            await self._change(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send, own: Origin) -> None:
        if self._front_end:
            environment = self._front_end.environment(scope["path"], str(own))
            if environment is not None:
                await answer(send, 200, environment, content_type="text/javascript; charset=utf-8", cache="no-cache")
                return
            scope["path"] = self._front_end.path_of(scope["path"])
            scope["raw_path"] = scope["path"].encode()
        await self._inside(_known(scope), receive, send)

    async def _change(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            replay = await whole_body(scope, receive)
        except BodyTooLarge:
            await answer(send, 413, "That is more than this address takes.\n")
        except TimeoutError:
            await answer(send, 408, "The request took too long to arrive.\n")
        else:
            await self._inside(_known(scope), replay, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = self._own(scope)
        is_welcome = own and is_known_host(own.host, self._rules.public) and _SOCKET.fullmatch(scope["path"]) and self._is_ours(scope, own)
        if not is_welcome:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        _known(scope)
        scope["headers"] = [(n, v) for n, v in headers_of(scope) if n in _HANDSHAKE or n.startswith(b"sec-websocket-")]
        await self._inside(scope, short_messages(receive), send)

    def _own(self, scope: Scope) -> Origin | None:
        return own_origin("https" if is_https(scope) else "http", only_value(headers_of(scope), b"host"))

    def _is_ours(self, scope: Scope, own: Origin) -> bool:
        return may_talk(only_value(headers_of(scope), b"origin"), own, self._rules.public)


def _known(scope: Scope) -> Scope:
    """Leave one session cookie, the one of this scheme, and its digest for whoever limits or logs."""
    other = PLAIN_NAME if is_https(scope) else SECURE_NAME
    headers: Headers = [(n, v) for n, v in headers_of(scope) if n != b"cookie"]
    pairs = [pair.strip() for value in values_of(headers_of(scope), b"cookie") for pair in value.split(";")]
    cookie = "; ".join(pair for pair in pairs if pair and pair.partition("=")[0] != other)
    if cookie:
        headers.append((b"cookie", cookie.encode("latin-1")))
    scope["headers"] = headers
    secret = session_cookie(cookie)
    scope.setdefault("state", {})["session_digest"] = secret_digest(secret) if secret else ""
    return scope
