"""Starting a queue's verbs, each in a process of its own, and reading what it answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import uvloop

from tools import apart

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 120


def command(queue: str, *words: object) -> list[str]:
    """How a verb of this queue is started."""
    if queue.startswith("ours"):
        return [sys.executable, "-m", "tests.benchmarks.queue.ours", queue, *map(str, words)]
    return [str(apart.python("bench")), "-m", "tests.benchmarks.queue.peers", queue, *map(str, words)]


def ask(queue: str, verb: str, url: str, *numbers: float) -> dict[str, Any]:
    """Do one verb to its end; its last line."""
    done = subprocess.run(
        command(queue, verb, url, *numbers), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S * 5, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{queue} {verb}: {done.stderr[-2_000:]}")
    return json.loads(done.stdout.splitlines()[-1])


class Worker:
    """A worker's process. It starts at `go`, tells how many jobs it has started, and answers at `end`."""

    def __init__(self, queue: str, url: str, log: Path) -> None:
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                command(queue, "work", url), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True
            )
        self._told: dict[str, Any] = {}
        self._news = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    @property
    def started(self) -> int:
        """How many jobs it has started so far."""
        return self._told.get("started", 0)

    def hear(self, word: str) -> Any:
        """Wait until it has said something about this."""
        with self._news:
            if not self._news.wait_for(lambda: word in self._told, PATIENCE_S):
                raise RuntimeError(f"{self.process.args} says nothing about {word}")
            return self._told[word]

    def say(self, word: str) -> None:
        """`go` or `end`."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[list[float], list[float]]:
        """When its first and its last job started, and after how long each."""
        self.say("end")
        return self.hear("starts"), self.hear("waits")

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self._reading.join()
        self.process.communicate()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self._told |= json.loads(line)
                self._news.notify_all()


@contextlib.contextmanager
def workers(queue: str, url: str, count: int, log: Path) -> Iterator[list[Worker]]:
    """So many, ready to go; ended with the block."""
    ready: list[Worker] = []
    try:
        ready += [Worker(queue, url, log) for _ in range(count)]
        for worker in ready:
            worker.hear("ready")
        yield ready
    finally:
        for worker in ready:
            worker.stop()


def drained(queue: str, url: str, jobs: int, log: Path, count: int = 1) -> float:
    """Jobs a second with so many workers, from the first start to the last; the queue holds `jobs` of them at least."""
    with workers(queue, url, count, log) as ready:
        for worker in ready:
            worker.say("go")
        wait_for(lambda: sum(worker.started for worker in ready) >= jobs)
        answers = [worker.end() for worker in ready]
    started = sum(len(waits) for _, waits in answers)  # by the last start: where more waits, more has begun since they were looked at
    spans = [starts for starts, _ in answers if starts]
    return started / (max(last for _, last in spans) - min(first for first, _ in spans))


async def as_served(work: Coroutine[Any, Any, T]) -> T:
    """Done on a loop of its own such as our server and worker run on, and those of the contest."""

    def run() -> T:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            return loop.run(work)

    return await asyncio.to_thread(run)


def wait_for(claim: Callable[[], bool]) -> None:
    """Until it holds; looked at a hundred times a second."""
    ends_at = time.monotonic() + PATIENCE_S
    while not claim():
        if time.monotonic() > ends_at:
            raise TimeoutError
        time.sleep(0.01)


def p(values: Sequence[float], percent: int) -> float:
    """A percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
