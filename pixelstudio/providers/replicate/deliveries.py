"""What Replicate brings: predictions that ended, signed by Standard Webhooks with the account's own secret."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.net.signatures import standard_key
from pixelstudio.providers.deliveries import NotGenuine, StandardReader, Told, named
from pixelstudio.providers.errors import Unavailable
from pixelstudio.providers.replicate.wire import ENDED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEPT_S: Final = 3_600.0
"""Asked for again after this long: a secret that was changed there counts here within the hour, with the one before it."""


def replicate_reader(secrets: Sequence[str], ask: Callable[[], Awaitable[str]]) -> StandardReader:
    """A reader that goes by `secrets`, or asks the account for its own when there are none."""
    return StandardReader(_Secrets(secrets, ask).keys, _told)


class _Secrets:
    def __init__(self, secrets: Sequence[str], ask: Callable[[], Awaitable[str]]) -> None:
        self._known = [standard_key(secret) for secret in secrets]
        self._ask = None if secrets else ask
        self._asked_at = -KEPT_S
        self._door = asyncio.Lock()

    async def keys(self) -> Sequence[bytes]:
        """The secrets that count: those of the settings, or the account's present one and the one before."""
        async with self._door:
            if self._ask is not None and time.monotonic() - self._asked_at > KEPT_S:
                await self._learn(self._ask)
        return self._known

    async def _learn(self, ask: Callable[[], Awaitable[str]]) -> None:
        try:
            key = standard_key(await ask())
        except ValueError as error:
            raise Unavailable("Replicate's webhook secret cannot be read.", code="webhook_secret_unreadable") from error
        self._asked_at = time.monotonic()
        if key not in self._known:
            self._known = [key, *self._known[:1]]


def _told(delivery_id: str, body: Mapping[str, Any]) -> Told:
    external_id, status = named(body.get("id")), named(body.get("status"))
    if external_id is None or status is None:
        raise NotGenuine("This is no prediction.", code="delivery_malformed")
    return Told(delivery_id, external_id, is_end=status in ENDED, status=status)
