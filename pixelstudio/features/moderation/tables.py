"""The one row of reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26


class ReportRow(Table, table=True):
    """Somebody reported a picture, or a comment under it. It stays, with what was decided, when its reporter leaves."""

    __tablename__ = "report"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_report_decision_created_at_id", "decision", "created_at", "id"),
        Index("ix_report_image_id_comment_id", "image_id", "comment_id"),
        Index("ix_report_reporter_id_created_at", "reporter_id", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    reporter_id: str | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", max_length=ID_LENGTH)
    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", max_length=ID_LENGTH)
    comment_id: str | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE", max_length=ID_LENGTH)
    author_id: str | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", max_length=ID_LENGTH)
    """Whose picture or words they are."""
    reason: str = Field(max_length=20)
    words: str = Field(default="", max_length=limits.REASON_MAX)
    """What the reporter added."""
    quoted: str = Field(default="", max_length=limits.REASON_MAX)
    """What was reported, as it read then."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    decision: str = Field(default="", max_length=10)
    """"" while it is open; then kept or removed."""
    decided_because: str = Field(default="", max_length=limits.REASON_MAX)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
