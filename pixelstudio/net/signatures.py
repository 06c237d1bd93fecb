"""Signatures of what is brought to us: Standard Webhooks (HMAC-SHA256), Ed25519 over the four lines fal signs, and how old they may be.

Always over the bytes as they came, never over what was parsed from them. Sources: the Standard Webhooks specification 1.0.0; fal.ai/docs,
"webhooks". Test vectors of both stand in `tests/net/test_signatures.py`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Iterable

TOLERANCE_S: Final = 300
"""How far the moment that was signed may lie from our clock, on either side."""
_PREFIX: Final = "whsec_"


def standard_key(secret: str) -> bytes:
    """The key in a secret of the form `whsec_<base64>`; the prefix may be missing. Raises `ValueError`."""
    text = secret.strip().removeprefix(_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        msg = "must be whsec_ and base64"
        raise ValueError(msg) from error


def standard_signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """What Standard Webhooks puts into `webhook-signature`: `v1,` and base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def is_standard(keys: Iterable[bytes], message_id: str, timestamp: str, signatures: str, body: bytes) -> bool:
    """Whether one of these keys made one of the signatures of a header, which lists several while a secret is being changed."""
    given = [signature.encode() for signature in signatures.split(" ")]
    made = [standard_signature(key, message_id, timestamp, body).encode() for key in keys]
    return any([hmac.compare_digest(one, other) for one in made for other in given])  # noqa: C419  # all of them, so that time tells nothing


def fal_message(request_id: str, user_id: str, timestamp: str, body: bytes) -> bytes:
    """The four lines fal signs."""
    return "\n".join((request_id, user_id, timestamp, hashlib.sha256(body).hexdigest())).encode()


def is_ed25519(keys: Iterable[bytes], signature_hex: str, message: bytes) -> bool:
    """Whether one of these public keys (32 raw bytes each) vouches for the message."""
    try:
        signature = bytes.fromhex(signature_hex)
    except ValueError:
        return False
    return any(_vouches(key, signature, message) for key in keys)


def is_timely(timestamp: str, now: float) -> bool:
    """Whether a moment in whole seconds lies within the tolerance of `now`."""
    return timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12 and abs(int(timestamp) - now) <= TOLERANCE_S


def _vouches(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
