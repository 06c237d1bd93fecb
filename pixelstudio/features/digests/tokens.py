"""Tokens of letters: the address in a letter proves itself whose letters it ends. It opens nothing else, and never runs out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import UserId, is_id

if TYPE_CHECKING:
    from pixelstudio.core.keyring import Keyring

_PURPOSE: Final = b"pixelstudio digest unsubscribe v1\x00"
"""No token of another kind that this key signs can stand for one of these."""


def unsubscribe_token(keys: Keyring, account_id: UserId) -> str:
    """The token of somebody's letters."""
    return f"{account_id}.{_signature(keys, account_id)}"


def account_of(keys: Keyring, token: str) -> UserId:
    """Whose letters a token is about. Raises `NotFound` for what is none of ours."""
    account_id, _, signature = token.partition(".")
    if not is_id(account_id) or not hmac.compare_digest(signature.encode(), _signature(keys, account_id).encode()):
        raise NotFound
    return UserId(account_id)


def _signature(keys: Keyring, account_id: str) -> str:
    digest = hmac.new(keys.tokens, _PURPOSE + account_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
