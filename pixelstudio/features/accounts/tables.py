"""Rows of accounts, sessions, sign-in attempts and claim tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26
DIGEST_LENGTH = 64
HASH_MAX = 256


class AccountRow(Table, table=True):
    """A person. E-mail and handle are stored in lower case, so that plain uniqueness ignores case on both databases."""

    __tablename__ = "account"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    email: str = Field(unique=True, max_length=limits.EMAIL_MAX)
    handle: str = Field(unique=True, max_length=limits.HANDLE_MAX)
    password_hash: str = Field(max_length=HASH_MAX)
    is_maintainer: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignInSessionRow(Table, table=True):
    """One signed-in browser, under the SHA-256 of its cookie value; the value itself is nowhere."""

    __tablename__ = "sign_in_session"  # pyright: ignore[reportAssignmentType]  # as above

    digest: str = Field(primary_key=True, max_length=DIGEST_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """Written at most once an hour."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """The absolute end, whatever the activity."""
    user_agent: str = Field(default="", max_length=limits.USER_AGENT_MAX)


class SignInAttemptRow(Table, table=True):
    """One counted attempt under a digest of what is counted (mail and address, or address), never the mail itself."""

    __tablename__ = "sign_in_attempt"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    key: str = Field(max_length=DIGEST_LENGTH)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class ClaimTokenRow(Table, table=True):
    """The one-time token that makes its bearer maintainer of this installation."""

    __tablename__ = "claim_token"  # pyright: ignore[reportAssignmentType]  # as above

    digest: str = Field(primary_key=True, max_length=DIGEST_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
