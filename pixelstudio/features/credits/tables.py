"""The one row of the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from pixelstudio.db.columns import BigId, Table, UtcDateTime

KEY_MAX = 120


class CreditEntryRow(Table, table=True):
    """One movement: grant (+n, 0), hold (-n, +n), capture (0, -n), release (+n, -n) of available and held credits."""

    __tablename__ = "credit_entry"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_credit_entry_account_id_id", "account_id", "id"),
        CheckConstraint("kind IN ('grant', 'hold', 'capture', 'release')", name="kind"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    account_id: str = Field(foreign_key="account.id", max_length=26)
    kind: str = Field(max_length=7)
    available_delta: int
    held_delta: int
    key: str = Field(unique=True, max_length=KEY_MAX)
    generation_id: str | None = Field(default=None, index=True, max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
