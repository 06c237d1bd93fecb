"""The one row of presets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26


class PresetRow(Table, table=True):
    """The composer's settings under a name; each name once per person."""

    __tablename__ = "preset"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    name: str = Field(max_length=limits.PRESET_NAME_MAX)
    prompt: str = Field(default="", max_length=limits.PROMPT_MAX)
    negative_prompt: str = Field(default="", max_length=limits.NEGATIVE_PROMPT_MAX)
    model: str = Field(default="", max_length=80)
    style: str = Field(default="", max_length=40)
    width: int
    height: int
    count: int
    seed: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    steps: int | None = Field(default=None)
    guidance: float | None = Field(default=None)
    reference_id: str = Field(default="", max_length=ID_LENGTH, sa_column_kwargs={"server_default": ""})
    """The picture to go by, which may be gone meanwhile; "" for none."""
    strength: float | None = Field(default=None)
    created_at: datetime = Field(sa_type=UtcDateTime)
