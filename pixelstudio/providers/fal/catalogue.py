"""What is offered of fal's models, a row each: adding a model or changing a price is done here and nowhere else.

fal charges most models by the megapixel, a part of one counting as a whole one, so a row's price is its dearest size, in credits as
`providers.prices` counts them. What a model takes is in the schema on its page, `fal.ai/models/<id>/llms.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.providers.contract import ImageModel, Size, Span
from pixelstudio.providers.prices import credits_for

if TYPE_CHECKING:
    from pixelstudio.providers.contract import Delivery, DrawRequest

PROVIDER: Final = "fal"
MAKER: Final = "fal.ai"
_ONE_PROMPT: Final = "This model reads one prompt only. Say in the prompt what to leave out."
_NO_SEED: Final = "This model draws anew each time and takes no seed. Leave it empty."
_MEGAPIXEL: Final = 1024 * 1024

SIZES: Final = (
    Size(1024, 1024, "Square"),
    Size(1024, 1280, "Portrait"),
    Size(1280, 1024, "Landscape"),
    Size(768, 1344, "Tall"),
    Size(1344, 768, "Wide"),
    Size(1024, 1536, "Poster"),
    Size(1536, 1024, "Broad"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model."""

    model: str
    """As fal spells it: `owner/app` and what follows."""
    title: str
    maker: str
    usd: Decimal
    """For the first megapixel, or for a picture."""
    usd_per_further: Decimal = Decimal(0)
    """For each further megapixel, begun or whole."""
    price_source: str
    price_checked: str
    sizes: tuple[Size, ...] = SIZES
    images_per_call: int = 1
    takes_seed: bool = True
    takes_negative_prompt: bool = False
    guidance_offered: Span | None = None
    steps_offered: Span | None = None
    reference_model: str = ""
    """Which model is asked when there is a picture to go by."""
    timeout_s: float = 180.0

    @property
    def id(self) -> str:
        """The model's name in this studio."""
        return "-".join([PROVIDER, *self.model.split("/")[1:]])

    @property
    def dearest_usd(self) -> Decimal:
        """What the dearest offered size costs."""
        megapixels = max(ceil(size.width * size.height / _MEGAPIXEL) for size in self.sizes)
        return self.usd + (megapixels - 1) * self.usd_per_further

    def image_model(self, *, delivery: Delivery, lane_concurrency: int, lane_per_minute: int | None) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=PROVIDER,
            title=self.title,
            maker=self.maker,
            note="at fal.ai",
            sizes=self.sizes,
            lane=PROVIDER,
            lane_concurrency=lane_concurrency,
            lane_per_minute=lane_per_minute,
            price_credits=credits_for(self.dearest_usd),
            price_source=self.price_source,
            price_checked=self.price_checked,
            steps=0,
            images_per_call=self.images_per_call,
            supports_seed=self.takes_seed,
            why_no_seed="" if self.takes_seed else _NO_SEED,
            supports_negative_prompt=self.takes_negative_prompt,
            why_no_negative_prompt="" if self.takes_negative_prompt else _ONE_PROMPT,
            guidance_offered=self.guidance_offered,
            steps_offered=self.steps_offered,
            supports_reference=bool(self.reference_model),
            delivery=delivery,
            stopped_by=MAKER,
            timeout_s=self.timeout_s,
        )

    def asked_for(self, request: DrawRequest) -> str:
        """The model that is asked."""
        return self.reference_model if request.reference is not None else self.model

    def input_of(self, request: DrawRequest, reference: str | None) -> dict[str, Any]:
        """The model's input. `reference` is the picture to go by as a data address."""
        chosen: dict[str, Any] = {
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt or None,
            "image_size": {"width": request.width, "height": request.height},
            "seed": request.seed if self.takes_seed else None,
            "num_images": request.count if self.images_per_call > 1 else None,
            "guidance_scale": request.guidance,
            "num_inference_steps": request.steps,
            "image_url": reference,
            "output_format": "png" if self.images_per_call > 1 else None,
        }
        return {name: value for name, value in chosen.items() if value is not None}


_GUIDE: Final = "fal's price list, as a public guide to its models gives it"
_GUIDE_ON: Final = "2026-09-01"
_CHECKED: Final = "fal.ai/pricing, checked by a third party"
_CHECKED_ON: Final = "2026-09-01"

OFFERS: Final = (
    Offer(
        model="fal-ai/flux/schnell",
        title="FLUX.1 schnell, at fal",
        maker="Black Forest Labs",
        usd=Decimal("0.003"),
        usd_per_further=Decimal("0.003"),
        price_source=_GUIDE,
        price_checked=_GUIDE_ON,
        images_per_call=4,
        steps_offered=Span(1, 4, 4),
        timeout_s=90.0,
    ),
    Offer(
        model="fal-ai/flux/dev",
        title="FLUX.1 dev, at fal",
        maker="Black Forest Labs",
        usd=Decimal("0.025"),
        usd_per_further=Decimal("0.025"),
        price_source=_CHECKED,
        price_checked=_CHECKED_ON,
        images_per_call=4,
        guidance_offered=Span(1, 20, 3.5),
        steps_offered=Span(1, 50, 28),
        reference_model="fal-ai/flux/dev/image-to-image",
    ),
    Offer(
        model="fal-ai/flux-2-pro",
        title="FLUX.2 pro, at fal",
        maker="Black Forest Labs",
        usd=Decimal("0.03"),
        usd_per_further=Decimal("0.015"),
        price_source=_CHECKED,
        price_checked=_CHECKED_ON,
    ),
    Offer(
        model="fal-ai/flux-pro/v1.1",
        title="FLUX 1.1 pro, at fal",
        maker="Black Forest Labs",
        usd=Decimal("0.055"),
        usd_per_further=Decimal("0.055"),
        price_source=f"{_GUIDE}; others say $0.04, of which this is the dearer",
        price_checked=_GUIDE_ON,
    ),
    Offer(
        model="fal-ai/recraft/v3/text-to-image",
        title="Recraft 3, at fal",
        maker="Recraft",
        usd=Decimal("0.04"),
        price_source=_GUIDE,
        price_checked=_GUIDE_ON,
        takes_seed=False,
    ),
)
