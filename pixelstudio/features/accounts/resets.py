"""Resets: somebody who forgot their password chooses another, by a link that works once, within an hour.

A person has one link, the latest they asked for. Of its token the database keeps the digest alone. In three steps, as signing in: `begin` in a
transaction, hashing outside any, `complete` in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import UserId, new_secret, secret_digest
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.errors import NoMail, ResetRefused
from pixelstudio.features.accounts.letters import write_to
from pixelstudio.features.accounts.registration import checked_email
from pixelstudio.features.accounts.sessions import end_all
from pixelstudio.features.accounts.tables import AccountRow, PasswordResetRow
from pixelstudio.features.accounts.throttle import admit_asking_for_link, admit_reset, forget_failures

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.settings import Settings
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.studio import Studio

LASTS: Final = timedelta(seconds=limits.RESET_LINK_S)
ASKED: Final = (
    "If this email has an account, a link is on its way to it. It works once, within an hour. When nothing comes, look into the spam folder "
    "and check the address."
)
DONE: Final = (
    "Your password is changed, and every device is signed out. Sign in with the new one. API keys go on working: Settings lists them."
)


@dataclass(frozen=True, slots=True)
class Reset:
    """A link that was good when it was looked at: whose password it changes."""

    account_id: UserId
    digest: str


def reset_link(settings: Settings, token: str) -> str:
    """Where a new password is chosen. The token stands in the fragment, which no browser sends and no log of a proxy sees."""
    return f"{settings.effective_public_url}/reset#{token}"


async def ask_for_link(tx: Transaction, studio: Studio, email: str, ip: str) -> None:
    """Have a link sent to whoever has this address. Nothing done here, and no time it takes, tells whether anybody has.

    Raises `NoMail`, `Invalid` for what is no address, and `TooMany`.
    """
    if studio.mailer is None:
        raise NoMail
    normal = checked_email(email)
    await admit_asking_for_link(tx, normal, ip)
    found = (await tx.exec(select(col(AccountRow.id)).where(col(AccountRow.email) == normal))).scalar_one_or_none()
    await write_to(tx, studio, found or "", "link")


async def make_link(tx: Transaction, account_id: UserId, asked_at: datetime | None = None) -> str | None:
    """A fresh token, which replaces whatever was made before. Whoever calls has made sure that it reaches its person alone.

    None when the account is closed or a guest's, or when since `asked_at` another link was asked for or the password changed.
    """
    account = await tx.get(AccountRow, account_id, for_update=True)
    asked_at = asked_at or tx.now
    if account is None or account.is_guest or account.closed_at is not None:
        return None
    last = await tx.get(PasswordResetRow, account_id)
    if last is not None and last.asked_at > asked_at:
        return None
    token = new_secret()
    await _write(tx, account_id, secret_digest(token), asked_at)
    return token


async def begin(tx: Transaction, token: str, ip: str) -> Reset | None:
    """Count the attempt and find whom the link is for; None when it is not good: commit that it was counted, and raise `ResetRefused`.

    Raises `TooMany`.
    """
    await admit_reset(tx, ip)
    digest = secret_digest(token)
    account_id = await _whose(tx, digest)
    return Reset(account_id, digest) if account_id else None


async def complete(tx: Transaction, studio: Studio, reset: Reset, password_hash: str, ip: str) -> None:
    """Take the new hash over; every session and all tokens of the API end. API keys stay.

    Raises `ResetRefused` when the link was used, replaced or ran out meanwhile: of two who come at once, one gets through.
    """
    account = await tx.get(AccountRow, reset.account_id, for_update=True)
    if account is None or await _whose(tx, reset.digest) != reset.account_id:
        raise ResetRefused
    account.password_hash = password_hash
    tx.add(account)
    await void_links(tx, reset.account_id)
    await forget_failures(tx, account.email, ip)
    await end_all(tx, reset.account_id)
    await write_to(tx, studio, reset.account_id, "changed")
    get_logger().info("account.password_reset", account_id=reset.account_id)


async def void_links(tx: Transaction, account_id: UserId) -> None:
    """The password has changed, and whoever calls holds the account: no link made or asked for up to now works any more."""
    await _write(tx, account_id, None, tx.now)


async def forget_old_links(tx: Transaction) -> None:
    """Upkeep: drop links that ran out."""
    await tx.exec(delete(PasswordResetRow).where(col(PasswordResetRow.expires_at) <= tx.now))


async def _whose(reader: Reader, digest: str) -> UserId | None:
    """Whom a link is for, while it is good and the account open."""
    statement = (
        select(col(PasswordResetRow.account_id))
        .join(AccountRow, col(AccountRow.id) == col(PasswordResetRow.account_id))
        .where(col(PasswordResetRow.digest) == digest, col(PasswordResetRow.expires_at) > reader.now, col(AccountRow.closed_at).is_(None))
    )
    found = (await reader.exec(statement)).scalar_one_or_none()
    return UserId(found) if found else None


async def _write(tx: Transaction, account_id: UserId, digest: str | None, asked_at: datetime) -> None:
    row = await tx.get(PasswordResetRow, account_id)
    if row is None:
        row = PasswordResetRow(account_id=account_id, asked_at=asked_at, expires_at=tx.now + LASTS)
    row.digest, row.asked_at, row.expires_at = digest, asked_at, tx.now + LASTS
    tx.add(row)
    await tx.flush()
