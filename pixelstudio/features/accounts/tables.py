"""Rows of accounts, what belongs to them alone, sessions, sign-in attempts, claim tokens and reset links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, false
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.core.ratings import GENERAL
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26
DIGEST_LENGTH = 64
HASH_MAX = 256


class AccountRow(Table, table=True):
    """A person. E-mail and handle are stored in lower case, so that plain uniqueness ignores case on both databases.

    A guest's and a closed account's mail and handle are placeholders no form accepts (`placeholders`), and their hash is empty.
    """

    __tablename__ = "account"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    email: str = Field(unique=True, max_length=limits.EMAIL_MAX)
    handle: str = Field(unique=True, max_length=limits.HANDLE_MAX)
    password_hash: str = Field(max_length=HASH_MAX)
    is_maintainer: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    is_guest: bool = Field(default=False, index=True, sa_column_kwargs={"server_default": false()})
    """A stranger who tries it out, before they register or are forgotten."""
    display_name: str = Field(default="", max_length=limits.DISPLAY_NAME_MAX, sa_column_kwargs={"server_default": ""})
    bio: str = Field(default="", max_length=limits.BIO_MAX, sa_column_kwargs={"server_default": ""})
    handle_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sees: str = Field(default=GENERAL, max_length=9, sa_column_kwargs={"server_default": GENERAL})
    """How far they want to go when they come across others' pictures, see `core.ratings`."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """From here on nobody signs in; what the account had is being erased."""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Nothing is left but this row, for the ledger's sake."""


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


class PasswordResetRow(Table, table=True):
    """The last link by which a person may choose another password, under the SHA-256 of its token; the token is nowhere."""

    __tablename__ = "password_reset"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    digest: str | None = Field(default=None, unique=True, max_length=DIGEST_LENGTH)
    """None once the password has changed: what was asked for before makes no link any more."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class AvatarRow(Table, table=True):
    """The picture beside a person's name. A few kilobytes made anew by us, kept with the row so that both go together."""

    __tablename__ = "avatar"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    id: str = Field(unique=True, max_length=ID_LENGTH)
    """Public, and another one for every picture."""
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """WebP."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class PreferenceRow(Table, table=True):
    """What the composer begins with for a person. Empty and None mean: as the studio has it."""

    __tablename__ = "preference"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    model: str = Field(default="", max_length=80)
    size: str = Field(default="", max_length=11)
    images: int | None = None
    visibility: str = Field(default="private", max_length=7)


class MuteRow(Table, table=True):
    """Somebody does not want to hear of somebody, who never learns of it."""

    __tablename__ = "mute"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_mute_muted_id", "muted_id"),)

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    muted_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)


class FormerHandleRow(Table, table=True):
    """A handle somebody gave up: nobody else takes it before `free_at`, so that nobody passes for them."""

    __tablename__ = "former_handle"  # pyright: ignore[reportAssignmentType]  # as above

    handle: str = Field(primary_key=True, max_length=limits.HANDLE_MAX)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    free_at: datetime = Field(sa_type=UtcDateTime)


class TokenFamilyRow(Table, table=True):
    """One sign-in over the API: every pair of tokens that came of it, as the number of the latest."""

    __tablename__ = "token_family"  # pyright: ignore[reportAssignmentType]  # as above

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    turn: int
    """Only the refresh token of this turn is good."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    turned_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ApiKeyRow(Table, table=True):
    """A key of the API, under the SHA-256 of itself; the key is nowhere. Revoking it removes the row."""

    __tablename__ = "api_key"  # pyright: ignore[reportAssignmentType]  # as above

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    name: str = Field(max_length=limits.API_KEY_NAME_MAX)
    begins: str = Field(max_length=12)
    digest: str = Field(unique=True, max_length=DIGEST_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
