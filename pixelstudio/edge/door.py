"""The outermost layer: every request and socket passes here first."""

from __future__ import annotations

import re
from typing import Final

from pixelstudio.core.cookies import PLAIN_NAME, SECURE_NAME, session_cookie
from pixelstudio.core.ids import secret_digest
from pixelstudio.edge.answers import dressed
from pixelstudio.edge.asgi import Asgi, Headers, Receive, Scope, Send, answer, headers_of, only_value, values_of
from pixelstudio.edge.bodies import STREAMED, BodyTooLarge, Patience, few_short_messages, passing_body, whole_body
from pixelstudio.edge.crowd import Crowd
from pixelstudio.edge.front_end import FrontEnd, send_file
from pixelstudio.edge.origins import own_origin
from pixelstudio.edge.proxies import is_https, settle
from pixelstudio.edge.refusals import Refusal
from pixelstudio.edge.walls import HTTP_WALLS, SOCKET_WALLS, Asked, Rules, Wall

# Reflex's own endpoints that are nobody's business, its upload, which takes anything from anybody, and paths that mean two things.
_CLOSED: Final = re.compile(r"/(_upload|_all_routes|auth-codespace|ping|_health|_event)(/.*)?|//.*|.*\\.*", re.DOTALL)
_NOWHERE: Final = "/-/nowhere"
# What the socket's handlers need of a handshake. Reflex shows the others to the browser, and proxies write secrets there.
_HANDSHAKE: Final = frozenset({b"host", b"cookie", b"origin", b"user-agent", b"upgrade", b"connection"})

_TOO_LARGE: Final = Refusal(413, "body_too_large", "That is more than this address takes.")
_TOO_SLOW: Final = Refusal(408, "body_too_slow", "The request took too long to arrive.")


class Edge:
    """ASGI middleware: walls, bounded bodies, clean addresses, headers."""

    def __init__(
        self,
        inside: Asgi,
        rules: Rules,
        front_end: FrontEnd | None = None,
        *,
        http_walls: tuple[Wall, ...] = HTTP_WALLS,
        socket_walls: tuple[Wall, ...] = SOCKET_WALLS,
        patience: Patience | None = None,
    ) -> None:
        self._inside = inside
        self._rules = rules
        self._front_end = front_end
        self._crowd = Crowd(rules.allowance)
        self._http_walls = http_walls
        self._socket_walls = socket_walls
        self._patience = patience or Patience()
        self._hashes = front_end.script_hashes if front_end else frozenset[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or socket in, or answer it here."""
        if scope["type"] == "http":
            asked = self._asked(scope)
            await self._http(asked, receive, dressed(send, scope["path"], asked.own, self._hashes))
        elif scope["type"] == "websocket":
            await self._websocket(self._asked(scope), receive, send)
        else:
            await self._inside(scope, receive, send)

    def _asked(self, scope: Scope) -> Asked:
        settle(scope, self._rules.proxy_hops)
        own = own_origin("https" if is_https(scope) else "http", only_value(headers_of(scope), b"host"))
        return Asked(scope, own, self._rules, self._crowd)

    async def _http(self, asked: Asked, receive: Receive, send: Send) -> None:
        refusal = _first_refusal(self._http_walls, asked)
        if refusal:
            await refusal.over(asked.scope, send)
        elif asked.is_reading:
            await self._read(asked, receive, send)
        else:
            await self._change(asked.scope, receive, send)

    async def _read(self, asked: Asked, receive: Receive, send: Send) -> None:
        scope, front_end = asked.scope, self._front_end
        environment = front_end.environment(scope["path"], str(asked.own)) if front_end and asked.own else None
        if environment is not None:
            await answer(send, 200, environment, content_type="text/javascript; charset=utf-8", cache="no-cache")
            return
        if file := front_end.loaded(scope["path"]) if front_end else None:
            await send_file(file, 200, scope, send)  # further inside, a hundred routes would be tried before it
            return
        if is_closed(scope["path"]):
            _lead(scope, _NOWHERE)  # it answers as whatever is not there
        await self._inside(_known(scope), receive, send)

    async def _change(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["path"] in STREAMED:
                replay = passing_body(scope, receive, self._patience)
            else:
                replay = await whole_body(scope, receive, self._patience)
        except BodyTooLarge:
            await _TOO_LARGE.over(scope, send)
        except TimeoutError:
            await _TOO_SLOW.over(scope, send)
        else:
            await self._inside(_known(scope), replay, send)

    async def _websocket(self, asked: Asked, receive: Receive, send: Send) -> None:
        scope, refusal = asked.scope, _first_refusal(self._socket_walls, asked)
        if refusal:
            await receive()
            await refusal.over_socket(scope, send)
            return
        with self._crowd.socket(asked.address):
            await self._inside(_needed(_known(scope)), few_short_messages(receive), send)


def is_closed(path: str) -> bool:
    """Whether nobody is led there, though something inside would answer."""
    return _CLOSED.fullmatch(path) is not None


def _first_refusal(walls: tuple[Wall, ...], asked: Asked) -> Refusal | None:
    return next((refusal for wall in walls if (refusal := wall(asked))), None)


def _lead(scope: Scope, path: str) -> None:
    scope["path"] = path
    scope["raw_path"] = path.encode()


def _needed(scope: Scope) -> Scope:
    """Take off what a handshake's handlers do not need."""
    scope["headers"] = [(n, v) for n, v in headers_of(scope) if n in _HANDSHAKE or n.startswith(b"sec-websocket-")]
    return scope


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
