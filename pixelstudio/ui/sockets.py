"""The browsers' socket: who gets which state tree, and which messages get as far as the queue.

Reflex keeps a state under the token the browser chose and queues without bound. Here the tree's key is made from that token *and*
the session of the connection, so a token found in a log or in another person's storage opens an empty tree; and a message is
weighed, named and stripped to the parts in use before anything is queued.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs

from reflex.app import EventNamespace
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from pixelstudio.core.cookies import session_cookie
from pixelstudio.core.limits import EVENTS_BURST, EVENTS_PER_SECOND
from pixelstudio.core.log import get_logger
from pixelstudio.ui.handlers import BOOT, BROWSER_FAILED, FROM_BROWSERS

if TYPE_CHECKING:
    import reflex as rx

SLOW_DOWN: Final = "slow_down"
BROKEN_FRAMES_PER_MINUTE: Final = 10
_PATH_MAX: Final = 2_048
_HASHES_MAX: Final = 512


class Bucket:
    """A token bucket: a burst at once, then a steady rate."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._level, self._at = burst, time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True


class Sockets(EventNamespace):
    """Reflex's event namespace behind our door."""

    def __init__(self, namespace: str, app: rx.App, callable_names: frozenset[str]) -> None:
        super().__init__(namespace, app)
        self._callable = callable_names
        self._key = secrets.token_bytes(32)
        self._buckets: dict[str, Bucket] = {}
        self._refused: set[str] = set()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Open the tree of this tab *and* session. A token that is no UUID is refused."""
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if not _is_uuid(token):
            raise SocketRefused
        self._buckets[sid] = Bucket(EVENTS_PER_SECOND, EVENTS_BURST)
        environ["QUERY_STRING"] = f"token={self._tree_of(token, environ)}"
        await super().on_connect(sid, environ, auth if isinstance(auth, dict) else None)

    def on_disconnect(self, sid: str, _reason: object = None) -> Any:
        """Forget the socket."""
        self._buckets.pop(sid, None)
        self._refused.discard(sid)
        return super().on_disconnect(sid)

    async def on_event(self, sid: str, data: object = None, *_more: object) -> None:
        """Queue the message of a browser when it is allowed, known and well formed; otherwise drop it without a word of its content."""
        bucket = self._buckets.get(sid)
        if bucket is None:
            return
        if not bucket.take():
            await self.emit(SLOW_DOWN, {"retry_after_ms": 1000 // EVENTS_PER_SECOND}, to=sid)
            return
        message = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
        name, payload = message.get("name"), message.get("payload") or {}
        if not isinstance(name, str) or name not in self._callable or not isinstance(payload, dict):
            self._refuse(sid)
        elif name == BROWSER_FAILED:
            await self.on_client_error(sid, {"error_type": "browser", "message": str(payload.get("info", ""))[:500]})
        else:
            await super().on_event(
                sid, {"name": name, "payload": _payload(name, payload), "router_data": _route(message.get("router_data"))}
            )

    async def on_ping(self, sid: str, *_more: object) -> None:
        """Answer the frontend's own ping, at the rate of any message."""
        bucket = self._buckets.get(sid)
        if bucket is not None and bucket.take():
            await super().on_ping(sid)

    async def on_client_error(self, sid: str, data: object = None, *_more: object) -> None:
        """Report what broke in a browser; Reflex counts these per socket and per minute."""
        await super().on_client_error(sid, data)

    def _refuse(self, sid: str) -> None:
        # Once a socket: whoever sends nonsense must not be able to fill the log with it.
        if sid not in self._refused:
            self._refused.add(sid)
            get_logger().warning("socket.refused", reason="no such handler, or malformed")

    def _tree_of(self, token: str, environ: dict[str, Any]) -> str:
        session = session_cookie(environ.get("HTTP_COOKIE", ""))
        return str(uuid.UUID(bytes=hmac.digest(self._key, f"{token.lower()}\n{session}".encode(), "sha256")[:16], version=4))


class _Sparing(logging.Filter):
    """One line for a broken frame, without its content, and at most a few a minute: anybody can send them."""

    def __init__(self) -> None:
        super().__init__()
        self._bucket = Bucket(BROKEN_FRAMES_PER_MINUTE / 60, BROKEN_FRAMES_PER_MINUTE)

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = f"a frame could not be taken: {kind.__name__ if kind else 'malformed'}", None
        record.exc_info = record.exc_text = None
        return self._bucket.take()


def bound_engine_log() -> None:
    """Put the socket library's log under the house's rules: it prints tracebacks, twice, for whatever a client sends."""
    for name in ("engineio.server", "socketio.server"):
        log = logging.getLogger(name)
        log.handlers.clear()
        log.addFilter(_Sparing())


def _is_uuid(token: str) -> bool:
    try:
        return str(uuid.UUID(token)) == token.lower()
    except ValueError:
        return False


def _payload(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Reflex's own handlers take what the browser sends as it is; leave them only what ours need."""
    if name not in FROM_BROWSERS:
        return payload
    hashes = payload.get("hashes")
    if name == BOOT and isinstance(hashes, list) and len(hashes) <= _HASHES_MAX and all(isinstance(h, str) for h in hashes):
        return {"hashes": hashes}
    return {}


def _route(sent: object) -> dict[str, Any]:
    """Where the browser says it is: texts of bounded length, nothing else. Never to be believed for anything but showing a page."""
    fields = cast("dict[str, Any]", sent) if isinstance(sent, dict) else {}
    route: dict[str, Any] = {key: fields[key] for key in ("pathname", "asPath") if _is_short(fields.get(key))}
    query = fields.get("query")
    if isinstance(query, dict):
        route["query"] = {k: v for k, v in query.items() if _is_short(k) and _is_short(v)}
    return route


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _PATH_MAX and value.isprintable()
