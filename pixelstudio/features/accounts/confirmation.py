"""Confirmation: a signed-in person is asked for their password again before something that cannot be taken back.

In three steps, as signing in: `begin` in a transaction, `confirmed` outside any, then what was to be done. Guesses are counted with
those at the door, so a session left open is no way around the throttle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core import limits
from pixelstudio.core.errors import NotSignedIn
from pixelstudio.core.ids import UserId
from pixelstudio.features.accounts import passwords
from pixelstudio.features.accounts.errors import PasswordRefused
from pixelstudio.features.accounts.registration import normal_password
from pixelstudio.features.accounts.resets import void_links
from pixelstudio.features.accounts.sessions import end_others
from pixelstudio.features.accounts.sign_in import Attempt
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.accounts.throttle import admit_sign_in, take_back

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def begin(tx: Transaction, ip: str, *, by: Actor) -> Attempt:
    """Count the attempt and read the hash. Raises `TooMany`."""
    row = await tx.get(AccountRow, by.id)
    if row is None or row.is_guest:
        raise NotSignedIn
    return Attempt(await admit_sign_in(tx, row.email, ip), UserId(row.id), row.password_hash)


async def confirmed(attempt: Attempt, password: str, field: str = "password") -> Attempt:
    """The attempt, once its password is right; raises `PasswordRefused` on the form's `field`."""
    if not await passwords.matches(normal_password(password[: limits.PASSWORD_MAX + 1]), attempt.password_hash):
        raise PasswordRefused(field)
    return attempt


async def change_password(tx: Transaction, attempt: Attempt, password_hash: str, *, by: Actor) -> int:
    """Take the new hash over, end every other session and whatever link was made; returns how many sessions.

    Raises `PasswordRefused` when it was changed meanwhile.
    """
    row = await tx.get(AccountRow, by.id, for_update=True)
    if row is None or row.password_hash != attempt.password_hash:
        raise PasswordRefused("current")
    row.password_hash = password_hash
    tx.add(row)
    await take_back(tx, attempt.admission)
    await void_links(tx, by.id)
    return await end_others(tx, by=by)
