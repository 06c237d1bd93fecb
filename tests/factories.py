"""Plain builders of what tests need: people, studios, generations, pictures. Each writes real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.ids import secret_digest
from pixelstudio.features.accounts.registration import Registration, register
from pixelstudio.features.accounts.sessions import actor_for, open_session
from pixelstudio.features.credits.ledger import grant

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.engine import Database
    from pixelstudio.features.accounts.actor import Actor

PASSWORD = "correct horse battery"
NO_PASSWORD = "nobody signs in with a password here"


async def a_user(database: Database, handle: str = "ines", *, password_hash: str = NO_PASSWORD, credits: int = 0) -> Actor:  # noqa: A002
    """A registered, signed-in person; `credits` come on top of what a sign-up gives."""
    form = Registration(f"{handle}@example.org", handle, PASSWORD)
    async with database.transaction() as tx:
        account = await register(tx, form, password_hash)
        await grant(tx, account.id, credits, key=f"test:{account.id}")
    return await an_actor(database, await a_cookie(database, account.id))


async def a_cookie(database: Database, account_id: UserId) -> str:
    """The cookie value of a new session of this person."""
    async with database.transaction() as tx:
        return await open_session(tx, account_id)


async def an_actor(database: Database, cookie: str) -> Actor:
    """Who comes with this cookie; fails when nobody does."""
    async with database.reader() as reader:
        actor = await actor_for(reader, cookie)
    assert actor is not None
    assert actor.session_digest == secret_digest(cookie)
    return actor
