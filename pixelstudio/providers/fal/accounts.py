"""Whether this installation has an account there, from its settings: none without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.fal.catalogue import OFFERS
from pixelstudio.providers.fal.deliveries import FalReader
from pixelstudio.providers.fal.provider import Account, Fal

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.deliveries import DeliveryReader


def fal_provider(settings: Settings, client: Client, fetcher: Fetcher) -> Fal | None:
    """The adapter, or None. Nobody is asked anything here."""
    if not settings.fal_key.get_secret_value():
        return None
    account = Account(
        queue_url=settings.fal_queue_url,
        platform_url=settings.fal_platform_url,
        key=settings.fal_key,
        delivery="webhook" if settings.may_be_called_back else "poll",
        lane_concurrency=settings.fal_concurrency,
    )
    return Fal(client, fetcher, account, OFFERS)


def reader_for(settings: Settings, client: Client) -> DeliveryReader:
    """Who reads what fal brings."""
    return FalReader(client, settings.fal_keys_url)
