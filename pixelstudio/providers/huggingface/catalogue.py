"""What is offered of the hub's models, a row each: the repository, who draws it, and what one picture of about a megapixel costs there.

Hugging Face adds nothing to what a provider takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from pixelstudio.providers.contract import ImageModel, Size, Span
from pixelstudio.providers.prices import credits_for

Drawer = Literal["together", "nscale", "hf-inference"]

PROVIDER: Final = "huggingface"
MAKER: Final = "Hugging Face"
PRICE_CHECKED: Final = "2026-11-28"

SIZES: Final = (
    Size(1024, 1024, "Square"),
    Size(832, 1216, "Portrait"),
    Size(1216, 832, "Landscape"),
    Size(768, 1344, "Tall"),
    Size(1344, 768, "Wide"),
)
WHY_NO_NEGATIVE_PROMPT: Final = "FLUX reads one prompt only. Say in the prompt what to leave out."
WHY_NO_REFERENCE: Final = "By this provider the model draws from words alone. Choose another model to go by a picture."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model of the hub, by one of the providers."""

    repository: str
    drawer: Drawer
    title: str
    usd: Decimal
    price_source: str
    steps: Span | None = None
    guidance: Span | None = None
    supports_seed: bool = True
    supports_negative_prompt: bool = False
    timeout_s: float = 120.0

    @property
    def id(self) -> str:
        """The model's name in this studio."""
        return f"hf-{self.drawer}-{self.repository.rpartition('/')[2].lower()}"

    @property
    def price_credits(self) -> int:
        """One picture, rounded up to whole credits."""
        return credits_for(self.usd)

    @property
    def image_model(self) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=PROVIDER,
            title=self.title,
            maker=MAKER,
            note=f"Drawn by {self.drawer}",
            sizes=SIZES,
            lane=PROVIDER,
            lane_concurrency=4,
            price_credits=self.price_credits,
            steps=0,
            supports_seed=self.supports_seed,
            why_no_seed="" if self.supports_seed else "By this provider the model draws anew each time and takes no seed. Leave it empty.",
            supports_negative_prompt=self.supports_negative_prompt,
            why_no_negative_prompt="" if self.supports_negative_prompt else WHY_NO_NEGATIVE_PROMPT,
            guidance_offered=self.guidance,
            steps_offered=self.steps,
            why_no_reference=WHY_NO_REFERENCE,
            price_source=self.price_source,
            price_checked=PRICE_CHECKED,
            timeout_s=self.timeout_s,
        )


_TOGETHER: Final = "Together's price for a megapixel, as developer.puter.com/ai/black-forest-labs quotes it"
_REPLICATE: Final = "$0.025 a picture is what replicate.com/pricing (2026-10-07) takes for FLUX.1 dev; Together is not dearer"
_SECONDS: Final = "seconds of Hugging Face's own machines; one credit covers minutes of a processor"

OFFERS: Final = (
    Offer(
        repository="black-forest-labs/FLUX.1-schnell",
        drawer="together",
        title="FLUX.1 schnell, at Hugging Face",
        usd=Decimal("0.0027"),
        price_source=_TOGETHER,
        steps=Span(1, 12, 4),
    ),
    Offer(
        repository="black-forest-labs/FLUX.1-dev",
        drawer="together",
        title="FLUX.1 dev, at Hugging Face",
        usd=Decimal("0.025"),
        price_source=_REPLICATE,
        steps=Span(1, 50, 28),
        guidance=Span(1, 10, 3.5),
    ),
    Offer(
        repository="stabilityai/stable-diffusion-xl-base-1.0",
        drawer="nscale",
        title="Stable Diffusion XL",
        usd=Decimal("0.003"),
        price_source="Nscale's price list of 2025 for a megapixel; a credit covers ten times as much",
        supports_seed=False,
    ),
    Offer(
        repository="stabilityai/stable-diffusion-xl-base-1.0",
        drawer="hf-inference",
        title="Stable Diffusion XL, at Hugging Face",
        usd=Decimal("0.02"),
        price_source=_SECONDS,
        steps=Span(1, 50, 25),
        guidance=Span(1, 20, 7),
        supports_negative_prompt=True,
        timeout_s=240.0,
    ),
)
