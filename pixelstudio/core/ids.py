"""Public ids and secrets: 128 and 256 random bits, never a counter, never a digest of content."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import NewType

UserId = NewType("UserId", str)
GenerationId = NewType("GenerationId", str)
ImageId = NewType("ImageId", str)
JobId = NewType("JobId", int)

_ID = re.compile(r"[a-z2-7]{26}")


def new_id() -> str:
    """A public id: 26 characters of lower-case base32 over 128 random bits."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def is_id(text: object) -> bool:
    """Whether `text` has the shape of a public id. Says nothing about existence."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def new_secret() -> str:
    """A bearer secret: 43 url-safe characters over 256 random bits. Store only its digest."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> str:
    """SHA-256 of a secret, in hex: what the database keeps instead of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
