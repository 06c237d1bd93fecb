"""Signing in, in three steps: `begin` in a transaction, the password outside any, `complete` in another.

Hashing takes about 30 ms; holding the one writer of SQLite for that long would stop everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import UserId
from pixelstudio.features.accounts import passwords
from pixelstudio.features.accounts.errors import SignInRefused
from pixelstudio.features.accounts.registration import normal_email, normal_password
from pixelstudio.features.accounts.sessions import open_session
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.accounts.throttle import Admission, admit_sign_in, take_back

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt: whose password it is about, if anybody's."""

    admission: Admission
    account_id: UserId | None
    password_hash: str | None = field(repr=False)


async def begin(tx: Transaction, email: str, ip: str) -> Attempt:
    """Count the attempt and find the account. Raises `TooMany`; an unknown address is no error here."""
    normal = normal_email(email[: limits.EMAIL_MAX + 1])
    admission = await admit_sign_in(tx, normal, ip)
    found = (await tx.exec(select(col(AccountRow.id), col(AccountRow.password_hash)).where(col(AccountRow.email) == normal))).one_or_none()
    return Attempt(admission, UserId(found.id), found.password_hash) if found else Attempt(admission, None, None)


async def prove(attempt: Attempt, password: str) -> UserId:
    """Check the password, outside any transaction; raises `SignInRefused`, after the same time for known and unknown."""
    cut = password[: limits.PASSWORD_MAX + 1]
    if not await passwords.matches(normal_password(cut), attempt.password_hash) or attempt.account_id is None:
        raise SignInRefused
    return attempt.account_id


async def complete(tx: Transaction, attempt: Attempt, account_id: UserId, *, user_agent: str, replacing: str | None) -> str:
    """Forget the failures, open the session, rotate the cookie; returns the new cookie value."""
    await take_back(tx, attempt.admission)
    return await open_session(tx, account_id, user_agent=user_agent, replacing=replacing)
