"""How far running jobs are: the latest step and preview of each, in memory; never a fact, only the latest counts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixelstudio.jobs.rings import JobMoved, JobProgressed

if TYPE_CHECKING:
    from pixelstudio.core.events import Bus

TELL_EVERY_S = 0.1
LINGER_S = 5.0
"""How long the last preview can still be fetched after the job ended: a browser may be on its way for it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` of `steps`; `preview` is an encoded picture or None while there is none; `number` grows with every update."""

    step: int
    steps: int
    preview: bytes | None
    number: int


@dataclass(slots=True)
class _Entry:
    batch_id: str | None
    audience: str | None
    progress: Progress | None = None
    told_at: float = float("-inf")
    tell_later: asyncio.TimerHandle | None = None


class ProgressBoard:
    """The latest step of every job running here, or, in a process without a worker, of those somebody here watches."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._entries: dict[int, _Entry] = {}
        self._changed: set[int] | None = None

    def begin(self, job_id: int, batch_id: str | None, audience: str | None) -> None:
        """A job starts an attempt: what an earlier attempt showed is gone. Listeners hear of it: a first step may be long in coming."""
        if job_id in self._entries:
            self._drop(job_id)
        entry = self._entries[job_id] = _Entry(batch_id, audience)
        self._moved(job_id, entry)

    def update(self, job_id: int, step: int, steps: int, preview: bytes | None = None) -> None:
        """Note a step; None keeps the last preview. Listeners hear of it at once, then at most ten times a second."""
        entry = self._entries.get(job_id)
        if entry is None:
            return
        last = entry.progress
        entry.progress = Progress(step, steps, preview or (last.preview if last else None), last.number + 1 if last else 1)
        if self._changed is not None:
            self._changed.add(job_id)
        self._tell(job_id, entry)

    def get(self, job_id: int) -> Progress | None:
        """The latest step of a job; None before its first and some seconds after its end."""
        entry = self._entries.get(job_id)
        return entry.progress if entry else None

    def end(self, job_id: int) -> None:
        """The attempt is over, and listeners hear of it; the last preview stays for a few seconds."""
        entry = self._entries.get(job_id)
        if entry is None:
            return
        self._moved(job_id, entry)
        if entry.progress is None:  # nothing was seen of it that somebody could be on the way for
            del self._entries[job_id]
        else:
            asyncio.get_running_loop().call_later(LINGER_S, self._forget, job_id, entry)

    def collect_changes(self) -> None:
        """From now on remember which jobs went on, for `take_changes`: used where progress is written for another process."""
        self._changed = set()

    def take_changes(self) -> set[int]:
        """The jobs that began, went on or ended since the last call."""
        taken, self._changed = self._changed or set(), set()
        return taken

    def _moved(self, job_id: int, entry: _Entry) -> None:
        if self._changed is not None:
            self._changed.add(job_id)
        if entry.audience and self._bus.has_listeners(f"user:{entry.audience}"):
            self._bus.publish(JobMoved(job_id=job_id, batch_id=entry.batch_id, audience=entry.audience))

    def _tell(self, job_id: int, entry: _Entry) -> None:
        if entry.tell_later is not None:
            return
        loop = asyncio.get_running_loop()
        wait_s = entry.told_at + TELL_EVERY_S - loop.time()
        if wait_s > 0:
            entry.tell_later = loop.call_later(wait_s, self._tell_now, job_id, entry)
        else:
            self._tell_now(job_id, entry)

    def _tell_now(self, job_id: int, entry: _Entry) -> None:
        entry.tell_later = None
        entry.told_at = asyncio.get_running_loop().time()
        self._bus.publish(JobProgressed(job_id=job_id, batch_id=entry.batch_id, audience=entry.audience))

    def _forget(self, job_id: int, entry: _Entry) -> None:
        if self._entries.get(job_id) is entry:
            self._drop(job_id)

    def _drop(self, job_id: int) -> None:
        entry = self._entries.pop(job_id, None)
        if entry is not None and entry.tell_later is not None:
            entry.tell_later.cancel()
