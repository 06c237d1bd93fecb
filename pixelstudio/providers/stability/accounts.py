"""The Stability AI account this installation has, from its settings: none without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.stability.catalogue import OFFERS
from pixelstudio.providers.stability.provider import StabilityImages

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider


def stability_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured one. Nobody is asked anything here."""
    if not settings.stability_api_key.get_secret_value():
        return []
    return [StabilityImages(client, base_url=settings.stability_base_url, key=settings.stability_api_key, offers=OFFERS)]
