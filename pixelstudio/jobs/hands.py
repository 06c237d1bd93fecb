"""The free hands of this process: where nobody stands before it, a job is begun in the very commit that puts it in.

One commit instead of two, and nobody has to be woken. The row says "running" with a lease from the start, so a crash between the commit
and the first step is like any other crash of a worker: the lease ends, and somebody takes the job up again. The lane's gate is asked
under its lock, as by the claim; whoever finds it locked, or anybody ready before it, goes the ordinary way. What is begun in an idle lane
keeps nobody waiting, so it takes nothing of its owner's share.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pixelstudio.jobs.claim import count
from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.gate import Gate
from pixelstudio.jobs.statements import STATEMENTS, Statements

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pixelstudio.db.script import Script
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.jobs.job import Job


class Worker(Protocol):
    """What a runner lends."""

    worker_id: str

    @property
    def lease_s(self) -> float:
        """How long it holds a job without a sign of life."""
        ...

    def reserve(self, lane: str, wanted: int) -> int:
        """Keep at most `wanted` of its free places for jobs of a lane in which nobody waits, as far as it knows; says how many."""
        ...

    def release(self, lane: str, places: int) -> None:
        """Use them for something else."""
        ...

    def begin(self, jobs: Sequence[Job]) -> None:
        """Start jobs on as many kept places; their rows say that this worker runs them."""
        ...


@dataclass(frozen=True, slots=True)
class Grip:
    """Places kept by a worker, and let through by the lane's gate, for jobs that begin `at` this moment of the queue."""

    worker: Worker
    lane: str
    places: int
    at: float

    def begin(self, jobs: Sequence[Job]) -> None:
        """After the commit."""
        self.worker.begin(jobs)

    def let_go(self) -> None:
        """After a rollback."""
        self.worker.release(self.lane, self.places)


class Hands:
    """The worker of this process, while there is one."""

    def __init__(self) -> None:
        self._worker: Worker | None = None

    @contextlib.contextmanager
    def lent_by(self, worker: Worker) -> Generator[None]:
        """While the block runs, jobs may be begun by this worker."""
        self._worker = worker
        try:
            yield
        finally:
            self._worker = None

    async def grasp(self, tx: Transaction, lane: str, wanted: int) -> Grip | None:
        """Places for at most `wanted` jobs that `tx` puts into `lane`; None when they have to stand in line. Released with a rollback."""
        worker = self._worker
        kept = worker.reserve(lane, wanted) if worker else 0
        if worker is None or not kept:
            return None
        try:
            places, at = await tx.script(_knock(STATEMENTS[tx.dialect], lane, kept, epoch(tx)))
        except BaseException:
            worker.release(lane, kept)
            raise
        worker.release(lane, kept - places)
        grip = Grip(worker, lane, places, at)
        tx.after_rollback(grip.let_go)
        return grip if places else None


def _knock(sql: Statements, lane: str, wanted: int, now: float) -> Script[tuple[int, float]]:
    rows = yield sql.try_lane, {"lane": lane}
    if not rows:
        return 0, now
    before = Gate(*rows[0])
    crowd = yield from count(sql, lane, before, now)
    places = 0 if crowd.classes or before.breaker != "closed" else min(wanted, crowd.room)
    after = crowd.gate.passed(range(places), crowd.at)
    if after != before:
        yield sql.move_gate, {"lane": lane, **after.values()}
    return places, crowd.at
