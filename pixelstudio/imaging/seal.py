"""The seal of a studio: an Ed25519 signature over a recipe and over the picture it was written for. Anybody can check it; one key makes it.

What is signed is the recipe's JSON in one fixed form, with the digest of everything in the file that makes the picture. So neither the
words can be changed, nor the recipe be put into another picture, without it showing. Source: RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from pixelstudio.imaging.recipe import Recipe

SealStanding = Literal["unsigned", "broken", "good"]


class Seal:
    """The seal made by one private key of 32 bytes. `public` is what a recipe says of who signed it: the public key in base64url."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)
        self.public = _text(self._key.public_key().public_bytes_raw())

    def sealed(self, recipe: Recipe, content: str) -> Recipe:
        """The recipe, bound to a picture whose `content` digest is given, and signed. Safe to repeat: the same gives the same."""
        bound = replace(recipe.as_in_files(), content=content, signer=self.public, signature="")
        return replace(bound, signature=_text(self._key.sign(signed_bytes(bound))))


def standing_of(recipe: Recipe) -> SealStanding:
    """Whether the recipe is signed, and truly by the key it names. Whose key that is, is another question."""
    if not recipe.signature:
        return "unsigned"
    try:
        key = Ed25519PublicKey.from_public_bytes(_bytes(recipe.signer))
        key.verify(_bytes(recipe.signature), signed_bytes(recipe))
    except (InvalidSignature, ValueError, binascii.Error):
        return "broken"
    return "good"


def signed_bytes(recipe: Recipe) -> bytes:
    """What the signature is over: all of the recipe but the signature, names in order, no blanks, UTF-8."""
    told = {name: value for name, value in recipe.to_json().items() if name != "signature"}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
