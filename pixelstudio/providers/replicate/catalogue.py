"""What is offered of Replicate's models, a row each: adding a model or changing a price is done here and nowhere else.

A picture's price is Replicate's own for one output, in credits as `providers.prices` counts them. Most of these models draw shapes, not
sizes: the sizes below are those they draw for each shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.providers.contract import ImageModel, Size, Span
from pixelstudio.providers.prices import credits_for

if TYPE_CHECKING:
    from pixelstudio.providers.contract import Delivery, DrawRequest

PROVIDER: Final = "replicate"
MAKER: Final = "Replicate"
SEED_MAX: Final = 2**31 - 1
"""Seeds there are signed 32-bit numbers; larger ones of ours wrap, the same seed to the same seed."""
_ONE_PROMPT: Final = "This model reads one prompt only. Say in the prompt what to leave out."
_NO_SEED: Final = "This model draws anew each time and takes no seed. Leave it empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model. What is "" or None here is not sent."""

    model: str
    """As Replicate spells it: `owner/name`."""
    title: str
    maker: str
    usd: Decimal
    price_source: str
    price_checked: str
    sizes: Mapping[Size, str]
    """Each size, and what is sent for it: a shape such as `4:5`, or `1024x1280`."""
    size_field: str = "aspect_ratio"
    count_field: str = ""
    images_per_call: int = 1
    takes_seed: bool = True
    guidance_field: str = ""
    guidance_offered: Span | None = None
    steps_field: str = ""
    steps_offered: Span | None = None
    reference_field: str = ""
    besides: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType[str, Any]({}))
    """What is sent with every request."""
    timeout_s: float = 180.0

    @property
    def id(self) -> str:
        """The model's name in this studio."""
        return f"{PROVIDER}-{self.model.partition('/')[2]}"

    def image_model(self, *, delivery: Delivery, lane_concurrency: int, lane_per_minute: int | None) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=PROVIDER,
            title=self.title,
            maker=self.maker,
            note="at Replicate",
            sizes=tuple(self.sizes),
            lane=PROVIDER,
            lane_concurrency=lane_concurrency,
            lane_per_minute=lane_per_minute,
            price_credits=credits_for(self.usd),
            price_source=self.price_source,
            price_checked=self.price_checked,
            steps=0,
            images_per_call=self.images_per_call,
            supports_seed=self.takes_seed,
            why_no_seed="" if self.takes_seed else _NO_SEED,
            why_no_negative_prompt=_ONE_PROMPT,
            guidance_offered=self.guidance_offered,
            steps_offered=self.steps_offered,
            supports_reference=bool(self.reference_field),
            delivery=delivery,
            stopped_by=MAKER,
            timeout_s=self.timeout_s,
        )

    def input_of(self, request: DrawRequest, reference: str | None) -> dict[str, Any]:
        """The model's input. `reference` is the picture to go by as a data address."""
        shape = next(shape for size, shape in self.sizes.items() if size[:2] == (request.width, request.height))
        chosen: dict[str, Any] = {
            "prompt": request.prompt,
            self.size_field: shape,
            "seed": request.seed % (SEED_MAX + 1) if self.takes_seed else None,
            self.count_field: request.count,
            self.guidance_field: request.guidance,
            self.steps_field: request.steps,
            self.reference_field: reference,
        }
        return {name: value for name, value in chosen.items() if name and value is not None} | dict(self.besides)


_FLUX_SIZES: Final = MappingProxyType(
    {
        Size(1024, 1024, "Square"): "1:1",
        Size(896, 1088, "Portrait"): "4:5",
        Size(1088, 896, "Landscape"): "5:4",
        Size(768, 1344, "Tall"): "9:16",
        Size(1344, 768, "Wide"): "16:9",
        Size(832, 1216, "Poster"): "2:3",
        Size(1216, 832, "Broad"): "3:2",
    }
)
_IMAGEN_SIZES: Final = MappingProxyType(
    {
        Size(1024, 1024, "Square"): "1:1",
        Size(896, 1280, "Portrait"): "3:4",
        Size(1280, 896, "Landscape"): "4:3",
        Size(768, 1408, "Tall"): "9:16",
        Size(1408, 768, "Wide"): "16:9",
    }
)
_RECRAFT_SIZES: Final = MappingProxyType(
    {
        size: f"{size.width}x{size.height}"
        for size in (
            Size(1024, 1024, "Square"),
            Size(1024, 1280, "Portrait"),
            Size(1280, 1024, "Landscape"),
            Size(1024, 1536, "Poster"),
            Size(1536, 1024, "Broad"),
        )
    }
)
_LISTED: Final = "replicate.com/pricing, as read by API Evangelist"
_LISTED_ON: Final = "2026-10-07"
_COMPARED: Final = "list prices compared by aiimagegenerationapi.com"
_COMPARED_ON: Final = "2026-07-01"
_PNG: Final = MappingProxyType({"output_format": "png"})

OFFERS: Final = (
    Offer(
        model="black-forest-labs/flux-schnell",
        title="FLUX.1 schnell, at Replicate",
        maker="Black Forest Labs",
        usd=Decimal("0.003"),
        price_source=_LISTED,
        price_checked=_LISTED_ON,
        sizes=_FLUX_SIZES,
        count_field="num_outputs",
        images_per_call=4,
        steps_field="num_inference_steps",
        steps_offered=Span(1, 4, 4),
        besides=_PNG,
        timeout_s=90.0,
    ),
    Offer(
        model="black-forest-labs/flux-dev",
        title="FLUX.1 dev, at Replicate",
        maker="Black Forest Labs",
        usd=Decimal("0.025"),
        price_source=_LISTED,
        price_checked=_LISTED_ON,
        sizes=_FLUX_SIZES,
        count_field="num_outputs",
        images_per_call=4,
        guidance_field="guidance",
        guidance_offered=Span(0, 10, 3),
        steps_field="num_inference_steps",
        steps_offered=Span(1, 50, 28),
        reference_field="image",
        besides=_PNG,
    ),
    Offer(
        model="black-forest-labs/flux-1.1-pro",
        title="FLUX 1.1 pro, at Replicate",
        maker="Black Forest Labs",
        usd=Decimal("0.04"),
        price_source=_LISTED,
        price_checked=_LISTED_ON,
        sizes=_FLUX_SIZES,
        reference_field="image_prompt",
        besides=_PNG,
    ),
    Offer(
        model="ideogram-ai/ideogram-v3-quality",
        title="Ideogram 3, fine",
        maker="Ideogram",
        usd=Decimal("0.09"),
        price_source=_LISTED,
        price_checked=_LISTED_ON,
        sizes=_FLUX_SIZES,
    ),
    Offer(
        model="google/imagen-4",
        title="Imagen 4",
        maker="Google",
        usd=Decimal("0.04"),
        price_source=_COMPARED,
        price_checked=_COMPARED_ON,
        sizes=_IMAGEN_SIZES,
        takes_seed=False,
        besides=_PNG,
    ),
    Offer(
        model="recraft-ai/recraft-v3",
        title="Recraft 3, at Replicate",
        maker="Recraft",
        usd=Decimal("0.09"),
        price_source=f"{_COMPARED}: $0.03 to $0.09, of which the dearest",
        price_checked=_COMPARED_ON,
        sizes=_RECRAFT_SIZES,
        size_field="size",
        takes_seed=False,
    ),
)
