"""Connections below the requests: heads that never end, peers that hold many open, and answers nobody takes.

The server underneath reads a head for as long and as much as its sender likes, and waits for ever until an answer is taken. Nothing
above sees a request before its head is whole, so this is done where bytes arrive.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pixelstudio.core.buckets import Bucket
from pixelstudio.core.hosts import household
from pixelstudio.core.limits import (
    ANSWER_GRACE_S,
    ANSWER_MIN_BYTES_PER_SECOND,
    CONNECTIONS_MAX,
    CONNECTIONS_PER_SOCKET,
    HEAD_DEADLINE_S,
    HEAD_MAX_BYTES,
    SOCKETS_MAX,
    SOCKETS_PER_ADDRESS,
)

_COMPLAINTS_PER_MINUTE: Final = 10
_OTHER_FILES: Final = 500
_AROUND_A_HEADER: Final = len(": \r\n")
_CONNECTIONS_MIN: Final = 200
_HEAD_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(slots=True)
class Lines:
    """The bounds of one listener's connections, and who holds how many. `per_address` 0: all come from a proxy and are not told apart."""

    per_address: int = SOCKETS_PER_ADDRESS * CONNECTIONS_PER_SOCKET
    total: int = CONNECTIONS_MAX
    head_deadline_s: float = HEAD_DEADLINE_S
    head_bytes: int = HEAD_MAX_BYTES
    answer_grace_s: float = ANSWER_GRACE_S
    open: Counter[str] = field(default_factory=Counter[str])

    def is_full(self, key: str) -> bool:
        """Whether one more of `key` is one too many."""
        return self.open.total() >= self.total or (self.per_address > 0 and self.open[key] >= self.per_address)


class Connection(HttpToolsProtocol):
    """The server's own protocol for HTTP/1, with a patience that ends."""

    lines: Lines = Lines()
    _key: str | None = None
    _begun: bool = False
    _overhead: int = 0
    _head: int = 0
    """The length of the head that is being read. It may come whole and in one piece, and is gone from `_overhead` by then."""
    _is_refused: bool = False
    _head_timer: asyncio.TimerHandle | None = None
    _answer_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take the connection, or drop it when there are too many; then a head has to come."""
        super().connection_made(transport)
        key = household(self.client[0]) if self.client else ""
        if self.lines.is_full(key):
            transport.abort()
            return
        self._key = key
        self.lines.open[key] += 1
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._release()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while what is no body stays short."""
        self._overhead += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self._key is None:
            return  # it is over, or a socket now
        if self._is_refused or self._overhead > self.lines.head_bytes:
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()
        elif self._head_timer is None and (self._begun or self._is_idle):
            self._await_head()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._begun = True
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of its address."""
        self._head += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its lines."""
        self._head += len(name) + len(value) + _AROUND_A_HEADER
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole. Of one that is too long nothing is answered, nor of what follows it."""
        self._begun = False
        _cancel(self._head_timer)
        self._head_timer = None
        self._is_refused = self._is_refused or self._head > self.lines.head_bytes
        if not self._is_refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Bodies are bounded by whoever reads them."""
        if not self._is_refused:
            self._overhead -= len(body)
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next request is counted anew."""
        if not self._is_refused:
            self._overhead = 0
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """A socket is no longer ours to watch; it is counted at the door."""
        if not self._is_refused:
            self._release()
            super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The answer waits to be taken: from now on that has to go on."""
        super().pause_writing()
        self._await_progress(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It was taken."""
        _cancel(self._answer_timer)
        self._answer_timer = None
        super().resume_writing()

    @property
    def _is_idle(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.lines.head_deadline_s, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._is_idle:
            self.transport.close()
        elif self._begun:
            self._await_head()  # an answer to an earlier request is under way; it is not cut off

    def _await_progress(self, left: int) -> None:
        self._answer_timer = self.loop.call_later(self.lines.answer_grace_s, self._check_progress, left)

    def _check_progress(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if before - left < ANSWER_MIN_BYTES_PER_SECOND * self.lines.answer_grace_s:
            self.transport.abort()
        else:
            self._await_progress(left)

    def _release(self) -> None:
        _cancel(self._head_timer)
        _cancel(self._answer_timer)
        self._head_timer = self._answer_timer = None
        if self._key is not None:
            self.lines.open[self._key] -= 1
            if not self.lines.open[self._key]:
                del self.lines.open[self._key]
            self._key = None


def prepared_connections(*, sockets_per_address: int, proxy_hops: int) -> type[Connection]:
    """The protocol for a server whose addresses hold so many sockets. Behind proxies a connection says nothing about its address.

    Raises this process's limit of open files as far as it may, and spares its log the server's complaints about requests.
    """
    lines = Lines(per_address=0 if proxy_hops else sockets_per_address * CONNECTIONS_PER_SOCKET, total=_room())
    logging.getLogger("uvicorn.error").addFilter(_Sparing())
    return type("Connection", (Connection,), {"lines": lines})


def _room() -> int:
    """How many connections fit, beside sockets, pictures and the database; each takes one of the files this process may open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX + SOCKETS_MAX + _OTHER_FILES
    files = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return max(_CONNECTIONS_MIN, files - SOCKETS_MAX - _OTHER_FILES)


class _Sparing(logging.Filter):
    """At most a few lines a minute from the server underneath: anybody can make it complain. Errors are always written."""

    def __init__(self) -> None:
        super().__init__()
        self._bucket = Bucket(_COMPLAINTS_PER_MINUTE / 60, _COMPLAINTS_PER_MINUTE)

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.WARNING or self._bucket.take()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
