"""The one row of the logbook."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26


class LogbookEntryRow(Table, table=True):
    """One act of a maintainer's. It stays when its maintainer leaves, without their name."""

    __tablename__ = "logbook_entry"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    number: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    maintainer_id: str | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH)
    act: str = Field(max_length=40)
    """`noun.verb`, see `entries.Act`."""
    about: str = Field(default="", max_length=120)
    words: str = Field(default="", max_length=limits.REASON_MAX)
    """The reason, where there is one."""
    at: datetime = Field(sa_type=UtcDateTime)
