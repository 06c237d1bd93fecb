"""Work: how much of it is done at a time, how long it may wait, and how much of it is remembered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

from pixelstudio.core.limits import DONE_JOBS_KEPT, DRAIN_S, FAILED_JOBS_KEPT, WAIT_OBJECTIVE_S, WAITING_JOBS_MAX, WAITING_JOBS_PER_PERSON


class Work(BaseSettings, title="Work"):
    worker_concurrency: int = Field(
        0,
        ge=0,
        le=256,
        description="Jobs one worker process runs at a time; 0 means four, and all that paid providers may draw beside them.",
    )
    worker_drain_s: Annotated[
        float, Field(ge=0, le=600, description="Seconds a worker told to stop waits for pictures it has asked a paid provider for.")
    ] = DRAIN_S
    child_processes: int = Field(2, ge=1, le=16, description="Child processes that draw and decode pictures.")
    lease_s: Annotated[float, Field(gt=0, le=300, description="Seconds after which a silent worker's job is given to another.")] = 10.0
    waiting_jobs_per_person: int = Field(
        WAITING_JOBS_PER_PERSON, ge=1, le=100_000, description="Pictures one person may have on their way at a time."
    )
    waiting_jobs_max: int = Field(
        WAITING_JOBS_MAX, ge=1, le=1_000_000, description="Jobs that may wait in all; whoever asks for more is told to come back."
    )
    wait_objective_s: Annotated[
        float,
        Field(gt=0, le=86_400, description="Seconds nobody should wait in line longer; when somebody does, the log and /admin say so."),
    ] = WAIT_OBJECTIVE_S
    done_jobs_keep: int = Field(
        DONE_JOBS_KEPT, ge=1, le=100_000, description="Jobs that came out well which the queue remembers of one person, the newest."
    )
    failed_jobs_keep: int = Field(
        FAILED_JOBS_KEPT, ge=1, le=100_000, description="Jobs that failed or were called off which the queue remembers of one person."
    )
    finished_jobs_keep_days: int = Field(30, ge=1, le=3_650, description="Days the queue remembers jobs that have ended.")
