"""The web UI this installation has, from its settings: none without an address."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from pydantic import SecretStr

from pixelstudio.providers.a1111.provider import PROVIDER, WebUI
from pixelstudio.providers.self_hosted import House, installed

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider


async def a1111_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured one, with what it has installed; none when it has never told."""
    if not settings.a1111_base_url:
        return []
    house = House(
        provider=PROVIDER, maker=settings.a1111_name, price_credits=settings.a1111_price_credits, timeout_s=settings.a1111_timeout_s
    )
    login = settings.a1111_login.get_secret_value()
    secret = SecretStr(b64encode(login.encode()).decode()) if login else None

    def server(checkpoints: list[str]) -> WebUI:
        offers = house.offers(checkpoints)
        return WebUI(client, base_url=settings.a1111_base_url, maker=house.maker, login=secret, offers=offers)

    checkpoints = await installed(house.maker, server([]).checkpoints(), settings.data_dir / "installed" / f"{PROVIDER}.json")
    return [server(checkpoints)] if checkpoints else []
