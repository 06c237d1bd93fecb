"""What fal brings: requests that ended, signed with Ed25519 by one of the keys it publishes. Neither of its SDKs proves them; this does."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.net.client import Call, Patience
from pixelstudio.net.signatures import fal_message, is_ed25519, is_timely
from pixelstudio.providers.answers import Unreadable, ask
from pixelstudio.providers.deliveries import Brought, NotGenuine, Told, named, parsed
from pixelstudio.providers.errors import Unavailable
from pixelstudio.providers.fal.catalogue import MAKER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixelstudio.net.client import Client

KEPT_S: Final = 3_600.0
"""Its keys may be kept for a day; an hour is soon enough for a new one to count."""
_ASKED_AGAIN_AFTER_S: Final = 60.0
"""A delivery by a key nobody knows makes us look for new ones, but not more often than this."""
_KEY_BYTES: Final = 32
_ASKING: Final = Patience(first_byte_s=5.0, silence_s=5.0, total_s=8.0)


class FalReader:
    """Reads what fal brings, by the keys at `keys_url`."""

    def __init__(self, client: Client, keys_url: str) -> None:
        self._client = client
        self._keys_url = keys_url
        self._keys: list[bytes] = []
        self._asked_at = float("-inf")
        self._door = asyncio.Lock()

    async def read(self, brought: Brought) -> Told:
        """Signature first, over the raw body; only then it is parsed."""
        names = ("request-id", "user-id", "timestamp", "signature")
        request_id, user_id, timestamp, signature = (brought.headers.get(f"x-fal-webhook-{name}", "") for name in names)
        if not (request_id and timestamp and signature) or named(request_id) is None:
            raise NotGenuine("This is not signed.", code="signature_missing")
        if not is_timely(timestamp, brought.at):
            raise NotGenuine("This was signed too long ago, or by a clock that goes wrong.", code="signature_untimely")
        message = fal_message(request_id, user_id, timestamp, brought.body)
        if not await self._is_signed(signature, message):
            raise NotGenuine("This was not signed by whom it says it is from.", code="signature_wrong")
        body = parsed(brought.body)
        if body.get("request_id") != request_id:
            raise NotGenuine("This is about another request than it was signed for.", code="delivery_malformed")
        return Told(request_id, request_id, is_end=True, status=named(body.get("status")) or "")

    async def _is_signed(self, signature: str, message: bytes) -> bool:
        if is_ed25519(await self._known(KEPT_S), signature, message):
            return True
        return is_ed25519(await self._known(_ASKED_AGAIN_AFTER_S), signature, message)

    async def _known(self, at_most_s: float) -> Sequence[bytes]:
        async with self._door:
            if time.monotonic() - self._asked_at > at_most_s:
                self._keys = await self._published()
                self._asked_at = time.monotonic()
        return self._keys

    async def _published(self) -> list[bytes]:
        answer = await ask(self._client, MAKER, Call(method="GET", url=self._keys_url, patience=_ASKING), buys=False)
        try:
            keys = keys_of(answer.fields())
        except Unreadable:
            keys = []
        if answer.status != 200 or not keys:
            raise Unavailable(f"{MAKER}'s keys could not be had.", code="webhook_keys_unreadable", status=answer.status)
        return keys


def keys_of(fields: Mapping[str, Any]) -> list[bytes]:
    """The Ed25519 public keys of a set of JSON web keys; others are passed over."""
    entries = cast("list[object]", fields["keys"]) if isinstance(fields.get("keys"), list) else []
    texts = [cast("dict[str, object]", entry).get("x") for entry in entries if isinstance(entry, dict)]
    return [key for key in (_key(text) for text in texts if isinstance(text, str)) if len(key) == _KEY_BYTES]


def _key(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
