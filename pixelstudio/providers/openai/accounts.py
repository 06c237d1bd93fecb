"""Which of these providers this installation has, from its settings: none without a key or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.providers.contract import Size
from pixelstudio.providers.openai.catalogue import OFFERS, SQUARE, Offer
from pixelstudio.providers.openai.provider import Account, OpenAIImages

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Provider

PROVIDER: Final = "openai"
COMPATIBLE: Final = "openai-compatible"


def openai_providers(settings: Settings, client: Client) -> list[Provider]:
    """The configured ones, ready to be put into the registry. Nobody is asked anything here."""
    providers: list[Provider] = []
    if settings.openai_api_key.get_secret_value():
        account = Account(
            provider=PROVIDER,
            maker="OpenAI",
            base_url=settings.openai_base_url,
            key=settings.openai_api_key,
            lane_per_minute=settings.openai_calls_per_minute or None,
        )
        providers.append(OpenAIImages(client, account, OFFERS))
    if settings.openai_compatible_base_url:
        providers.append(OpenAIImages(client, _compatible_account(settings), compatible_offers(settings)))
    return providers


def compatible_offers(settings: Settings) -> tuple[Offer, ...]:
    """One row for each name in OPENAI_COMPATIBLE_MODELS: `id` or `id=Title`. Plain answers, because few such endpoints stream."""
    named = [entry.partition("=") for entry in settings.openai_compatible_models.split(",") if entry.strip()]
    return tuple(
        Offer(
            model=model.strip(),
            title=title.strip() or model.strip(),
            price_credits=settings.openai_compatible_price_credits,
            sizes=tuple(_size(text) for text in settings.openai_compatible_sizes.split(",")),
            response_format="b64_json",
            supports_reference=False,
            timeout_s=settings.openai_compatible_timeout_s,
            price_source="OPENAI_COMPATIBLE_PRICE_CREDITS",
        )
        for model, _, title in named
    )


def _compatible_account(settings: Settings) -> Account:
    key = settings.openai_compatible_api_key
    return Account(
        provider=COMPATIBLE,
        maker=settings.openai_compatible_name,
        base_url=settings.openai_compatible_base_url,
        key=key if key.get_secret_value() else None,
        lane_concurrency=settings.openai_compatible_concurrency,
        lane_per_minute=settings.openai_compatible_calls_per_minute or None,
    )


def _size(text: str) -> Size:
    width, _, height = text.strip().partition("x")
    size = (int(width), int(height))
    return SQUARE if size == SQUARE[:2] else Size(*size, _shape(*size))


def _shape(width: int, height: int) -> str:
    if width == height:
        return "Square"
    return "Portrait" if width < height else "Landscape"
