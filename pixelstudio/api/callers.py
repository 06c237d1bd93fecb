"""Who calls the API: a program with an access token or a key, or a page of ours with its session. A token is looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.api.identity import member_of, studio_of
from pixelstudio.features.accounts.api_keys import PREFIX, actor_of_key, mark_used
from pixelstudio.features.accounts.tokens import TokenRefused, actor_of_token

if TYPE_CHECKING:
    from fastapi import Request

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

_BEARER: Final = "bearer "
_BEARER_MAX: Final = 2_048


async def caller_of(reader: Reader, request: Request) -> Actor:
    """Who calls. Raises `TokenRefused` for a token or key that is worth nothing, `NotSignedIn` for nobody and for a guest."""
    credential = bearer_of(request)
    if credential is None:
        return await member_of(reader, request)
    if credential.startswith(PREFIX):
        return await actor_of_key(reader, credential)
    return await actor_of_token(reader, studio_of(request).keys, credential)


async def caller_who_asks(tx: Transaction, request: Request) -> Actor:
    """As `caller_of`, and a key is marked as being in use."""
    actor = await caller_of(tx, request)
    credential = bearer_of(request)
    if credential is not None and credential.startswith(PREFIX):
        await mark_used(tx, credential)
    return actor


def bearer_of(request: Request) -> str | None:
    """What stands behind `Authorization: Bearer`; None without that header. Raises `TokenRefused` for another scheme."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    if not header.lower().startswith(_BEARER) or len(header) > _BEARER_MAX:
        raise TokenRefused
    return header[len(_BEARER) :].strip()
