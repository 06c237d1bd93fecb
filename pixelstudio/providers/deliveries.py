"""What a provider brings by itself: read, and proved to be genuine, before anybody acts on it.

A delivery is a message that something has happened to a drawing. Whoever reads one answers for it: that it was signed by the provider,
not long ago, over the very bytes that came. What it says of the drawing is not believed all the same: it is asked of the provider.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from pixelstudio.core.errors import Invalid
from pixelstudio.net.signatures import is_standard, is_timely

if TYPE_CHECKING:
    from collections.abc import Awaitable


class NotGenuine(Invalid):
    """It was not signed by whom it says it is from, or not lately, or is no delivery at all. `code` says in what it fails."""

    status: ClassVar[int] = 400
    default_code = "delivery_not_genuine"


@dataclass(frozen=True, slots=True)
class Brought:
    """A request as it came. Names of headers in lower case; `at` is our clock, an epoch in seconds."""

    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a genuine delivery says: its own id, which comes again when it is brought again; the drawing it is about; whether that has ended."""

    delivery_id: str
    external_id: str | None
    is_end: bool
    status: str


class DeliveryReader(Protocol):
    """Reads what one provider brings."""

    async def read(self, brought: Brought) -> Told:
        """What it says. Raises `NotGenuine`, or a kind of `providers.errors` when the means to prove it could not be had."""
        ...


class StandardReader:
    """Reads what is signed by Standard Webhooks. `keys` are the secrets that count just now, two while one is being changed; or ask for them."""

    def __init__(
        self, keys: Sequence[bytes] | Callable[[], Awaitable[Sequence[bytes]]], told: Callable[[str, Mapping[str, Any]], Told]
    ) -> None:
        self._keys = keys
        self._told = told

    async def read(self, brought: Brought) -> Told:
        """Signature first, over the raw body; only then it is parsed."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        delivery_id, timestamp, signatures = (brought.headers.get(name, "") for name in names)
        if not (delivery_id and timestamp and signatures) or len(delivery_id) > 200:
            raise NotGenuine("This is not signed.", code="signature_missing")
        if not is_timely(timestamp, brought.at):
            raise NotGenuine("This was signed too long ago, or by a clock that goes wrong.", code="signature_untimely")
        keys = await self._keys() if callable(self._keys) else self._keys
        if not is_standard(keys, delivery_id, timestamp, signatures, brought.body):
            raise NotGenuine("This was not signed by whom it says it is from.", code="signature_wrong")
        return self._told(delivery_id, parsed(brought.body))


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON object in a body that was proved genuine. Raises `NotGenuine`."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotGenuine("This is no delivery.", code="delivery_malformed") from error
    if not isinstance(value, dict):
        raise NotGenuine("This is no delivery.", code="delivery_malformed")
    return cast("dict[str, Any]", value)


def named(value: object) -> str | None:
    """A provider's own name for a drawing; None for what is none."""
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None


def relayed(delivery_id: str, body: Mapping[str, Any]) -> Told:
    """What a relay of one's own says for a provider that calls nobody: `id` or `request_id` names the drawing, `status` how it stands."""
    status = body.get("status")
    return Told(delivery_id, named(body.get("id")) or named(body.get("request_id")), is_end=True, status=named(status) or "")
