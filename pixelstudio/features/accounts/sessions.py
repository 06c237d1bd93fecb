"""Sessions: opened at sign-in, looked up in every handler, ended at sign-out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import UserId, new_secret, secret_digest
from pixelstudio.core.text import clean_line
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.events import SignedOut
from pixelstudio.features.accounts.tables import AccountRow, SignInSessionRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction

IDLE = timedelta(days=limits.SESSION_IDLE_DAYS)
ABSOLUTE = timedelta(days=limits.SESSION_ABSOLUTE_DAYS)
SEEN_EVERY = timedelta(hours=1)


async def open_session(tx: Transaction, account_id: UserId, *, user_agent: str = "", replacing: str | None = None) -> str:
    """A new session; returns the cookie value, which is stored nowhere.

    The session of the cookie presented (`replacing`) ends, so that a value planted before sign-in is worth nothing after it.
    """
    if replacing is not None:
        await sign_out(tx, secret_digest(replacing))
    value = new_secret()
    row = SignInSessionRow(
        digest=secret_digest(value),
        account_id=account_id,
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + ABSOLUTE,
        user_agent=clean_line(user_agent)[: limits.USER_AGENT_MAX],
    )
    tx.add(row)
    await tx.flush()
    return value


async def sign_out(tx: Transaction, digest: str) -> None:
    """End the session with this digest and tell its open tabs. Safe to repeat."""
    ended = await tx.exec(delete(SignInSessionRow).where(col(SignInSessionRow.digest) == digest))
    if ended.rowcount:
        await tx.publish(SignedOut(session_digest=digest))


async def actor_for(reader: Reader, cookie_value: str | None) -> Actor | None:
    """Who came with this cookie; None for nobody, for a session that ended, idled out or grew too old."""
    if not cookie_value:
        return None
    return await actor_of_session(reader, secret_digest(cookie_value))


async def actor_of_session(reader: Reader, digest: str) -> Actor | None:
    """Who stands behind a session digest now; for listeners that check again before every push."""
    statement = (
        select(col(AccountRow.id), col(AccountRow.handle), col(AccountRow.is_maintainer))
        .join(SignInSessionRow, col(SignInSessionRow.account_id) == col(AccountRow.id))
        .where(
            col(SignInSessionRow.digest) == digest,
            col(SignInSessionRow.expires_at) > reader.now,
            col(SignInSessionRow.seen_at) > reader.now - IDLE,
        )
    )
    found = (await reader.exec(statement)).one_or_none()
    return None if found is None else Actor(UserId(found.id), found.handle, found.is_maintainer, digest)


async def is_seen_lately(reader: Reader, digest: str) -> bool:
    """Whether the session's last sign of life is written already for this hour."""
    statement = select(col(SignInSessionRow.digest)).where(
        col(SignInSessionRow.digest) == digest, col(SignInSessionRow.seen_at) > reader.now - SEEN_EVERY
    )
    return (await reader.exec(statement)).first() is not None


async def mark_seen(tx: Transaction, digest: str) -> None:
    """Write that the session is alive, at most once an hour."""
    statement = (
        update(SignInSessionRow)
        .where(col(SignInSessionRow.digest) == digest, col(SignInSessionRow.seen_at) <= tx.now - SEEN_EVERY)
        .values(seen_at=tx.now)
    )
    await tx.exec(statement)


async def forget_expired_sessions(tx: Transaction) -> None:
    """Upkeep: drop sessions nobody can use any more."""
    idle_out = col(SignInSessionRow.seen_at) <= tx.now - IDLE
    await tx.exec(delete(SignInSessionRow).where(or_(col(SignInSessionRow.expires_at) <= tx.now, idle_out)))
