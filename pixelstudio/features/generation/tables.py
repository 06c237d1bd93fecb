"""Rows of sets, their slots, the waits that were shown for them, and sets that stand side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, false, text
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26
NO_SEED = 0
"""What is kept for a model that takes no seed; shown nowhere."""


class GenerationRow(Table, table=True):
    """One submit: a set of `count` pictures of one prompt."""

    __tablename__ = "generation"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_generation_account_id_created_at_id", "account_id", "created_at", "id"),
        Index("ix_generation_parent_id", "parent_id", sqlite_where=text("parent_id <> ''"), postgresql_where=text("parent_id <> ''")),
        Index("ix_generation_open", "account_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", max_length=ID_LENGTH)
    prompt: str = Field(max_length=limits.PROMPT_MAX)
    negative_prompt: str = Field(default="", max_length=limits.NEGATIVE_PROMPT_MAX)
    model: str = Field(max_length=80)
    style: str = Field(default="", max_length=40)
    seed: int = Field(sa_column=Column(BigId, nullable=False))
    width: int
    height: int
    count: int
    price_credits_each: int
    steps: int | None = Field(default=None)
    """What was chosen of the model's own settings; None: left to the model."""
    guidance: float | None = Field(default=None)
    reference_id: str = Field(default="", max_length=ID_LENGTH, sa_column_kwargs={"server_default": ""})
    """The picture to go by, which may be thrown away meanwhile; "" where there is none."""
    strength: float | None = Field(default=None)
    """How far the drawing may leave that picture."""
    parent_id: str = Field(default="", max_length=ID_LENGTH, sa_column_kwargs={"server_default": ""})
    """The picture this was made from, by remix, variation or reference, which may be gone meanwhile; "" where there is none."""
    overlay: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    """Text or a logo that is laid over the parent, as `imaging.overlay` has it: nothing is drawn then. None for a drawing."""
    mask_id: str = Field(default="", max_length=ID_LENGTH, sa_column_kwargs={"server_default": ""})
    """Which part of the picture to go by is drawn anew, as a mask its owner painted; "" for all of it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the last slot ended, whatever way."""
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its owner cleared it from the list of their jobs, and with it all of its jobs; nothing else follows from that."""


class GenerationSlotRow(Table, table=True):
    """One wanted picture. `outcome` stays when the queue has long forgotten the job."""

    __tablename__ = "generation_slot"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (CheckConstraint("outcome IN ('done', 'failed', 'cancelled')", name="outcome"),)

    generation_id: str = Field(foreign_key="generation.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    slot: int = Field(primary_key=True)
    job_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    seed: int = Field(sa_column=Column(BigId, nullable=False))
    image_id: str | None = Field(default=None, foreign_key="image.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH)
    outcome: str | None = Field(default=None, max_length=9)
    """None while it waits or is drawn."""
    sentence: str = Field(default="", max_length=500)
    """Why it failed, or where it was called off after it was sent, in words for the person; while it is drawn, what came of calling it off."""
    is_copy: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it was handed the very picture its owner had before, and nothing was charged; see `repeats`."""
    retried_in: str | None = Field(default=None, max_length=ID_LENGTH)
    """The set in which it was asked for again, after it had failed: it is asked for again once."""
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The same for its job alone."""


class ForecastRow(Table, table=True):
    """The wait that was shown for a job when it was asked for. The queue may forget the job; how the forecast came out stays for a while."""

    __tablename__ = "forecast"  # pyright: ignore[reportAssignmentType]  # as above

    job_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    lane: str = Field(sa_column=Column(Text, nullable=False))
    low_s: float
    high_s: float
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    took_s: float | None = None
    """How long it was until its pictures came; None until then."""


class ComparisonRow(Table, table=True):
    """Sets that were asked for together, to be looked at side by side: models in the arena, or the cells of a grid."""

    __tablename__ = "comparison"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_comparison_account_id_created_at_id", "account_id", "created_at", "id"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    prompt: str = Field(max_length=limits.PROMPT_MAX)
    columns: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """What each column varies, in words."""
    rows: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """The same for rows; one empty text in the arena."""
    winner: str | None = Field(default=None, max_length=ID_LENGTH)
    """The set whose picture was voted for."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ComparedSetRow(Table, table=True):
    """One set in its place of a comparison, row by row."""

    __tablename__ = "compared_set"  # pyright: ignore[reportAssignmentType]  # as above

    generation_id: str = Field(foreign_key="generation.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    comparison_id: str = Field(foreign_key="comparison.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    place: int
