"""The AI Horde, if this installation asks it: none without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.horde.catalogue import OFFERS
from pixelstudio.providers.horde.provider import Horde

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider


def horde_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured one. Nobody is asked anything here."""
    if not settings.horde_api_key.get_secret_value():
        return []
    return [Horde(client, base_url=settings.horde_base_url, key=settings.horde_api_key, offers=OFFERS)]
