"""A thousand open pages: what they weigh, and how long one of them waits for its answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import psutil

from tests.benchmarks.figures import Figure
from tests.serving import a_client, a_server, register

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serving import Served

SOCKETS = 1_000
SAMPLES = 300
AT_ONCE = 50
REST_S = 5.0
PAUSE_S = 0.055  # a socket may send 20 a second
MIB = 1024 * 1024
ROOT = "reflex___state____state"
_HANDLER = f"{ROOT}.pixelstudio___ui___create___create_state____create_state.choose_count"


@dataclass
class Page:
    """A page as the server sees it: it connects, loads, answers pings, and now and then does something."""

    session: aiohttp.ClientSession
    url: str
    path: str = "/create"
    frames: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    socket: Any = None
    listening: Any = None

    async def open(self, cookie: str = "") -> Self:
        """Connect as the built pages do, with the first event in the same frame, and wait until everything is loaded."""
        address = f"{self.url}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
        self.socket = await self.session.ws_connect(address, headers={"Cookie": f"sid={cookie}"} if cookie else {})
        self.listening = asyncio.create_task(self._listen())
        await self._say("0", {"event": self._event(f"{ROOT}.hydrate_and_load")})
        await self.hears('"is_hydrated_rx_state_":true')
        return self

    async def asks(self, count: int) -> float:
        """Another number of pictures; the seconds until its price is there."""
        begun = time.perf_counter()
        await self.sends(_HANDLER, count=count)
        await self.hears('"price_rx_state_"')
        return time.perf_counter() - begun

    async def sends(self, handler: str, **payload: object) -> None:
        """Do something, without waiting for what comes of it."""
        await self._say("2", ["event", self._event(handler, **payload)])

    def _event(self, name: str, **payload: object) -> dict[str, object]:
        return {"name": name, "payload": payload, "router_data": {"pathname": self.path, "asPath": self.path}}

    async def _say(self, kind: str, content: object) -> None:
        await self.socket.send_str(f"4{kind}/_event,{json.dumps(content)}")

    async def hears(self, word: str) -> None:
        """Wait until this word comes."""
        async with asyncio.timeout(60):
            while word not in await self.frames.get():
                pass

    async def _listen(self) -> None:
        async for message in self.socket:
            if message.data == "2":
                await self.socket.send_str("3")
            else:
                self.frames.put_nowait(message.data)


async def measure(folder: Path) -> list[Figure]:
    """Open them all, let them rest, weigh the process, and time a member's events one after another while all stay open."""
    with a_server(folder, "--no-worker", module="pixelstudio", SOCKETS_PER_ADDRESS=str(SOCKETS + 50)) as server:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(visitors(server.url))
            member = await Page(session, server.url).open(_a_member(server))
            before = process.memory_info().rss
            begun = time.perf_counter()
            pages = await _open_all(session, server.url)
            opened_s = time.perf_counter() - begun
            await asyncio.sleep(REST_S)
            weight = (process.memory_info().rss - before) / MIB
            times = [1_000 * await _at_leisure(member, sample) for sample in range(SAMPLES)]
            assert all(not page.socket.closed for page in pages)
    return [
        Figure("1,000 idle sockets, resident", round(weight, 1), "MiB", 300),
        Figure("1,000 sockets opened in", round(opened_s, 1), "s", 30),
        Figure("an event among 1,000, median", round(statistics.median(times), 1), "ms"),
        Figure("an event among 1,000, p95", round(statistics.quantiles(times, n=20)[-1], 1), "ms", 20),
    ]


async def _at_leisure(member: Page, sample: int) -> float:
    await asyncio.sleep(PAUSE_S)
    return await member.asks(1 + sample % 4)


def _a_member(server: Served) -> str:
    with a_client(server) as client:
        return register(client, "ines")


def visitors(url: str) -> aiohttp.ClientSession:
    """Connections of as many people as come."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers={"Origin": url})


async def _open_all(session: aiohttp.ClientSession, url: str) -> list[Page]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Page:
        async with gate:
            return await Page(session, url).open()

    return await asyncio.gather(*(one() for _ in range(SOCKETS)))
