"""Our queue against those of others on one Postgres: draining, putting in, and how long a job waits for a worker of another process.

Every round asks all of them, in an order thrown by dice, and ratios are taken within a round: what the machine does meanwhile, it does
to everybody. How long jobs wait is measured of all of them before anybody drains: what a drain leaves to be written back and cleaned up
follows it, and ours drains ten times as many jobs in a round as any other.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pixelstudio.db.migrate import migrate
from tests.benchmarks.figures import Figure, median_of
from tests.benchmarks.queue.starting import ask, drained, p, wait_for, workers
from tests.benchmarks.queue.trace import LATE_S, Late, Trace, Weather, late_ones
from tests.faults.postgres import a_postgres

if TYPE_CHECKING:
    from pathlib import Path

PEERS = ("procrastinate", "pgqueuer", "saq")


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Peers that take one job at a time are given fewer, so that a round stays short."""

    rounds: int = 5
    one: int = 300
    crowd: int = 1_000
    filled: dict[str, int] = field(default_factory=lambda: {"ours": 12_000, "procrastinate": 500, "pgqueuer": 6_000, "saq": 500})
    paced: int = 1_000
    per_second: float = 100.0


@dataclass
class Scores:
    """What each round gave, by what was done and who did it."""

    kept: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    """Ours that began late, of all rounds."""

    def note(self, act: str, queue: str, value: float) -> None:
        self.kept.setdefault((act, queue), []).append(value)

    def of(self, act: str, queue: str) -> list[float]:
        return self.kept[act, queue]

    def best(self, act: str, *, smallest: bool = False) -> list[float]:
        """The best peer of each round."""
        return [(min if smallest else max)(values) for values in zip(*(self.of(act, peer) for peer in PEERS), strict=True)]

    def times_best(self, act: str, ours: str = "ours", against: str = "") -> list[float]:
        """Ours as a multiple of the best peer, round by round."""
        return [own / best for own, best in zip(self.of(act, ours), self.best(against or act), strict=True)]


async def measure(folder: Path) -> list[Figure]:
    """All rounds, and the bounds of the contest."""
    return await asyncio.to_thread(_measure, folder, Sizes())


def _measure(folder: Path, sizes: Sizes) -> list[Figure]:
    scores = Scores()
    with a_postgres(folder / "pg") as postgres:
        urls = {queue: database(postgres.url, queue) for queue in ("ours", *PEERS)}
        asyncio.run(migrate(urls["ours"]))
        for number in range(sizes.rounds):
            dice = random.Random(number)
            for part in (_wait_for_starts, _put_in_and_drain):
                for queue in dice.sample(sorted(urls), k=len(urls)):
                    part(scores, queue, urls[queue], sizes, folder / "log")
    return _figures(scores)


def database(server: str, name: str) -> str:
    """The address of a new, empty database on this server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.replace("/postgres?", f"/{name}?")


def _wait_for_starts(scores: Scores, queue: str, url: str, sizes: Sizes, log: Path) -> None:
    """In a queue that is empty. The weather is watched for everybody: looking costs, too."""
    trace = Trace(url)
    trace.path.unlink(missing_ok=True)
    with Weather.watched() as weather:
        waits = _waits("ours-traced" if queue == "ours" else queue, url, sizes, log)
    if queue == "ours":
        scores.late += late_ones(trace.lines(), weather)
    scores.note("p50", queue, p(waits, 50))
    scores.note("p99", queue, p(waits, 99))


def _put_in_and_drain(scores: Scores, queue: str, url: str, sizes: Sizes, log: Path) -> None:
    scores.note("one", queue, sizes.one / ask(queue, "one", url, sizes.one)["seconds"])
    scores.note("crowd", queue, sizes.crowd / ask(queue, "crowd", url, sizes.crowd)["seconds"])
    waiting = sizes.one + sizes.crowd + 2  # each of the two put one in before it was timed
    if queue == "ours":
        scores.note("one", "ours-with-row", sizes.one / ask("ours-with-row", "one", url, sizes.one)["seconds"])
        waiting += sizes.one + 1
    ask(queue, "fill", url, sizes.filled[queue])
    scores.note("drain", queue, drained(queue, url, waiting + sizes.filled[queue], log))
    if queue == "pgqueuer":
        ask(queue, "fill", url, sizes.filled[queue])
        scores.note("drain", "pgqueuer-unbounded", drained("pgqueuer-unbounded", url, sizes.filled[queue], log))
    if queue == "ours":
        _by_one_and_by_two(scores, url, sizes, log)


def _by_one_and_by_two(scores: Scores, url: str, sizes: Sizes, log: Path) -> None:
    """In pairs, either one first once: a single pair swings by more than there is between the two."""
    for pair in ((1, 2), (2, 1)):
        for count in pair:
            ask("ours", "fill", url, sizes.filled["ours"])
            scores.note(f"drain by {count} in turn", "ours", drained("ours", url, sizes.filled["ours"], log, count=count))


def _waits(queue: str, url: str, sizes: Sizes, log: Path) -> list[float]:
    """From the call that puts a job in to its start in another process, in ms, at a steady rate."""
    with workers(queue, url, 1, log) as (worker,):
        worker.say("go")
        ask(queue, "paced", url, sizes.paced, sizes.per_second)
        wait_for(lambda: worker.started >= sizes.paced + 1)
        _, waits = worker.end()
    return [1_000 * wait for wait in waits[1:]]


def _figures(scores: Scores) -> list[Figure]:
    pairs = zip(scores.of("drain by 2 in turn", "ours"), scores.of("drain by 1 in turn", "ours"), strict=True)
    two = [both / alone for both, alone in pairs]
    not_above = sum(own <= best for own, best in zip(scores.of("p99", "ours"), scores.best("p99", smallest=True), strict=True))
    for late in scores.late:
        print(f"An outlier of ours, {late}")
    told = [
        Figure(f"{act}, {queue}", round(statistics.median(values), 1), "ms" if act in {"p50", "p99"} else "/s")
        for (act, queue), values in sorted(scores.kept.items())
    ]
    return [
        *told,
        median_of("drain by one worker, times the best peer", scores.times_best("drain"), "x", 2.5, at_least=True),
        median_of("drain by two workers, times one", two, "x", 0.9, at_least=True),
        median_of("50 callers, times the best peer", scores.times_best("crowd"), "x", 4.0, at_least=True),
        median_of(
            "enqueue with a row, times the best peer without",
            scores.times_best("one", "ours-with-row", against="one"),
            "x",
            0.7,
            at_least=True,
        ),
        Figure(f"starts of ours after more than {1_000 * LATE_S:.0f} ms, each with its cause above", len(scores.late), ""),
        Figure("rounds of five in which no peer's p99 was better", not_above, "", 3, at_least=True),
    ]
