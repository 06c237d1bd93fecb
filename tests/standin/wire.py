"""HTTP/1.1 by hand, because a stand-in must also be able to get it wrong: requests in, bytes out, resets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

HEAD_MAX = 64 * 1024
BODY_MAX = 256 * 1024 * 1024


class Gone(Exception):
    """The other side closed."""


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        return json.loads(self.body)

    @property
    def is_form(self) -> bool:
        """Whether the body is multipart/form-data."""
        return self.headers.get("content-type", "").startswith("multipart/")

    def parts(self) -> list[tuple[str, bytes]]:
        """The named parts of a form, in order."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [(str(part.get_param("name", header="content-disposition")), _content(part)) for part in message.iter_parts()]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, or None when nobody sends one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    url = urlsplit(target)
    return Request(method, url.path, parse_qs(url.query), headers, await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = bytearray()
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return bytes(body)
    return await reader.readexactly(int(headers.get("content-length", 0)))


@dataclass
class Line:
    """The way back to one caller: whole answers, pieces, silence or a reset. Notices when the caller goes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        """Set `left` when the caller closes: after its request it has nothing more to say."""
        with contextlib.suppress(ConnectionError):
            await self.reader.read(1)
        self.left.set()

    async def pause(self, seconds: float) -> None:
        """Wait; raises `Gone` when the caller leaves meanwhile."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.left.wait(), max(seconds, 0.0001))
        if self.left.is_set():
            raise Gone

    async def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None, media_type: str = "application/json") -> None:
        """A whole answer with its length."""
        await self.head(status, {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})})
        await self.send(body)

    async def answer_json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        """The same for JSON."""
        await self.answer(status, json.dumps(value).encode(), headers)

    async def head(self, status: int, headers: dict[str, str]) -> None:
        """Status line and headers; the connection closes after the body."""
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close", "x-request-id: req_standin"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def chunk(self, data: bytes) -> None:
        """One piece of a body of unknown length; an empty one ends it."""
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def send(self, data: bytes) -> None:
        """Raw bytes; raises `Gone` when nobody reads them any more."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError as error:
            raise Gone from error

    def reset(self) -> None:
        """Break the connection as a crashed machine does: RST, not FIN."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
