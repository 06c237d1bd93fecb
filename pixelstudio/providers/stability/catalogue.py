"""What is offered of Stability AI's services, a row each, with what one picture costs there and who says so.

A picture costs a flat number of their credits, a cent each, whatever its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pixelstudio.providers.contract import ImageModel, Size, Span
from pixelstudio.providers.prices import credits_for

PROVIDER: Final = "stability"
MAKER: Final = "Stability AI"
PRICE_SOURCE: Final = "Stability's own price list as quoted by developer.puter.com/tutorials/stability-ai-api-pricing (June 2026)"
PRICE_CHECKED: Final = "2026-11-28"

RATIOS: Final = {
    Size(1024, 1024, "Square"): "1:1",
    Size(896, 1088, "Portrait"): "4:5",
    Size(1088, 896, "Landscape"): "5:4",
    Size(832, 1216, "Poster"): "2:3",
    Size(1216, 832, "Broad"): "3:2",
    Size(768, 1344, "Tall"): "9:16",
    Size(1344, 768, "Wide"): "16:9",
}
"""What is asked for is a shape: how many pixels it has is decided there, about a million, or half as many more for Core."""
GUIDANCE: Final = Span(1, 10, 4)
TURBO_GUIDANCE: Final = Span(1, 10, 1)
WHY_NO_REFERENCE: Final = (
    "Stable Image Core draws from words alone. Choose Stable Image Ultra or Stable Diffusion 3.5 for a picture to go by."
)
WHY_NO_MASK: Final = "This model changes whole pictures only. Leave the mask out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One service, or one model of a service that has several."""

    route: str
    """The last word of its address."""
    title: str
    usd: Decimal
    model: str = ""
    guidance: Span | None = None
    supports_reference: bool = True
    timeout_s: float = 120.0

    @property
    def id(self) -> str:
        """The model's name in this studio."""
        return f"stability-{self.model or self.route}"

    @property
    def price_credits(self) -> int:
        """The dearest picture, rounded up to whole credits."""
        return credits_for(self.usd)

    @property
    def image_model(self) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=PROVIDER,
            title=self.title,
            maker=MAKER,
            note="",
            sizes=tuple(RATIOS),
            lane=PROVIDER,
            lane_concurrency=8,
            price_credits=self.price_credits,
            steps=0,
            supports_negative_prompt=True,
            guidance_offered=self.guidance,
            supports_reference=self.supports_reference,
            supports_strength=self.supports_reference,
            why_no_reference="" if self.supports_reference else WHY_NO_REFERENCE,
            why_no_mask=WHY_NO_MASK,
            price_source=PRICE_SOURCE,
            price_checked=PRICE_CHECKED,
            timeout_s=self.timeout_s,
        )


OFFERS: Final = (
    Offer(route="core", title="Stable Image Core", usd=Decimal("0.03"), supports_reference=False),
    Offer(route="ultra", title="Stable Image Ultra", usd=Decimal("0.08"), timeout_s=180.0),
    Offer(route="sd3", model="sd3.5-large", title="Stable Diffusion 3.5 Large", usd=Decimal("0.065"), guidance=GUIDANCE),
    Offer(route="sd3", model="sd3.5-large-turbo", title="Stable Diffusion 3.5 Turbo", usd=Decimal("0.04"), guidance=TURBO_GUIDANCE),
    Offer(route="sd3", model="sd3.5-medium", title="Stable Diffusion 3.5 Medium", usd=Decimal("0.035"), guidance=GUIDANCE),
)
