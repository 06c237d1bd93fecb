"""Why a job waited long for its start in another process: what its time went into, and what the machine was short of meanwhile.

The caller notes when a job was committed; the worker when it heard a ring, from when till when it took jobs, and when each began. How long
somebody waited for a core or for the disk is kept by Linux (`/proc/pressure`) and looked at by who measures, beside both.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy.engine import make_url

from pixelstudio.jobs.pump import Pump
from pixelstudio.jobs.rings import JOBS_CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pixelstudio.db.engine import Database

LATE_S = 0.02
"""A start after more than this is an outlier, and has its cause named."""
LOOKED_EVERY_S = 0.005
PRESSURES = {"a core": Path("/proc/pressure/cpu"), "the disk": Path("/proc/pressure/io")}


class Trace:
    """A file beside the Postgres at `url` into which the processes that take part write what they did, and when, once they have done it:
    written meanwhile, it would itself be what a job waits for.
    """

    def __init__(self, url: str) -> None:
        host = make_url(url).query["host"]
        assert isinstance(host, str)
        self.path = Path(host).with_suffix(".trace")
        self._noted: list[tuple[str, *tuple[float, ...]]] = []

    def note(self, what: str, *moments: float) -> None:
        """Keep one line."""
        self._noted.append((what, *moments))

    def write(self) -> None:
        """Put what was noted into the file, after what others have put there."""
        lines, self._noted = [f"{json.dumps(line)}\n" for line in self._noted], []
        with self.path.open("a") as file:
            file.writelines(lines)

    def attend(self, db: Database) -> None:
        """Note every ring that this process hears, and every time its pump asks for jobs."""
        take = Pump.take

        async def noted(self: Pump, lane: str) -> bool:
            begun = time.time()
            try:
                return await take(self, lane)
            finally:
                trace.note("took", begun, time.time())

        trace, Pump.take = self, noted
        db.doorbell.on(JOBS_CHANNEL, lambda _: self.note("rang", time.time()))

    def lines(self) -> dict[str, list[list[float]]]:
        """What was written, by kind, in order of time."""
        found: defaultdict[str, list[list[float]]] = defaultdict(list)
        for line in self.path.read_text().splitlines():
            what, *moments = json.loads(line)
            found[what].append(moments)
        return {what: sorted(moments) for what, moments in found.items()}


class Weather:
    """How long, in seconds, somebody on this machine has waited for each of `PRESSURES` since it was started, at many moments."""

    def __init__(self) -> None:
        self.looks: list[tuple[float, dict[str, float]]] = []
        self._is_over = threading.Event()

    @classmethod
    @contextlib.contextmanager
    def watched(cls) -> Iterator[Self]:
        """Look on for the length of the block."""
        weather = cls()
        looking = threading.Thread(target=weather._look)
        looking.start()
        try:
            yield weather
        finally:
            weather._is_over.set()
            looking.join()

    def between(self, begun: float, ended: float) -> dict[str, float]:
        """For how many seconds of this span somebody waited; empty where the system keeps no such record."""
        moments = [moment for moment, _ in self.looks]
        first = self.looks[max(0, bisect.bisect_right(moments, begun) - 1)][1]
        last = self.looks[min(len(moments) - 1, bisect.bisect_left(moments, ended))][1]
        return {what: last[what] - first[what] for what in last}

    def _look(self) -> None:
        while True:
            self.looks.append((time.time(), {what: waited_s(path) for what, path in PRESSURES.items() if path.exists()}))
            if self._is_over.wait(LOOKED_EVERY_S):
                return


def waited_s(path: Path) -> float:
    """The total of such a record: how long at least one task has waited."""
    some = path.read_text().splitlines()[0]
    return int(some.rpartition("total=")[2]) / 1e6


@dataclass(frozen=True)
class Late:
    """A job that began late: the steps of its wait and what the machine was short of meanwhile, in seconds."""

    steps: Mapping[str, float]
    short_of: Mapping[str, float]

    @property
    def total_s(self) -> float:
        return sum(self.steps.values())

    @property
    def cause(self) -> str:
        """What most of its time went into: what the machine was short of for half of it, or else its longest step."""
        lacking = max(self.short_of, key=self.short_of.__getitem__, default=None)
        if lacking is not None and self.short_of[lacking] >= self.total_s / 2:
            return f"{lacking} was waited for"
        return f"the wait until {max(self.steps, key=self.steps.__getitem__)}"

    def __str__(self) -> str:
        steps = ", ".join(f"{1_000 * span:.0f} until {step}" for step, span in self.steps.items())
        short_of = ", ".join(f"{1_000 * span:.0f} for {what}" for what, span in self.short_of.items())
        return f"{1_000 * self.total_s:.0f} ms: {self.cause} ({steps}; somebody waited {short_of or 'for nobody knows what'})"


def late_ones(lines: Mapping[str, Sequence[list[float]]], weather: Weather) -> list[Late]:
    """Every job that began later than `LATE_S` after it was put in, in the order in which they came."""
    committed = {put[0]: put[1] for put in lines["put"]}
    return [
        Late(_steps(moment, committed.get(moment, began), began, lines), weather.between(moment, began))
        for moment, began in lines["began"]
        if began - moment > LATE_S
    ]


def _steps(moment: float, committed: float, began: float, lines: Mapping[str, Sequence[list[float]]]) -> dict[str, float]:
    """Each step is counted from the end of the one before; what overlaps took no time."""
    taken = max((took for took in lines["took"] if took[0] <= began), default=[began, began])  # it may begin before the take has returned
    heard = min((at for (at,) in lines["rang"] if at >= committed), default=began)
    ends = {"it was committed": committed, "the worker heard of it": heard, "it looked for jobs": taken[0], "it had them": taken[1]}
    return dict(_spans({**{step: min(end, began) for step, end in ends.items()}, "it began": began}.items(), moment))


def _spans(ends: Iterable[tuple[str, float]], since: float) -> Iterator[tuple[str, float]]:
    for step, end in ends:
        yield step, max(0.0, end - since)
        since = max(since, end)
