"""How a queue takes part in the contest, ours or somebody else's: four verbs, each in a process of its own, one JSON line as answer.

    one <jobs>            put jobs in, one after the other                     -> seconds
    crowd <jobs>          put jobs in by 50 callers at once                    -> seconds
    fill <jobs>           put jobs in, however is quickest
    paced <jobs> <rate>   put in so many a second, each with its moment
    work                  run jobs after `go` until `end`                      -> when they started, and after how long each

Everybody runs on uvloop, as our server and worker do, and pgqueuer's own command. Runs in the environment of the others too, so beside that
it uses the standard library alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

import uvloop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLERS = 50
CONCURRENCY = 50
TELL_EVERY_S = 0.02


class Queue(Protocol):
    """What everybody can do. A job does nothing but note that it starts, with the moment it was put in at."""

    async def open(self, url: str) -> None:
        """Connect to a database that is there; make what is missing in it."""
        ...

    async def put(self, moment: float) -> None:
        """Put one job in and return when it is committed."""
        ...

    async def fill(self, jobs: int) -> None:
        """Put many in."""
        ...

    async def work(self, started: Callable[[float], None]) -> None:
        """Run jobs, fifty at a time where that can be said, until cancelled."""
        ...


def main(queue: Queue, verb: str, url: str, *numbers: str) -> None:
    """Do one verb and print its answer."""
    with contextlib.suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(_do(queue, verb, url, *map(float, numbers)))


async def _do(queue: Queue, verb: str, url: str, jobs: float = 0, rate: float = 0) -> None:
    await queue.open(url)
    match verb:
        case "one":
            await queue.put(0.0)  # whatever is done once
            _say(seconds=await _timed(_one_by_one(queue, int(jobs))))
        case "crowd":
            await queue.put(0.0)
            each = int(jobs) // CALLERS
            _say(seconds=await _timed(asyncio.gather(*(_one_by_one(queue, each) for _ in range(CALLERS)))))
        case "fill":
            await queue.fill(int(jobs))
            _say(filled=jobs)
        case "paced":
            await _paced(queue, int(jobs), rate)
            _say(put=jobs)
        case _:
            await _work(queue)


async def _one_by_one(queue: Queue, jobs: int) -> None:
    for _ in range(jobs):
        await queue.put(0.0)


async def _paced(queue: Queue, jobs: int, rate: float) -> None:
    await queue.put(time.time())
    begun = time.monotonic()
    for n in range(jobs):
        await asyncio.sleep(max(0.0, begun + n / rate - time.monotonic()))
        await queue.put(time.time())


async def _timed(work: Awaitable[Any]) -> float:
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


async def _work(queue: Queue) -> None:
    starts: list[float] = []
    waits: list[float] = []

    def started(moment: float) -> None:
        now = time.time()
        starts.append(now)
        waits.append(now - moment)

    heard = _heard_lines()
    _say(ready=True)
    await heard.get()
    working = asyncio.ensure_future(queue.work(started))
    ended = asyncio.ensure_future(heard.get())
    told = -1
    while not ended.done():
        if working.done():
            working.result()
        if told != len(starts):
            _say(started=(told := len(starts)))
        await asyncio.wait({ended}, timeout=TELL_EVERY_S)
    answer = {"starts": starts[:1] + starts[-1:], "waits": list(waits)}
    working.cancel()
    await asyncio.wait({working}, timeout=2)  # what it holds it puts down, and leaves nothing to the next round
    _say(**answer)
    sys.stdout.flush()
    raise asyncio.CancelledError


def _heard_lines() -> asyncio.Queue[str]:
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline()))
    return lines


def _say(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)
