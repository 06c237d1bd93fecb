"""Whether this installation has an account there, from its settings: none without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.replicate.catalogue import OFFERS
from pixelstudio.providers.replicate.deliveries import replicate_reader
from pixelstudio.providers.replicate.provider import Account, Replicate

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.deliveries import DeliveryReader


def replicate_provider(settings: Settings, client: Client, fetcher: Fetcher) -> Replicate | None:
    """The adapter, or None. Nobody is asked anything here."""
    if not settings.replicate_api_token.get_secret_value():
        return None
    account = Account(
        base_url=settings.replicate_base_url,
        key=settings.replicate_api_token,
        delivery="webhook" if settings.may_be_called_back else "poll",
        lane_per_minute=settings.replicate_calls_per_minute or None,
    )
    return Replicate(client, fetcher, account, OFFERS)


def reader_for(provider: Replicate, settings: Settings) -> DeliveryReader:
    """Who reads what this account brings."""
    return replicate_reader(settings.secrets_of("replicate_webhook_secret"), provider.webhook_secret)
