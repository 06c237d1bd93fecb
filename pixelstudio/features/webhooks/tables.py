"""Rows of the log: one for each delivery that was genuine, and one an hour for those that were not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26
NAME_MAX = 200
WORD_MAX = 40


class DeliveryLogRow(Table, table=True):
    """A genuine delivery, once however often it is brought. What it says of a picture is not kept: it is asked of the provider."""

    __tablename__ = "webhook_delivery"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (UniqueConstraint("provider", "delivery_id"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    provider: str = Field(max_length=WORD_MAX)
    delivery_id: str = Field(max_length=NAME_MAX)
    external_id: str | None = Field(default=None, max_length=NAME_MAX)
    """The provider's own name for the drawing."""
    call_token: str | None = Field(default=None, max_length=NAME_MAX)
    """The word in the address that was called; it finds a call whose name is not known."""
    status: str = Field(default="", max_length=NAME_MAX)
    """How the drawing stands in the provider's own word."""
    placed: str = Field(max_length=WORD_MAX)
    """taken | kept | late | noted"""
    times: int = 1
    """How often it was brought."""
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    last_at: datetime = Field(sa_type=UtcDateTime)


class RefusalRow(Table, table=True):
    """How often within an hour something was brought that was not genuine. Not a row each: anybody may bring anything."""

    __tablename__ = "webhook_refusal"  # pyright: ignore[reportAssignmentType]

    provider: str = Field(primary_key=True, max_length=WORD_MAX)
    code: str = Field(primary_key=True, max_length=WORD_MAX)
    hour: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    times: int = 1
    last_at: datetime = Field(sa_type=UtcDateTime)
