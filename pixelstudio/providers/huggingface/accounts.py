"""The Hugging Face account this installation has, from its settings: none without a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.huggingface.catalogue import OFFERS
from pixelstudio.providers.huggingface.provider import HuggingFaceImages

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider


def huggingface_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured one. Nobody is asked anything here."""
    key = settings.huggingface_api_key
    if not key.get_secret_value():
        return []
    return [
        HuggingFaceImages(
            client,
            base_url=settings.huggingface_base_url,
            hub_url=settings.huggingface_hub_url,
            key=key,
            offers=OFFERS,
            bill_to=settings.huggingface_bill_to,
        )
    ]
