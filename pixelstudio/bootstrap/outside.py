"""Whoever else draws: the providers this installation has an account or an address for, and who reads what they bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.net.signatures import standard_key
from pixelstudio.providers.a1111.accounts import a1111_providers
from pixelstudio.providers.comfyui.accounts import comfyui_providers
from pixelstudio.providers.deliveries import StandardReader, relayed
from pixelstudio.providers.fal import accounts as fal
from pixelstudio.providers.horde.accounts import horde_providers
from pixelstudio.providers.huggingface.accounts import huggingface_providers
from pixelstudio.providers.openai.accounts import openai_providers
from pixelstudio.providers.replicate import accounts as replicate
from pixelstudio.providers.stability.accounts import stability_providers

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.contract import Provider
    from pixelstudio.providers.deliveries import DeliveryReader

RELAYED: Final = ("huggingface", "stability")
"""Providers that call nobody; a relay of the maintainer's own may."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Whoever else draws, and who reads what is brought by them or for them."""

    providers: list[Provider]
    readers: dict[str, DeliveryReader]


async def outside_of(settings: Settings, client: Client, fetcher: Fetcher) -> Outside:
    """The configured providers. Only self-hosted ones are asked something here: what they have installed."""
    outside = Outside(openai_providers(settings, client), {})
    if at_replicate := replicate.replicate_provider(settings, client, fetcher):
        outside.providers.append(at_replicate)
        outside.readers[at_replicate.name] = replicate.reader_for(at_replicate, settings)
    if at_fal := fal.fal_provider(settings, client, fetcher):
        outside.providers.append(at_fal)
        outside.readers[at_fal.name] = fal.reader_for(settings, client)
    outside.providers.extend([*stability_providers(settings, client), *huggingface_providers(settings, client)])
    outside.providers.extend([*await a1111_providers(settings, client), *await comfyui_providers(settings, client)])
    outside.providers.extend(horde_providers(settings, client))
    if keys := [standard_key(secret) for secret in settings.secrets_of("webhook_secret")]:
        outside.readers.update({name: StandardReader(keys, relayed) for name in RELAYED})
    return outside
