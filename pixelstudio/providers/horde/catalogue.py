"""What is offered of the Horde's models, a row each. Nobody is paid in money: an account with kudos is served before one without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.providers.contract import ImageModel, Size, Span

PROVIDER: Final = "horde"
MAKER: Final = "AI Horde"
NOTE: Final = "Drawn by volunteers, who can read the prompt"
PRICE_SOURCE: Final = "github.com/Haidra-Org/AI-Horde: requests cost kudos, never money"
PRICE_CHECKED: Final = "2026-11-20"

SMALL: Final = (Size(512, 512, "Square"), Size(512, 768, "Portrait"), Size(768, 512, "Landscape"))
LARGE: Final = (Size(1024, 1024, "Square"), Size(832, 1216, "Portrait"), Size(1216, 832, "Landscape"), *SMALL)
"""Sides are multiples of 64. Without an account only small pictures are drawn when the Horde is busy."""
WHY_NO_MASK: Final = "The Horde is asked for whole pictures only. Leave the mask out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model, as the Horde spells it."""

    model: str
    id: str
    title: str
    sizes: tuple[Size, ...]
    steps: Span
    guidance: Span

    @property
    def image_model(self) -> ImageModel:
        """The same as the form, the validator and the price read it."""
        return ImageModel(
            id=self.id,
            provider=PROVIDER,
            title=self.title,
            maker=MAKER,
            note=NOTE,
            sizes=self.sizes,
            lane=PROVIDER,
            lane_concurrency=5,
            lane_per_minute=60,
            price_credits=0,
            steps=0,
            supports_negative_prompt=True,
            guidance_offered=self.guidance,
            steps_offered=self.steps,
            supports_reference=True,
            supports_strength=True,
            why_no_mask=WHY_NO_MASK,
            price_source=PRICE_SOURCE,
            price_checked=PRICE_CHECKED,
            delivery="poll",
            stopped_by=f"the {MAKER}",
            timeout_s=120.0,
        )


OFFERS: Final = (
    Offer(
        model="AlbedoBase XL (SDXL)",
        id="horde-albedobase-xl",
        title="AlbedoBase XL",
        sizes=LARGE,
        steps=Span(1, 40, 24),
        guidance=Span(1, 15, 6),
    ),
    Offer(
        model="Flux.1-Schnell fp8 (Compact)",
        id="horde-flux-schnell",
        title="FLUX.1 schnell, by the Horde",
        sizes=LARGE,
        steps=Span(1, 8, 4),
        guidance=Span(1, 2, 1),
    ),
    Offer(model="Deliberate", id="horde-deliberate", title="Deliberate", sizes=SMALL, steps=Span(1, 40, 24), guidance=Span(1, 15, 7)),
    Offer(
        model="stable_diffusion",
        id="horde-stable-diffusion",
        title="Stable Diffusion 1.5, by the Horde",
        sizes=SMALL,
        steps=Span(1, 40, 24),
        guidance=Span(1, 15, 7),
    ),
)
