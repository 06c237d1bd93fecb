"""Sessions: opened at sign-in, looked up in every handler, listed for their owner, ended at sign-out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, false, or_, select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import UserId, new_secret, secret_digest
from pixelstudio.core.text import clean_line
from pixelstudio.db.questions import Question, told
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.events import SignedOut
from pixelstudio.features.accounts.tables import AccountRow, SignInSessionRow
from pixelstudio.features.accounts.tokens import end_families
from pixelstudio.features.accounts.views import SessionView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.db.transaction import Reader, Transaction

IDLE = timedelta(days=limits.SESSION_IDLE_DAYS)
ABSOLUTE = timedelta(days=limits.SESSION_ABSOLUTE_DAYS)
SEEN_EVERY = timedelta(hours=1)
_WHO: Final = Question(
    select(col(AccountRow.id), col(AccountRow.handle), col(AccountRow.is_maintainer), col(AccountRow.is_guest), col(AccountRow.sees))
    .join(SignInSessionRow, col(SignInSessionRow.account_id) == col(AccountRow.id))
    .where(
        col(SignInSessionRow.digest) == told("digest"),
        col(SignInSessionRow.expires_at) > told("now"),
        col(SignInSessionRow.seen_at) > told("idle_since"),
        col(AccountRow.closed_at).is_(None),
    )
)
"""Asked in every handler and at every request."""


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
    ending = delete(SignInSessionRow).where(col(SignInSessionRow.digest) == digest).returning(col(SignInSessionRow.account_id))
    account_id = (await tx.exec(ending)).scalar_one_or_none()
    if account_id is not None:
        await tx.publish(SignedOut(session_digest=digest, account_id=account_id))


async def actor_for(reader: Reader, cookie_value: str | None) -> Actor | None:
    """Who came with this cookie; None for nobody, for a session that ended, idled out or grew too old."""
    if not cookie_value:
        return None
    return await actor_of_session(reader, secret_digest(cookie_value))


async def actor_of_session(reader: Reader, digest: str) -> Actor | None:
    """Who stands behind a session digest now; for listeners that check again before every push."""
    found = next(iter(await reader.ask(_WHO, digest=digest, now=reader.now, idle_since=reader.now - IDLE)), None)
    if found is None:
        return None
    return Actor(UserId(found.id), "" if found.is_guest else found.handle, found.is_maintainer, digest, found.is_guest, found.sees)


async def members_by_id(reader: Reader, account_ids: Iterable[str]) -> dict[str, Actor]:
    """Members as they would be if they came now, for what is told to them while they are away; they act on nothing. One query."""
    columns = (AccountRow.id, AccountRow.handle, AccountRow.sees)
    here = (col(AccountRow.id).in_(set(account_ids)), col(AccountRow.closed_at).is_(None), col(AccountRow.is_guest) == false())
    rows = await reader.exec(select(*map(col, columns)).where(*here))
    return {row.id: Actor(UserId(row.id), row.handle, is_maintainer=False, session_digest="", sees=row.sees) for row in rows}


async def sessions_of(reader: Reader, by: Actor) -> list[SessionView]:
    """Where the actor is signed in: this session first, then the others by their last sign of life."""
    rows = [row for row in await _rows_of(reader, by.id) if row.expires_at > reader.now and row.seen_at > reader.now - IDLE]
    views = [_view(row, by) for row in rows]
    return sorted(views, key=lambda view: (not view.is_this, -view.seen_at.timestamp()))


async def end_one(tx: Transaction, session_id: str, *, by: Actor) -> None:
    """Sign out one of the actor's own sessions; its open tabs leave. Raises `NotFound` for any other."""
    digest = next((row.digest for row in await _rows_of(tx, by.id) if _public_id(row.digest) == session_id), None)
    if digest is None:
        raise NotFound("This device is signed out already.")
    await sign_out(tx, digest)


async def end_others(tx: Transaction, *, by: Actor) -> int:
    """Sign out every session of the actor's but the one they came by, and all tokens of the API; returns how many sessions."""
    others = [row.digest for row in await _rows_of(tx, by.id) if row.digest != by.session_digest]
    for digest in others:
        await sign_out(tx, digest)
    await end_families(tx, by.id)
    return len(others)


async def end_all(tx: Transaction, account_id: UserId) -> None:
    """Sign out every session of an account, and all tokens of the API."""
    for row in await _rows_of(tx, account_id):
        await sign_out(tx, row.digest)
    await end_families(tx, account_id)


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


async def _rows_of(reader: Reader, account_id: UserId) -> list[SignInSessionRow]:
    statement = select(SignInSessionRow).where(col(SignInSessionRow.account_id) == account_id)
    return list((await reader.exec(statement)).scalars())


def _view(row: SignInSessionRow, by: Actor) -> SessionView:
    return SessionView(_public_id(row.digest), row.user_agent, row.created_at, row.seen_at, row.digest == by.session_digest)


def _public_id(digest: str) -> str:
    """A name for a session on its owner's page: the digest that finds its row stays here."""
    return secret_digest(f"shown:{digest}")[:26]
