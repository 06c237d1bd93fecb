"""Tokens of the API: an access token for a quarter of an hour, and a refresh token that is worth one more pair, once.

All pairs of one sign-in are a family, and a family is one row. A refresh token says its family and its turn; only the latest turn is
good. An older one means that somebody has a copy: the family ends, for both. The turn just before is answered for ten seconds with the
very same successor, because two tabs of one program may ask at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import jwt
from sqlalchemy import delete, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotSignedIn
from pixelstudio.core.ids import UserId, new_id
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.tables import AccountRow, TokenFamilyRow

if TYPE_CHECKING:
    from pixelstudio.core.keyring import Keyring
    from pixelstudio.db.transaction import Reader, Transaction

ACCESS: Final = timedelta(seconds=limits.ACCESS_TOKEN_S)
REFRESH: Final = timedelta(days=limits.REFRESH_TOKEN_DAYS)
GRACE: Final = timedelta(seconds=limits.REFRESH_GRACE_S)
LEEWAY: Final = timedelta(seconds=30)
_ALGORITHM: Final = "HS256"
_ISSUER: Final = "pixel-studio"
_AUDIENCE: Final = "pixel-studio-api"
_CLAIMS: Final = ("exp", "iat", "sub", "jti", "typ", "aud", "iss", "fam", "turn")
_TokenType = Literal["access", "refresh"]


class TokenRefused(NotSignedIn):
    """The token is forged, used, too old, or its sign-in has ended: the same words for all of these."""

    default_code = "token_refused"

    def __init__(self) -> None:
        super().__init__("This token is not valid any more. Sign in again.")


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a sign-in over the API is given."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in_s: int = limits.ACCESS_TOKEN_S


@dataclass(frozen=True, slots=True)
class _Claims:
    account_id: UserId
    family: str
    turn: int


async def open_family(tx: Transaction, keys: Keyring, account_id: UserId) -> TokenPair:
    """A new sign-in and its first pair."""
    row = TokenFamilyRow(id=new_id(), account_id=account_id, turn=1, created_at=tx.now, turned_at=tx.now, expires_at=tx.now + REFRESH)
    tx.add(row)
    await tx.flush()
    return _pair(keys, row, tx.now)


async def renew(tx: Transaction, keys: Keyring, refresh_token: str) -> TokenPair | None:
    """The next pair of the family, and the end of the token that was shown. None when it was shown before: then the family ended with it.

    Raises `TokenRefused` for what is no token of ours. The end of a family must be committed, so that is no error here.
    """
    claims = _claims(keys, refresh_token, "refresh", tx.now)
    row = await tx.get(TokenFamilyRow, claims.family, for_update=True)
    if row is None or row.account_id != claims.account_id or row.expires_at <= tx.now or not await _is_open(tx, claims.account_id):
        raise TokenRefused
    if claims.turn == row.turn - 1 and tx.now - row.turned_at <= GRACE:
        return _pair(keys, row, tx.now)
    if claims.turn != row.turn:
        await tx.delete(row)
        get_logger().warning("token.reused", account_id=row.account_id, turns_ago=row.turn - claims.turn)
        return None
    row.turn, row.turned_at, row.expires_at = row.turn + 1, tx.now, tx.now + REFRESH
    tx.add(row)
    await tx.flush()
    return _pair(keys, row, tx.now)


async def actor_of_token(reader: Reader, keys: Keyring, access_token: str) -> Actor:
    """Who comes with this access token, while its family lives. Raises `TokenRefused`. Nobody looks after the installation by token."""
    claims = _claims(keys, access_token, "access", reader.now)
    statement = (
        select(col(AccountRow.id), col(AccountRow.handle), col(AccountRow.sees))
        .join(TokenFamilyRow, col(TokenFamilyRow.account_id) == col(AccountRow.id))
        .where(col(TokenFamilyRow.id) == claims.family, col(AccountRow.id) == claims.account_id, col(AccountRow.closed_at).is_(None))
    )
    found = (await reader.exec(statement)).one_or_none()
    if found is None:
        raise TokenRefused
    return Actor(UserId(found.id), found.handle, is_maintainer=False, session_digest="", sees=found.sees)


async def end_families(tx: Transaction, account_id: UserId) -> None:
    """End every sign-in over the API of an account: its tokens are worth nothing from now on. Safe to repeat."""
    await tx.exec(delete(TokenFamilyRow).where(col(TokenFamilyRow.account_id) == account_id))


async def forget_old_families(tx: Transaction) -> None:
    """Upkeep: drop families nobody can renew any more."""
    await tx.exec(delete(TokenFamilyRow).where(col(TokenFamilyRow.expires_at) <= tx.now))


async def _is_open(reader: Reader, account_id: UserId) -> bool:
    statement = select(col(AccountRow.id)).where(col(AccountRow.id) == account_id, col(AccountRow.closed_at).is_(None))
    return (await reader.exec(statement)).first() is not None


def _pair(keys: Keyring, row: TokenFamilyRow, now: datetime) -> TokenPair:
    """The refresh token follows from the row alone, so that the same turn is the same token."""
    refresh = _signed(keys, row, "refresh", f"{row.id}.{row.turn}", row.turned_at, row.turned_at + REFRESH)
    return TokenPair(_signed(keys, row, "access", new_id(), now, now + ACCESS), refresh)


def _signed(keys: Keyring, row: TokenFamilyRow, typ: _TokenType, token_id: str, begins: datetime, ends: datetime) -> str:
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": row.account_id,
        "jti": token_id,
        "typ": typ,
        "fam": row.id,
        "turn": row.turn,
        "iat": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
    }
    return jwt.encode(claims, keys.tokens, algorithm=_ALGORITHM)


def _claims(keys: Keyring, token: str, typ: _TokenType, now: datetime) -> _Claims:
    """What a token says, once its signature, its purpose and its time are right. The library's own clock is not asked."""
    try:
        told: dict[str, Any] = jwt.decode(
            token,
            keys.tokens,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False},
        )
        begins, ends, turn = int(told["iat"]), int(told["exp"]), int(told["turn"])
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused from error
    moment, leeway_s = now.timestamp(), LEEWAY.total_seconds()
    if told["typ"] != typ or moment >= ends + leeway_s or begins > moment + leeway_s:
        raise TokenRefused
    return _Claims(UserId(str(told["sub"])), str(told["fam"]), turn)
