"""Rows of notifications, and of the kinds a person does not want."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26


class NotificationRow(Table, table=True):
    """Something one person may want to know. `topic` is the same for what is told once however often it happens."""

    __tablename__ = "notification"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_notification_account_id_created_at_id", "account_id", "created_at", "id"),
        Index("ix_notification_account_id_read_at", "account_id", "read_at"),
        Index("ix_notification_account_id_topic", "account_id", "topic"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    kind: str = Field(max_length=20)
    topic: str = Field(max_length=120)
    from_id: str | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    image_id: str | None = Field(default=None, foreign_key="image.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    words: str = Field(default="", max_length=limits.REASON_MAX)
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NotificationChoiceRow(Table, table=True):
    """A kind of notification this person does not want."""

    __tablename__ = "notification_choice"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    kind: str = Field(primary_key=True, max_length=20)
