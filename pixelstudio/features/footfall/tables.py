"""The one row of footfall."""

from __future__ import annotations

from sqlmodel import Field

from pixelstudio.db.columns import Table


class FootfallDayRow(Table, table=True):
    """How often one thing happened on one day. No address, no account, no page."""

    __tablename__ = "footfall_day"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    day: str = Field(primary_key=True, max_length=10)
    """In UTC, as 2026-11-28."""
    what: str = Field(primary_key=True, max_length=20)
    count: int = 0
