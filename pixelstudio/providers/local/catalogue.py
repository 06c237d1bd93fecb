"""What the families of models can do, a row each, by the pipeline their `model_index.json` names; and the row of the model this studio has.

Steps and guidance are those the model cards and diffusers' own pipelines suggest, with fewer steps: a processor takes seconds for each.
Imported by the child too, so it needs nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pixelstudio.providers.contract import ImageModel, Size, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDER: Final = "local"
NOTE: Final = "On this studio's own machine"
PRICE_SOURCE: Final = "the maintainer's own machine, so the setting says it"
WHY_NO_REFERENCE: Final = "A model on this machine draws from words alone. Choose another model to go by a picture."
_ONE_PROMPT: Final = "This model reads one prompt only. Say in the prompt what to leave out."

_SMALL: Final = (Size(512, 512, "Square"), Size(512, 768, "Portrait"), Size(768, 512, "Landscape"))
_LARGE: Final = (
    Size(1024, 1024, "Large square"),
    Size(832, 1216, "Large portrait"),
    Size(1216, 832, "Large landscape"),
    Size(768, 1344, "Tall"),
    Size(1344, 768, "Wide"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What models of one pipeline can do. Those that were taught small pictures offer them first."""

    is_small: bool = False
    steps: Span
    guidance: Span | None
    takes_negative_prompt: bool = True

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The sizes offered, the one they were taught first."""
        return (*_SMALL, *_LARGE) if self.is_small else (*_LARGE, *_SMALL)


FAMILIES: Final[Mapping[str, Family]] = MappingProxyType(
    {
        "StableDiffusionPipeline": Family(is_small=True, steps=Span(1, 60, 20), guidance=Span(1, 20, 7.5)),
        "LatentConsistencyModelPipeline": Family(is_small=True, steps=Span(1, 12, 4), guidance=Span(1, 20, 8), takes_negative_prompt=False),
        "StableDiffusionXLPipeline": Family(steps=Span(1, 60, 24), guidance=Span(1, 20, 5)),
        "StableDiffusion3Pipeline": Family(steps=Span(1, 60, 28), guidance=Span(1, 20, 7)),
        "FluxPipeline": Family(steps=Span(1, 50, 4), guidance=Span(0, 10, 3.5), takes_negative_prompt=False),
    }
)
UNSEEN: Final = FAMILIES["StableDiffusionPipeline"]
"""What is shown of a model whose folder is not there just now."""


def row_of(family: Family, *, slug: str, title: str, price_credits: int, timeout_s: float) -> ImageModel:
    """The row of the model in the folder. One picture at a time: it takes the whole machine."""
    return ImageModel(
        id=f"{PROVIDER}-{slug}",
        provider=PROVIDER,
        title=title,
        maker=title,
        note=NOTE,
        sizes=family.sizes,
        lane=PROVIDER,
        lane_concurrency=1,
        price_credits=price_credits,
        steps=int(family.steps.most),
        supports_negative_prompt=family.takes_negative_prompt,
        why_no_negative_prompt="" if family.takes_negative_prompt else _ONE_PROMPT,
        guidance_offered=family.guidance,
        steps_offered=family.steps,
        why_no_reference=WHY_NO_REFERENCE,
        why_no_mask=WHY_NO_REFERENCE,
        price_source=PRICE_SOURCE,
        timeout_s=timeout_s,
    )
