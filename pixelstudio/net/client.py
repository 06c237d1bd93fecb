"""The one HTTP client: a call goes out on a connection of its own, within limits of time and bytes, or an error says what is known.

Why a connection of its own: one kept from before may have died unnoticed, and then nobody knows whether a request that costs money
arrived. A new one costs a tenth of a second, a picture takes many. Why deadlines per wait and not one `asyncio.timeout` around it all:
answers are read inside asynchronous generators, and a timeout must not be open while a generator has handed over to somebody else.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import httpx

from pixelstudio.core.limits import MARK_TO_SEND_MAX_S
from pixelstudio.net.errors import AnswerUnfit, NetError, NoAnswer, NotSent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from pydantic import SecretStr

R = TypeVar("R")

USER_AGENT: Final = "PixelStudio"
CALLS_AT_ONCE: Final = 256

_ALWAYS_DIRECT: Final = ("127.0.0.1", "localhost", "[::1]")
_SEND_BEGINS: Final = "http11.send_request_headers.started"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take, in seconds: to connect, to the head of the answer, between two pieces of it, and in all."""

    connect_s: float = 5.0
    first_byte_s: float = 60.0
    silence_s: float = 60.0
    total_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a form: a word, or a file when it has a name of its own."""

    name: str
    content: bytes = field(repr=False)
    filename: str = ""
    media_type: str = ""

    @classmethod
    def of(cls, name: str, value: object) -> Part:
        """A plain field."""
        return cls(name, str(value).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `before_sending` is awaited when the connection stands and not a byte has left; if it raises, none leaves."""

    method: str
    url: str
    bearer: SecretStr | None = None
    scheme: str = "Bearer"
    """What stands before the key in the header that carries it."""
    connect_to: str = ""
    """The address to connect to, when the name in `url` was looked up before; the name is still what is asked and proved."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: object = None
    form: tuple[Part, ...] = ()
    """Sent as multipart/form-data; not together with `json`."""
    patience: Patience = Patience()
    before_sending: Callable[[], Awaitable[None]] | None = None


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this process believes: read once, for it takes longer to read than most calls to make."""
    return httpx.create_ssl_context()


class Client:
    """Makes calls; holds the pool. Belongs to one event loop; `close` it.

    `goes_direct`: by no proxy, whatever the environment says.
    """

    def __init__(self, *, goes_direct: bool = False) -> None:
        # Proxies are taken from the environment like everybody does, but never towards this very machine.
        direct: dict[str, httpx.AsyncBaseTransport | None] = {f"all://{host}": None for host in _ALWAYS_DIRECT}
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            verify=_trusted(),
            trust_env=not goes_direct,
            limits=httpx.Limits(max_connections=CALLS_AT_ONCE, max_keepalive_connections=0),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            mounts=direct,
        )

    async def close(self) -> None:
        """Close what is open. Safe to repeat."""
        await self._http.aclose()

    def call(self, call: Call) -> Exchange:
        """A call not yet made: entering the exchange (`async with`) makes it."""
        return Exchange(self._http, call)


class Exchange:
    """One call: entered, it is sent and the head of its answer is there; then comes the body, piece by piece.

    Entering and reading raise `NotSent`, `NoAnswer` or `AnswerUnfit`, and what `before_sending` raises; only after `NotSent` is it safe
    to call again. Leaving closes the connection, read to the end or not.
    """

    def __init__(self, http: httpx.AsyncClient, call: Call) -> None:
        self._http = http
        self._call = call
        self._sent = False
        self._before_sending_raised: BaseException | None = None
        self._ends_at = asyncio.get_running_loop().time() + call.patience.total_s
        self._waiting: asyncio.Timeout | None = None
        self._response: httpx.Response | None = None
        self._pieces: AsyncGenerator[bytes] | None = None
        self.status = 0
        self.headers: Mapping[str, str] = {}

    async def __aenter__(self) -> Self:
        """Connect, mark, send, and wait for the head of the answer."""
        try:
            await self._open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self.close()

    async def piece(self) -> bytes:
        """The next bytes as they came, empty at the end of the body."""
        return await self._in_time(self._next_piece(), self._call.patience.silence_s)

    async def meanwhile(self, waiting: Awaitable[None]) -> None:
        """Wait for something of ours before the answer is read on: it counts for nothing of the call's time."""
        began = asyncio.get_running_loop().time()
        await waiting
        self._ends_at += asyncio.get_running_loop().time() - began

    async def body(self, max_bytes: int) -> bytes:
        """The whole body; raises `AnswerUnfit` as soon as it is larger than `max_bytes`."""
        whole = bytearray()
        while piece := await self.piece():
            whole += piece
            if len(whole) > max_bytes:
                raise AnswerUnfit("The answer is larger than agreed.", reason="too_large")
        return bytes(whole)

    async def close(self) -> None:
        """Close the connection, also under somebody who waits for it, who then gets `NoAnswer`. Safe to repeat."""
        self._ends_at = now = asyncio.get_running_loop().time()
        if self._waiting is not None and not self._waiting.expired():
            self._waiting.reschedule(now)
        if self._response is not None:
            await self._response.aclose()

    async def _open(self) -> None:
        self._response = response = await self._in_time(self._send(), self._call.patience.first_byte_s)
        self.status = response.status_code
        self.headers = response.headers
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            # Unpacking is where 300 KB become 300 MB, and it was not asked for.
            raise AnswerUnfit("The answer came compressed, which was not asked for.", reason="compressed")
        self._pieces = response.aiter_raw()  # pyright: ignore[reportAttributeAccessIssue]  # declared an iterator, is a generator

    async def _send(self) -> httpx.Response:
        call = self._call
        headers = dict(call.headers)
        if call.bearer is not None:
            headers["Authorization"] = f"{call.scheme} {call.bearer.get_secret_value()}"
        content, files = None, None
        if call.json is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(call.json, ensure_ascii=False, separators=(",", ":")).encode()
        if call.form:
            files = [(part.name, (part.filename or None, part.content, part.media_type or None)) for part in call.form]
        timeout = httpx.Timeout(None, connect=call.patience.connect_s)  # the other waits are bounded by `_in_time`
        if not all(_is_plain(value) for value in headers.values()):
            # Found here, because the library's own error and debug log would quote the header, which may be the key.
            raise NotSent("The request could not be written.", reason="unwritable")
        url = httpx.URL(call.url)
        if call.connect_to:
            headers["Host"] = url.netloc.decode("ascii")
        address = url.copy_with(host=call.connect_to) if call.connect_to else url
        request = self._http.build_request(call.method, address, headers=headers, content=content, files=files, timeout=timeout)
        if call.connect_to:
            request.extensions["sni_hostname"] = url.raw_host.decode("ascii")
        request.extensions["trace"] = self._traced
        return await self._http.send(request, stream=True)

    async def _next_piece(self) -> bytes:
        assert self._pieces is not None  # noqa: S101  # set by open
        async for piece in self._pieces:
            if piece:
                return piece
        return b""

    async def _traced(self, event: str, facts: dict[str, Any]) -> None:
        """The HTTP library tells of each step; the one before the first byte is where a call is marked. A proxy's CONNECT is not that byte."""
        if event != _SEND_BEGINS or facts["request"].method == b"CONNECT":
            return
        if self._call.before_sending is not None:
            await self._mark(self._call.before_sending)
        self._sent = True

    async def _mark(self, before_sending: Callable[[], Awaitable[None]]) -> None:
        asked = time.monotonic()
        try:
            await before_sending()
        except BaseException as error:
            self._before_sending_raised = error
            raise
        # A process frozen in between must not wake up and send what another has meanwhile decided about (without this check 3 of 900
        # jobs were paid twice when workers were frozen at random).
        if time.monotonic() - asked > MARK_TO_SEND_MAX_S:
            raise NotSent("Too much time passed before sending.", reason="mark_too_old")

    async def _in_time(self, waiting: Awaitable[R], at_most_s: float) -> R:
        """Await within this wait's limit and the total deadline, and turn what goes wrong into what is known."""
        limit = asyncio.timeout_at(min(self._ends_at, asyncio.get_running_loop().time() + at_most_s))
        try:
            async with limit:
                self._waiting = limit
                return await waiting
        except NetError:
            raise
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError, ValueError) as error:
            if error is self._before_sending_raised:
                raise
            # No cause is kept: the texts of some of these quote the header or address they are about.
            raise self._failure(type(error).__name__) from None
        finally:
            self._waiting = None

    def _failure(self, reason: str) -> NetError:
        if self._sent:
            return NoAnswer("The other side broke off or stayed silent.", reason=reason)
        return NotSent("The other side could not be reached.", reason=reason)


def _is_plain(header: str) -> bool:
    return header.isascii() and header.isprintable()
