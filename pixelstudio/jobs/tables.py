"""The queue's rows: narrow and hot in `q_job`, what is written once beside it."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Text, text
from sqlmodel import Field

from pixelstudio.db.columns import BigId, Table


class LaneRow(Table, table=True):
    """A lane's limits and how it is doing. The claim locks this row first, so limits are exact across workers."""

    __tablename__ = "q_lane"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__: ClassVar[dict[str, object]] = {"postgresql_with": {"fillfactor": 50}}

    id: str = Field(sa_column=Column(Text, primary_key=True))
    max_inflight: int
    rate: float | None = None
    """Jobs begun a second at present, at most `declared_rate`; None: as many as there is room for."""
    declared_rate: float | None = None
    burst: float = 1.0
    tokens: float = 0.0
    refilled: float = 0.0
    throttled_at: float = 0.0
    """When the rate was halved last: what began before that tells nothing new by being refused."""
    paused_until: float = 0.0
    pause_reason: str | None = Field(default=None, sa_column=Column(Text))
    """throttled | breaker | maintainer"""
    breaker_after: int = 0
    """So many failures in a row open the breaker; 0: this lane has none."""
    failures: int = 0
    breaker: str = Field(default="closed", sa_column=Column(Text, nullable=False))
    """closed | open | half_open"""
    breaker_since: float | None = None
    probe: int | None = Field(default=None, sa_column=Column(BigId))
    """The job by whose end a half-open breaker is decided."""
    held_since: float = 0.0
    """No held job of this lane was claimed before: from here on they are counted."""


class ClassRow(Table, table=True):
    """The virtual time of one priority class of a lane: no job that is ready there finishes before it."""

    __tablename__ = "q_class"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar[dict[str, object]] = {"postgresql_with": {"fillfactor": 50}}

    lane: str = Field(sa_column=Column(Text, primary_key=True))
    prio: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    vtime: float


class FlowRow(Table, table=True):
    """Where the last job of one person stands in a class of a lane, in virtual time."""

    __tablename__ = "q_flow"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar[dict[str, object]] = {"postgresql_with": {"fillfactor": 50}}

    lane: str = Field(sa_column=Column(Text, primary_key=True))
    prio: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    last_vft: float
    weight: float


class JobRow(Table, table=True):
    """One job. A beat touches no index (HOT on Postgres); every index is partial, so finished jobs weigh nothing."""

    __tablename__ = "q_job"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar[tuple[object, ...]] = (
        Index("q_ready", "lane", "prio", "vft", "id", sqlite_where=text("state=2"), postgresql_where=text("state=2")),
        Index("q_held", "lane", "started", sqlite_where=text("state IN (3,4)"), postgresql_where=text("state IN (3,4)")),
        Index("q_due", "run_at", sqlite_where=text("state=1"), postgresql_where=text("state=1")),
        Index("q_unknown", "finished", sqlite_where=text("state=8"), postgresql_where=text("state=8")),
        Index("q_batch", "batch_id", sqlite_where=text("batch_id IS NOT NULL"), postgresql_where=text("batch_id IS NOT NULL")),
        {
            "postgresql_with": {"fillfactor": 85, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_cost_delay": 0},
            "sqlite_autoincrement": True,  # an id is never given twice, not even after a purge
        },
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    lane: str = Field(sa_column=Column(Text, nullable=False))
    user_id: str | None = Field(default=None, sa_column=Column(Text))
    batch_id: str | None = Field(default=None, sa_column=Column(Text))
    prio: int = Field(default=1, sa_column=Column(SmallInteger, nullable=False))
    vft: float = 0.0
    """Virtual finish time: the place in the lane among equals of `prio`, fixed when it is put in."""
    cost: float = 1.0
    """How much of its owner's share it takes."""
    state: int = Field(sa_column=Column(SmallInteger, nullable=False))
    phase: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    """0 nothing left yet, 1 bytes may have left for somebody who charges: such a job is never taken up again by itself."""
    run_at: float
    lease_until: float | None = None
    worker: str | None = Field(default=None, sa_column=Column(Text))
    fence: int = 0
    attempt: int = 0
    max_attempts: int
    timeout_s: float | None = None
    cancel_req: bool = False
    created: float
    started: float | None = None
    finished: float | None = None


class PayloadRow(Table, table=True):
    """What the job was asked, as JSON text; written once, never rewritten by a change of state."""

    __tablename__ = "q_payload"  # pyright: ignore[reportAssignmentType]

    job_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    params: str = Field(sa_column=Column(Text, nullable=False))


class AttemptRow(Table, table=True):
    """An attempt that did not end well, and why. A successful one is told by the job itself."""

    __tablename__ = "q_attempt"  # pyright: ignore[reportAssignmentType]

    job_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    attempt: int = Field(primary_key=True)
    worker: str | None = Field(default=None, sa_column=Column(Text))
    started: float
    ended: float
    outcome: str = Field(sa_column=Column(Text, nullable=False))
    """retried | failed | timed_out | cancelled | lost"""
    error_code: str | None = Field(default=None, sa_column=Column(Text))
    error_sentence: str | None = Field(default=None, sa_column=Column(Text))


class ProgressRow(Table, table=True):
    """The latest step of a running job, overwritten in place; used only when the worker is a process of its own."""

    __tablename__ = "q_progress"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar[dict[str, object]] = {"postgresql_with": {"fillfactor": 50}}

    job_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    step: int
    steps: int
    preview: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    updated: float


class TurnRow(Table, table=True):
    """Whose turn a periodic task is: the process that moves `due` on does the work, the others do not."""

    __tablename__ = "q_turn"  # pyright: ignore[reportAssignmentType]

    name: str = Field(sa_column=Column(Text, primary_key=True))
    due: float
