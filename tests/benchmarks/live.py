"""A like, until it is seen elsewhere: on one other page, and on two hundred that show the same picture; and what each of them costs the server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import psutil

from tests.benchmarks.figures import Figure
from tests.benchmarks.gallery import IN_A_SET, hang_gallery
from tests.benchmarks.sockets import ROOT, Page, visitors
from tests.serving import a_client, a_server

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WATCHING: Final = 200
LIKES: Final = 40
AT_ONCE: Final = 25
PAUSE_S: Final = 0.3
"""Longer than what comes in quick succession is held together."""
_LIKE: Final = f"{ROOT}.pixelstudio___ui___image___post_state____post_state.like"


async def measure(folder: Path) -> list[Figure]:
    """One page, then two hundred, watch a picture whose maker likes it and takes the like back."""
    cookie = await hang_gallery(folder, IN_A_SET)
    with a_server(folder, "--no-worker", module="pixelstudio", SOCKETS_PER_ADDRESS=str(WATCHING + 50)) as server:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        with a_client(server) as client:
            cards: Any = client.get("/api/gallery/explore").json()
        path = f"/image/{cards['pictures'][0]['id']}"
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(visitors(server.url))
            maker = await Page(session, server.url, path).open(cookie)
            gate = asyncio.Semaphore(AT_ONCE)

            async def one() -> Page:
                async with gate:
                    return await Page(session, server.url, path).open()

            pages = [await one()]
            alone = await _seen(maker, pages)
            pages += await asyncio.gather(*(one() for _ in range(WATCHING - 1)))
            began = _worked_s(process)
            together = await _seen(maker, pages)
            each_ms = 1_000 * (_worked_s(process) - began) / (LIKES * WATCHING)
    return [
        Figure("a like seen on another page, p95", round(float(np.percentile(alone, 95)), 1), "ms", 250),
        Figure(f"a like seen by the last of {WATCHING}, p95", round(float(np.percentile(together, 95)), 1), "ms", 500),
        Figure(f"work of the server for each of {WATCHING} and each like", round(each_ms, 3), "ms", 0.5),
    ]


async def _seen(maker: Page, pages: Sequence[Page]) -> list[float]:
    """Milliseconds from each press until the last page has its count."""
    times: list[float] = []
    for turn in range(LIKES):
        await asyncio.sleep(PAUSE_S)
        likes = 1 - turn % 2
        begun = time.perf_counter()
        await maker.sends(_LIKE, liked=bool(likes))
        await asyncio.gather(*(page.hears(f'"likes_rx_state_":{likes}') for page in pages))
        times.append(1_000 * (time.perf_counter() - begun))
    return times


def _worked_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system
