"""The browsers' socket: who gets which state tree, and which messages get as far as the queue.

Reflex keeps a state under the token the browser chose and queues without bound. Here the tree's key is made from that token *and*
the session of the connection, so a token found in a log or in another person's storage opens an empty tree; and a message is
weighed, named and stripped to the parts in use before anything is queued.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs

from reflex.app import EventNamespace
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from pixelstudio.core.buckets import Bucket
from pixelstudio.core.cookies import session_cookie
from pixelstudio.core.limits import EVENTS_BURST, EVENTS_PER_SECOND, SOCKETS_PER_MEMBER
from pixelstudio.core.log import get_logger
from pixelstudio.ui.handlers import BOOT, BROWSER_FAILED, FROM_BROWSERS
from pixelstudio.ui.session import holder_of

if TYPE_CHECKING:
    import reflex as rx

SLOW_DOWN: Final = "slow_down"
WARNINGS_PER_SECOND: Final = 2
BROKEN_FRAMES_PER_MINUTE: Final = 10
_BUCKET: Final = "pixelstudio.bucket"
_PATH_MAX: Final = 2_048
_HASHES_MAX: Final = 512


@dataclass(slots=True)
class _Open:
    """What is known of one open socket: what it may still send, whose it is, and whether it was complained of."""

    bucket: Bucket
    member: str | None
    warnings: Bucket = field(default_factory=lambda: Bucket(WARNINGS_PER_SECOND, 1))
    is_reported: bool = False


class Sockets(EventNamespace):
    """Reflex's event namespace behind our door."""

    def __init__(self, namespace: str, app: rx.App, callable_names: frozenset[str]) -> None:
        super().__init__(namespace, app)
        self._callable = callable_names
        self._key = secrets.token_bytes(32)
        self._open: dict[str, _Open] = {}
        self._held: Counter[str] = Counter()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Open the tree of this tab *and* session. A token that is no UUID is refused, and a member's one page too many."""
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        bucket = _bucket_of(environ)
        if not _is_uuid(token) or not bucket.take():
            raise SocketRefused
        self._remember(sid, _Open(bucket, await holder_of(session_cookie(environ.get("HTTP_COOKIE", "")))))
        try:
            if self._holds_too_many(sid):
                raise SocketRefused
            tree = {**environ, "QUERY_STRING": f"token={self._tree_of(token, environ)}"}
            await super().on_connect(sid, tree, auth if isinstance(auth, dict) else None)
        except BaseException:
            self._forget(sid)  # one that is refused is never disconnected
            raise

    def on_disconnect(self, sid: str, _reason: object = None) -> Any:
        """Forget the socket."""
        self._forget(sid)
        return super().on_disconnect(sid)

    async def on_event(self, sid: str, data: object = None, *_more: object) -> None:
        """Queue the message of a browser when it is allowed, known and well formed; otherwise drop it without a word of its content."""
        known = self._open.get(sid)
        if known is None:
            return
        if not known.bucket.take():
            if known.warnings.take():
                await self.emit(SLOW_DOWN, {"retry_after_ms": 1000 // EVENTS_PER_SECOND}, to=sid)
            return
        message = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
        name, payload = message.get("name"), message.get("payload") or {}
        if not isinstance(name, str) or name not in self._callable or not isinstance(payload, dict):
            _report(known)
        elif name == BROWSER_FAILED:
            await self.on_client_error(sid, {"error_type": "browser", "message": str(payload.get("info", ""))[:500]})
        else:
            await super().on_event(
                sid, {"name": name, "payload": _payload(name, payload), "router_data": _route(message.get("router_data"))}
            )

    async def on_ping(self, sid: str, *_more: object) -> None:
        """Answer the frontend's own ping, at the rate of any message."""
        known = self._open.get(sid)
        if known is not None and known.bucket.take():
            await super().on_ping(sid)

    async def on_client_error(self, sid: str, data: object = None, *_more: object) -> None:
        """Report what broke in a browser; Reflex counts these per socket and per minute."""
        await super().on_client_error(sid, data)

    def _holds_too_many(self, sid: str) -> bool:
        member = self._open[sid].member
        return member is not None and self._held[member] > SOCKETS_PER_MEMBER

    def _remember(self, sid: str, known: _Open) -> None:
        self._open[sid] = known
        if known.member:
            self._held[known.member] += 1

    def _forget(self, sid: str) -> None:
        known = self._open.pop(sid, None)
        if known is None:
            return
        if known.member:
            self._held[known.member] -= 1
            if not self._held[known.member]:
                del self._held[known.member]

    def _tree_of(self, token: str, environ: dict[str, Any]) -> str:
        session = session_cookie(environ.get("HTTP_COOKIE", ""))
        return str(uuid.UUID(bytes=hmac.digest(self._key, f"{token.lower()}\n{session}".encode(), "sha256")[:16], version=4))


def _bucket_of(environ: dict[str, Any]) -> Bucket:
    # It belongs to the connection: on one connection the protocol lets a client leave and come back as often as it likes.
    return environ.setdefault(_BUCKET, Bucket(EVENTS_PER_SECOND, EVENTS_BURST))


def _report(known: _Open) -> None:
    # Once a socket: whoever sends nonsense must not be able to fill the log with it.
    if not known.is_reported:
        known.is_reported = True
        get_logger().warning("socket.refused", reason="no such handler, or malformed")


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
