"""One attempt at one job in this process: run it, stop it when told, and see it to the right end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pixelstudio.core.failpoints import failpoint
from pixelstudio.core.limits import LEASE_S
from pixelstudio.core.log import get_logger, speak_about
from pixelstudio.db.outages import DatabaseAway
from pixelstudio.jobs import claim, lanes, parking
from pixelstudio.jobs.calls import new_call, open_call
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.errors import Away, CalledOff, GiveUp, LeaseLost, SlowDown
from pixelstudio.jobs.job import Mark
from pixelstudio.jobs.kind import Cancelled, Done, Failed, JobContext, Outcome, Park, Unknown, resumes, settles
from pixelstudio.jobs.retry import ANSWER_LOST, Backoff, End, TimedOut, TryAgain, judge
from pixelstudio.jobs.rings import JOBS_CHANNEL, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.calls import Call
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind, ParkingKind
    from pixelstudio.jobs.progress import ProgressBoard

# A server that restarts is back within seconds, and the lease is kept meanwhile: what was drawn need not be drawn again.
COMMIT_AGAIN_AFTER_S = (0.1, 0.5, 2.0)


EndedAs: TypeAlias = Literal["done", "failed", "cancelled", "unknown", "retried", "given_back", "overtaken", "unsettled"]
_ENDED_AS: Final[dict[type[Outcome], EndedAs]] = {Done: "done", Failed: "failed", Cancelled: "cancelled", Unknown: "unknown"}


class Interruption(Enum):
    """Why an attempt is stopped from outside."""

    UNWANTED = "unwanted"
    LEASE_LOST = "lease_lost"
    STOPPING = "stopping"
    CROWDED = "crowded"
    """It waits in hand for a place that does not become free."""
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every attempt of a worker needs. `finish_plain` takes a finished job of a plain kind for the next pump cycle."""

    db: Database
    kinds: Mapping[str, AnyKind]
    progress: ProgressBoard
    backoff: Backoff
    finish_plain: Callable[[Job], None]


class Attempt:
    """A job in hand. The task is the runner's; `interrupt` stops the work, never the settling that follows it."""

    def __init__(self, job: Job, desk: Desk) -> None:
        self.job = job
        self.task: asyncio.Task[None] | None = None
        """Which carries it, once it is to begin; told by whoever starts it, since asking for the current one is done in Python."""
        self.begun = self.due = 0.0
        """When that was, and when its time is up, by the loop's clock."""
        self.retried_in_s: float | None = None
        self.ended_as: EndedAs = "unsettled"
        self._kind = desk.kinds.get(job.kind)
        self._desk = desk
        self._sql = STATEMENTS[desk.db.dialect]
        self._interruption: Interruption | None = None
        self._working: asyncio.Task[None] | None = None
        self._over = False
        self._mark = job.mark
        self._went_well = False

    @property
    def timeout_s(self) -> float:
        """How long the work may take, before it is interrupted as `TIMED_OUT`. What nobody knows to do ends at once."""
        return self.job.timeout_s or (self._kind.timeout_s if self._kind else LEASE_S)

    @property
    def went_well(self) -> bool:
        """Whether the work brought what it should."""
        return self._went_well

    @property
    def was_sent(self) -> bool:
        """Whether bytes may have left for somebody who charges."""
        return self._mark is not Mark.UNSENT

    @property
    def is_interrupted(self) -> bool:
        """Whether it was told to stop before it came to its end."""
        return self._interruption is not None

    def interrupt(self, why: Interruption) -> None:
        """Stop the work now; what has already come to its end is settled as it came out. What was sent is past cancelling."""
        if self._interruption is not None or self._over or (self.was_sent and why is Interruption.UNWANTED):
            return
        self._interruption = why
        if self._working is not None:
            self._working.cancel()

    def speak(self) -> None:
        """From here on this task speaks about its job."""
        job = self.job
        speak_about(job_id=job.id, job_kind=job.kind, lane=job.lane, attempt=job.attempt)

    async def run(self) -> None:
        """Work and settle. Never raises for the job's sake: what goes wrong here is left to the lease."""
        job = self.job
        self._desk.progress.begin(job.id, job.batch_id, job.user_id)
        try:
            await self._run()
        except LeaseLost:
            self.ended_as = "overtaken"
            get_logger().warning("job.overtaken")
        except Exception:  # noqa: BLE001  # the job runner is one of the four edges
            get_logger().exception("job.not_settled")
        finally:
            self._desk.progress.end(job.id)

    async def _run(self) -> None:
        try:
            result = await self._work()
        except LeaseLost:
            raise
        except CalledOff:
            await self._end(Cancelled())
        except asyncio.CancelledError as error:
            await self._interrupted(error)
        except Exception as error:  # noqa: BLE001  # the job runner is one of the four edges
            await self._went_wrong(error)
        else:
            await self._came_out(result)

    async def _work(self) -> object:
        if self._kind is None:
            raise GiveUp("This release does not know this kind of job.", code="kind_unknown")
        if self._interruption is not None:
            raise asyncio.CancelledError
        self._working = self.task
        try:
            return await self._run_or_resume(self._kind)
        finally:
            self._working = None
            self._over = True

    def _run_or_resume(self, kind: AnyKind) -> Awaitable[object]:
        context = JobContext(self.job, self._report, self._call_to, self._mark_sent)
        return self._resume(kind, context) if self.was_sent and resumes(kind) else kind.run(context)

    async def _resume(self, kind: ParkingKind, context: JobContext) -> object:
        return await kind.resume(context, await self._desk.db.script(parking.take_up(self._desk.db.dialect, self.job.id)))

    async def _interrupted(self, error: asyncio.CancelledError) -> None:
        task = asyncio.current_task()
        asked = task.uncancel() + 1 if task is not None and task.cancelling() else 0
        match self._interruption:
            case None if asked:
                raise error  # this process's own end, not ours: the lease decides
            case None:  # something the job waited for was cancelled; nobody asked the job itself to stop
                await self._went_wrong(RuntimeError("a cancelled wait inside the job"))
            case Interruption.TIMED_OUT:
                await self._went_wrong(TimedOut(self.timeout_s))
            case Interruption.UNWANTED:
                await self._end(Cancelled())
            case Interruption.STOPPING if self._mark is Mark.SENT:
                await self._end(ANSWER_LOST, "lost")
            case Interruption.STOPPING | Interruption.CROWDED:
                script = claim.give_back(self._sql, job=self.job, now=self._desk.db.clock.epoch())
                await self._parted(await self._desk.db.script(script), "given_back")
            case Interruption.LEASE_LOST:
                raise LeaseLost

    async def _came_out(self, result: object) -> None:
        if isinstance(result, Park):
            await self._park(result)
            return
        self._went_well = True
        if not settles(self._kind) and not self.was_sent:
            self._desk.finish_plain(self.job)
            self.ended_as = "done"
            return
        try:
            await self._end(Done(result))
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  # the job runner is one of the four edges
            get_logger().exception("job.end_refused")
            await self._went_wrong(error)

    async def _park(self, until: Park) -> None:
        if not self.was_sent:
            await self._went_wrong(RuntimeError("a job was parked that has called nobody"))
            return
        failpoint("before_park")
        script = parking.park(self._desk.db.dialect, self.job, until, self._desk.db.clock.epoch())
        match await self._desk.db.script(script):
            case "parked":
                self.retried_in_s = until.poll_in_s
            case "delivered":
                self._ring()
            case "lost":
                raise LeaseLost

    async def _went_wrong(self, error: Exception) -> None:
        spared_for_s = await self._tell_lane(error)
        verdict = judge(self.job, error, self._desk.backoff, self._mark, spared_for_s=spared_for_s)
        match verdict:
            case End(outcome, remembered_as):
                get_logger().warning(
                    "job.unknown" if isinstance(outcome, Unknown) else "job.failed",
                    code=outcome.code,
                    exc_info=error if outcome.code == "unexpected" or outcome is ANSWER_LOST else None,
                )
                await self._end(outcome, remembered_as)
            case TryAgain():
                get_logger().info(
                    "job.retried",
                    code=verdict.code,
                    delay_s=round(verdict.delay_s, 2),
                    exc_info=error if verdict.code == "unexpected" else None,
                )
                await self._put_down(verdict)

    async def _tell_lane(self, error: Exception) -> float | None:
        """What its provider said concerns everybody in the lane. Answers for how long this job is spared, if it is."""
        now = self._desk.db.clock.epoch()
        match error:
            case SlowDown(after_s=after_s):
                pause_s = self._desk.backoff.delay_s(self.job.attempt) if after_s is None else after_s
                await self._desk.db.script(lanes.throttled(self._sql, job=self.job, pause_s=pause_s, now=now))
            case Away():
                return await self._desk.db.script(lanes.failed(self._sql, job=self.job, now=now))
            case _:
                pass
        return None

    async def _put_down(self, again: TryAgain) -> None:
        self.retried_in_s = again.delay_s
        script = claim.retry(self._sql, job=self.job, again=again, now=self._desk.db.clock.epoch())
        await self._parted(await self._desk.db.script(script), "retried")

    async def _parted(self, parting: claim.Parting, moved: EndedAs) -> None:
        match parting:
            case "moved":
                self.ended_as = moved
                if moved == "given_back":
                    self._ring()
            case "lost":
                raise LeaseLost
            case "unwanted":
                await self._end(Cancelled())

    def _ring(self) -> None:
        self._desk.db.bus.publish(JobsWaiting(lanes=(self.job.lane,)))
        self._desk.db.doorbell.ring(JOBS_CHANNEL, [self.job.lane])

    async def _end(self, outcome: Outcome, remembered_as: str = "failed") -> None:
        await self._commit_end(outcome, remembered_as)
        self.ended_as = _ENDED_AS[type(outcome)]

    async def _commit_end(self, outcome: Outcome, remembered_as: str) -> None:
        for wait_s in COMMIT_AGAIN_AFTER_S:
            try:
                return await end_held(self._desk.db, self.job, self._desk.kinds, outcome, remembered_as)
            except DatabaseAway as error:
                # Whether that commit came through is settled by the fence: if it did, the next try moves nothing.
                get_logger().warning("job.commit_again", code=error.code)
                await asyncio.sleep(wait_s)
        return await end_held(self._desk.db, self.job, self._desk.kinds, outcome, remembered_as)

    def _report(self, step: int, steps: int, preview: bytes | None) -> None:
        self._desk.progress.update(self.job.id, step, steps, preview)

    async def _call_to(self, provider: str, cost: int, is_traceable: bool) -> Call:
        if self.was_sent:
            async with self._desk.db.reader() as reader:
                begun = await open_call(reader, self.job.id)
            if begun is not None:
                return begun
        return new_call(provider, cost=cost, is_traceable=is_traceable)

    async def _mark_sent(self, call: Call) -> None:
        script = claim.mark_sent(self._sql, job=self.job, call=call, now=self._desk.db.clock.epoch())
        match await self._desk.db.script(script):
            case "moved":
                self._mark = call.mark
                failpoint("after_mark")
            case "unwanted":
                self._interruption = Interruption.UNWANTED
                raise asyncio.CancelledError
            case "lost":
                raise LeaseLost
