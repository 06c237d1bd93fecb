"""The outbox: facts written in the same commit as what they are about, read by other processes and durable consumers."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from pixelstudio.db.columns import BigId, Table

OUTBOX_CHANNEL = "outbox"


class OutboxRow(Table, table=True):
    """One fact. Ids are not commit order on Postgres: readers there stay behind the transaction horizon `xid`."""

    __tablename__ = "outbox"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    xid: int = Field(default=0, sa_column=Column(BigId, nullable=False, server_default="0"))
    name: str = Field(sa_column=Column(Text, nullable=False))
    fields: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    origin: str = Field(sa_column=Column(Text, nullable=False))
    """The process that published it and has heard it already."""
    created: float = Field(index=True)
    """Seconds since 1970; facts are purged after a day."""
