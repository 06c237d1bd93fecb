"""Rings within a process: there may be something to take, somebody wants jobs stopped, a drawing went on. Never facts, never recorded."""

from __future__ import annotations

from dataclasses import dataclass

from pixelstudio.core.events import Event

JOBS_TOPIC = "jobs"
JOBS_CHANNEL = "jobs"
"""The doorbell's channel: whoever hears it looks at the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsWaiting(Event):
    """Jobs were put into these lanes; `later` when some of them are not due yet."""

    name = "jobs.waiting"
    lanes: tuple[str, ...] = ()
    later: bool = False

    def topics(self) -> tuple[str, ...]:
        return (JOBS_TOPIC,)

    def hints(self) -> tuple[str, ...]:
        return () if self.later else self.lanes


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsUnwanted(Event):
    """Somebody cancelled these running jobs; none named means: look which."""

    name = "jobs.unwanted"
    job_ids: tuple[int, ...] = ()

    def topics(self) -> tuple[str, ...]:
        return (JOBS_TOPIC,)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMoved(Event):
    """An attempt at a job began or was put down, perhaps to be taken up again: where the job stands is in the queue."""

    name = "job.moved"
    job_id: int
    batch_id: str | None
    audience: str | None

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.audience}",) if self.audience else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgressed(Event):
    """A job went a step further; what it shows is on the `ProgressBoard`."""

    name = "job.progressed"
    job_id: int
    batch_id: str | None
    audience: str | None

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.audience}",) if self.audience else ()
