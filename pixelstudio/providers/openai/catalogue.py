"""What is offered of OpenAI's models, a row each: adding a model or changing a price is done here and nowhere else.

A row's price is its dearest size, with its partial pictures, in credits as `providers.prices` counts them. Output is billed by
the token: https://developers.openai.com/api/docs/pricing names $30 for a million.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pixelstudio.providers.contract import ImageModel, Size

USD_PER_PARTIAL_IMAGE: Final = Decimal("0.003")
"""A partial picture costs 100 output tokens (OpenAI's image generation guide)."""

WHY_NO_SEED: Final = "This model draws anew each time and takes no seed. Leave it empty."
WHY_NO_NEGATIVE_PROMPT: Final = "This model reads one prompt only. Say in the prompt what to leave out."

SQUARE: Final = Size(1024, 1024, "Square")
PORTRAIT: Final = Size(1024, 1280, "Portrait")
LANDSCAPE: Final = Size(1280, 1024, "Landscape")
TALL: Final = Size(768, 1344, "Tall")
WIDE: Final = Size(1344, 768, "Wide")
POSTER: Final = Size(1024, 1536, "Poster")
BROAD: Final = Size(1536, 1024, "Broad")
FREE_SIZES: Final = (SQUARE, PORTRAIT, LANDSCAPE, TALL, WIDE, POSTER, BROAD)
"""Models from gpt-image-2 on draw any size whose sides divide by 16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model at one quality. Empty `quality` or `response_format` and no partial pictures mean: do not send that field."""

    model: str
    """As the protocol spells it."""
    title: str
    price_credits: int
    usd: Decimal | None = None
    """One picture of the dearest offered size, without partial pictures; None when only the maintainer knows."""
    price_source: str
    price_checked: str = ""
    quality: str = ""
    sizes: tuple[Size, ...] = FREE_SIZES
    partial_images: int = 0
    response_format: str = ""
    supports_reference: bool = True
    timeout_s: float = 180.0

    @property
    def id(self) -> str:
        """The model's name in this studio."""
        return f"{self.model}-{self.quality}" if self.quality else self.model

    def image_model(self, *, provider: str, maker: str, note: str, lane_concurrency: int, lane_per_minute: int | None) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=provider,
            title=self.title,
            maker=maker,
            note=note,
            sizes=self.sizes,
            lane=provider,
            lane_concurrency=lane_concurrency,
            lane_per_minute=lane_per_minute,
            price_credits=self.price_credits,
            price_source=self.price_source,
            price_checked=self.price_checked,
            steps=self.partial_images + 1 if self.partial_images else 0,
            supports_seed=False,
            why_no_seed=WHY_NO_SEED,
            why_no_negative_prompt=WHY_NO_NEGATIVE_PROMPT,
            supports_reference=self.supports_reference,
            supports_mask=self.supports_reference,
            mask_form="clear",
            timeout_s=self.timeout_s,
        )


_FLARE_SOURCE: Final = "output tokens of the square measured by a third party (S. Anand: 196, 439, 1,756), by area for larger sizes"
_FLARE_CHECKED: Final = "2026-11-20"
_TWO_SOURCE: Final = "cost examples in OpenAI's image generation guide, of which the square is the dearest"
_TWO_CHECKED: Final = "2026-05-06"

OFFERS: Final = (
    Offer(
        model="gpt-image-2.5-flare",
        quality="medium",
        title="GPT Image 2.5 Flare",
        price_credits=1,
        usd=Decimal("0.020"),
        partial_images=2,
        timeout_s=180.0,
        price_source=_FLARE_SOURCE,
        price_checked=_FLARE_CHECKED,
    ),
    Offer(
        model="gpt-image-2.5-flare",
        quality="low",
        title="GPT Image 2.5 Flare, draft",
        price_credits=1,
        usd=Decimal("0.009"),
        partial_images=1,
        timeout_s=120.0,
        price_source=_FLARE_SOURCE,
        price_checked=_FLARE_CHECKED,
    ),
    Offer(
        model="gpt-image-2.5-flare",
        quality="high",
        title="GPT Image 2.5 Flare, fine",
        price_credits=3,
        usd=Decimal("0.080"),
        partial_images=3,
        timeout_s=300.0,
        price_source=_FLARE_SOURCE,
        price_checked=_FLARE_CHECKED,
    ),
    Offer(
        model="gpt-image-2",
        quality="medium",
        title="GPT Image 2",
        price_credits=2,
        usd=Decimal("0.053"),
        partial_images=2,
        timeout_s=240.0,
        price_source=_TWO_SOURCE,
        price_checked=_TWO_CHECKED,
    ),
    Offer(
        model="gpt-image-2",
        quality="high",
        title="GPT Image 2, fine",
        price_credits=6,
        usd=Decimal("0.211"),
        partial_images=3,
        timeout_s=360.0,
        price_source=_TWO_SOURCE,
        price_checked=_TWO_CHECKED,
    ),
)
