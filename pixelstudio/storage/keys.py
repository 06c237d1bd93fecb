"""Keys of stored bytes: the sha256 of the content in 64 lower-case hex digits, and nothing else, ever."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def digest_of(data: bytes) -> str:
    """The key under which these bytes live."""
    return hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether this is a key."""
    return _DIGEST.fullmatch(text) is not None


def checked(digest: str) -> str:
    """The key itself. Raises ValueError for anything else: keys come from our own rows, so a malformed one is a fault of ours."""
    if not is_digest(digest):
        raise ValueError(f"not a storage key: {digest[:80]!r}")
    return digest
