"""API keys: made and named by their owner, shown once, kept as a digest, and worth nothing the moment they are revoked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.core.ids import UserId, new_id, new_secret, secret_digest
from pixelstudio.core.text import clean_line
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.accounts.tables import AccountRow, ApiKeyRow
from pixelstudio.features.accounts.tokens import TokenRefused

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.db.transaction import Reader, Transaction

PREFIX: Final = "psk_"
_SHOWN: Final = len(PREFIX) + 4
_USED_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key as its owner sees it later: never the key itself."""

    id: str
    name: str
    begins: str
    """Its first characters, to tell it from others."""
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made. `secret` is shown now and never again."""

    view: ApiKeyView
    secret: str = field(repr=False)


async def make_key(tx: Transaction, name: str, *, by: Actor) -> NewApiKey:
    """A new key under a name. Raises `Invalid`, and `Conflict` when there is no room for more."""
    clean = clean_line(name)
    if not clean or len(clean) > limits.API_KEY_NAME_MAX:
        sentence = f"Give the key a name of at most {limits.API_KEY_NAME_MAX} characters, such as where it is used."
        raise Invalid(sentence, code="key_name_invalid", field="name")
    if await _how_many(tx, by) >= limits.API_KEYS_PER_PERSON:
        raise Conflict(f"You have {limits.API_KEYS_PER_PERSON} keys. Revoke one to make room.", code="too_many_keys", field="name")
    secret = PREFIX + new_secret()
    row = ApiKeyRow(
        id=new_id(), account_id=by.id, name=clean, begins=secret[:_SHOWN], digest=secret_digest(secret), created_at=tx.now, used_at=None
    )
    tx.add(row)
    await tx.flush()
    return NewApiKey(_view(row), secret)


async def revoke_key(tx: Transaction, key_id: str, *, by: Actor) -> None:
    """Make an own key worth nothing, at once. Raises `NotFound`."""
    await tx.delete(await own_row(tx, ApiKeyRow, key_id, by=by))


async def keys_of(reader: Reader, by: Actor) -> list[ApiKeyView]:
    """The actor's own keys, the newest first."""
    statement = select(ApiKeyRow).where(col(ApiKeyRow.account_id) == by.id)
    rows = await reader.exec(statement.order_by(col(ApiKeyRow.created_at).desc(), col(ApiKeyRow.id)))
    return [_view(row) for row in rows.scalars()]


async def actor_of_key(reader: Reader, secret: str) -> Actor:
    """Who comes with this key. Raises `TokenRefused`. Nobody looks after the installation by key."""
    statement = (
        select(col(AccountRow.id), col(AccountRow.handle), col(AccountRow.sees))
        .join(ApiKeyRow, col(ApiKeyRow.account_id) == col(AccountRow.id))
        .where(col(ApiKeyRow.digest) == secret_digest(secret), col(AccountRow.closed_at).is_(None))
    )
    found = (await reader.exec(statement)).one_or_none()
    if found is None:
        raise TokenRefused
    return Actor(UserId(found.id), found.handle, is_maintainer=False, session_digest="", sees=found.sees)


async def mark_used(tx: Transaction, secret: str) -> None:
    """Write that the key is in use, every ten minutes at most."""
    is_old = col(ApiKeyRow.used_at).is_(None) | (col(ApiKeyRow.used_at) <= tx.now - _USED_EVERY)
    await tx.exec(update(ApiKeyRow).where(col(ApiKeyRow.digest) == secret_digest(secret), is_old).values(used_at=tx.now))


async def _how_many(reader: Reader, by: Actor) -> int:
    statement = select(func.count()).select_from(ApiKeyRow).where(col(ApiKeyRow.account_id) == by.id)
    count: int = (await reader.exec(statement)).scalar_one()
    return count


def _view(row: ApiKeyRow) -> ApiKeyView:
    return ApiKeyView(row.id, row.name, row.begins, row.created_at, row.used_at)
