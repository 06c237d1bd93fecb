"""What a kind of job declares: how it runs, and what is settled when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Done:
    """It ran; `result` is whatever `run` returned and lives only until `ended` has seen it."""

    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not run again."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody did not want it any more."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was sent to somebody who charges, and nobody can say what became of it: it does not run again, and is decided later."""

    code: str
    sentence: str


Outcome: TypeAlias = Done | Failed | Cancelled | Unknown


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a running job is handed. Cancellation arrives as `asyncio.CancelledError`; let it pass."""

    job: Job
    report: Callable[[int, int, bytes | None], None]
    mark: Callable[[], Awaitable[None]]

    async def progress(self, step: int, steps: int, preview: bytes | None = None) -> None:
        """Say how far the drawing is; `preview` is an encoded picture, None keeps the last one. Never a fact, only the latest counts."""
        self.report(step, steps, preview)

    async def mark_sent(self) -> None:
        """Commit, before bytes leave for somebody who charges, that they may have left. Raises `LeaseLost`: then do not send."""
        await self.mark()


class PlainKind(Protocol):
    """A kind on which nothing hangs: finished jobs are written in bulk, a pump cycle at a time.

    Set `timeout_s` (seconds of one attempt) and `max_attempts`; a job may carry its own.
    """

    name: str
    timeout_s: float
    max_attempts: int

    async def run(self, context: JobContext) -> object:
        """Do the work, holding no transaction while waiting. Must be safe to run again from the start."""
        ...


class JobKind(PlainKind, Protocol):
    """A kind that settles something (credits, rows, facts) in the very commit that ends the job."""

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        """Called once, in the job's last transaction, for *every* end: done, failed, refused, cancelled, timed out, given up.

        `Unknown` is no end yet: whatever is held stays held, and this is called again when the job is decided.
        Raising rolls the end back; the job is then tried again, or left to its lease.
        """
        ...


AnyKind: TypeAlias = PlainKind | JobKind


def settles(kind: AnyKind | None) -> TypeGuard[JobKind]:
    """Whether something hangs on jobs of this kind. Asked twice for each job, and `isinstance` of a protocol costs more than the rest."""
    return hasattr(kind, "ended")
