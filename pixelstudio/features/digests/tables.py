"""The one row of digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26


class DigestRow(Table, table=True):
    """Somebody wants letters. Without a row, nobody gets any."""

    __tablename__ = "digest"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (Index("ix_digest_due_at", "due_at"),)

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    every: str = Field(max_length=6)
    """daily or weekly."""
    due_at: datetime = Field(sa_type=UtcDateTime)
    """When the next one goes; moved on in the commit that takes this one, before anything is sent."""
    told_until: datetime = Field(sa_type=UtcDateTime)
    """What came up to here has been in a letter, or was there before anybody asked for one."""
