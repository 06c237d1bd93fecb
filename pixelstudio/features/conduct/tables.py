"""The one row of rulings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26


class RulingRow(Table, table=True):
    """What a maintainer decided about something of somebody's. It outlives what it is about."""

    __tablename__ = "ruling"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_ruling_account_id_decided_at_id", "account_id", "decided_at", "id"),
        Index("ix_ruling_outcome_appealed_at_id", "outcome", "appealed_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    """Whose it is."""
    image_id: str | None = Field(default=None, foreign_key="image.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH)
    comment_id: str = Field(default="", max_length=ID_LENGTH)
    """"" when it is about the picture itself."""
    decision: str = Field(max_length=10)
    """removed, sensitive or mature."""
    because: str = Field(max_length=limits.REASON_MAX)
    quoted: str = Field(default="", max_length=limits.REASON_MAX)
    """What it was about, as it read then."""
    before: str = Field(default="", max_length=9)
    """What it was before: seen by everybody (public), or by link; or its rating. "" when nothing is to be brought back."""
    decided_at: datetime = Field(sa_type=UtcDateTime)
    strike_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when it counts as a strike; None when it never did, or does no more."""
    appeal: str = Field(default="", max_length=limits.REASON_MAX)
    appealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=8)
    """open, upheld or granted; "" while nobody has appealed."""
    outcome_because: str = Field(default="", max_length=limits.REASON_MAX)
    outcome_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
