"""Claiming an installation: by a one-time token printed at start, never by being first on the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlmodel import col

from pixelstudio.core.ids import new_secret, secret_digest
from pixelstudio.features.accounts.errors import AlreadyClaimed, ClaimRefused
from pixelstudio.features.accounts.tables import AccountRow, ClaimTokenRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def has_maintainer(reader: Reader) -> bool:
    """Whether somebody has claimed this installation."""
    return (await reader.exec(select(col(AccountRow.id)).where(col(AccountRow.is_maintainer)).limit(1))).first() is not None


async def issue_claim_token(tx: Transaction) -> str | None:
    """A fresh token, which replaces every unused one; None once there is a maintainer. Call at each start."""
    if await has_maintainer(tx):
        return None
    await tx.exec(delete(ClaimTokenRow).where(col(ClaimTokenRow.used_at).is_(None)))
    token = new_secret()
    tx.add(ClaimTokenRow(digest=secret_digest(token), created_at=tx.now))
    await tx.flush()
    return token


async def claim(tx: Transaction, token: str, *, by: Actor) -> None:
    """Make `by`, who is no guest, the maintainer. Raises `ClaimRefused` for a wrong or used token, `AlreadyClaimed` when there is a maintainer."""
    use = update(ClaimTokenRow).where(col(ClaimTokenRow.digest) == secret_digest(token), col(ClaimTokenRow.used_at).is_(None))
    used = await tx.exec(use.values(used_at=tx.now))
    if used.rowcount != 1:
        raise ClaimRefused
    if await has_maintainer(tx):
        raise AlreadyClaimed
    await tx.exec(update(AccountRow).where(col(AccountRow.id) == by.id).values(is_maintainer=True))
