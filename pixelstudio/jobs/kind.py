"""What a kind of job declares: how it runs, and what is settled when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pixelstudio.db.transaction import Transaction
    from pixelstudio.jobs.calls import Call
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


Ended: TypeAlias = Done | Failed | Cancelled
Outcome: TypeAlias = Ended | Unknown


@dataclass(frozen=True, slots=True)
class Park:
    """What a run returns to go on later, without a worker meanwhile: when a delivery comes for its call, or after `poll_in_s`.

    `external_id` is the provider's own name for the call, once it has given one.
    """

    poll_in_s: float
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What somebody brought for a parked job. `received` is an epoch of the queue."""

    delivery_id: str
    body: str
    received: float


class JobContext(NamedTuple):
    """What a running job is handed. Cancellation arrives as `asyncio.CancelledError`; let it pass.

    A tuple because each job is handed one: a frozen dataclass takes twice as long to make.
    """

    job: Job
    report: Callable[[int, int, bytes | None], None]
    find_call: Callable[[str, int, bool], Awaitable[Call]]
    mark: Callable[[Call], Awaitable[None]]

    async def progress(self, step: int, steps: int, preview: bytes | None = None) -> None:
        """Say how far the drawing is; `preview` is an encoded picture, None keeps the last one. Never a fact, only the latest counts."""
        self.report(step, steps, preview)

    async def call_to(self, provider: str, *, cost: int = 0, is_traceable: bool = False) -> Call:
        """The call an earlier attempt began and nobody knows the end of, or else a new one, which is nowhere written yet.

        `cost` is what is at stake, in credits. A call `is_traceable` when it can be asked after, or made again under its key, without
        being charged twice: only then the job is taken up again after a crash.
        """
        return await self.find_call(provider, cost, is_traceable)

    async def mark_sent(self, call: Call) -> None:
        """Commit, before the bytes of `call` leave, that they may have left. Raises `LeaseLost`: then do not send."""
        await self.mark(call)


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


class ParkingKind(JobKind, Protocol):
    """A kind whose jobs may be taken up again after they were sent: parked by a `Park` that `run` returned, or left by a crash."""

    async def resume(self, context: JobContext, delivery: Delivery | None) -> object:
        """Go on with a job whose call was sent. `delivery` None: nothing came, so ask. May park again; must be safe to repeat."""
        ...


class RecallingKind(JobKind, Protocol):
    """A kind that knows whom to ask when what was sent is called off."""

    async def recall(self, tx: Transaction, job: Job) -> bool:
        """Called once, in the transaction in which a sent job is called off: put in a job that asks for it to be stopped.

        False when nobody can be asked; then it goes on to its end. Whether it was stopped is heard when the job itself asks next.
        """
        ...


AnyKind: TypeAlias = PlainKind | JobKind


def settles(kind: AnyKind | None) -> TypeGuard[JobKind]:
    """Whether something hangs on jobs of this kind. Asked twice for each job, and `isinstance` of a protocol costs more than the rest."""
    return hasattr(kind, "ended")


def resumes(kind: AnyKind) -> TypeGuard[ParkingKind]:
    """Whether its jobs may be taken up again after they were sent."""
    return hasattr(kind, "resume")


def recalls(kind: AnyKind | None) -> TypeGuard[RecallingKind]:
    """Whether what was sent of its jobs may be called back."""
    return hasattr(kind, "recall")
