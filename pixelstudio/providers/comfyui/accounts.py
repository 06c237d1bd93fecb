"""The ComfyUI this installation has, from its settings: none without an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.comfyui.provider import PROVIDER, ComfyUI
from pixelstudio.providers.self_hosted import House, installed

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider


async def comfyui_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured one, with what it has installed; none when it has never told."""
    base_url = settings.comfyui_base_url
    if not base_url:
        return []
    house = House(
        provider=PROVIDER,
        maker=settings.comfyui_name,
        price_credits=settings.comfyui_price_credits,
        timeout_s=settings.comfyui_timeout_s,
        idempotency="query",
    )
    unnamed = ComfyUI(client, base_url=base_url, maker=house.maker, offers={})
    checkpoints = await installed(house.maker, unnamed.checkpoints(), settings.data_dir / "installed" / f"{PROVIDER}.json")
    return [ComfyUI(client, base_url=base_url, maker=house.maker, offers=house.offers(checkpoints))] if checkpoints else []
