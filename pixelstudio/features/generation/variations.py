"""Variations of a finished picture, as requests. What each keeps and what it changes, for models that draw from words and seed:

- subtle: words, look, size and tuning stay, and so do colours and mood; new seeds draw other pictures of the same thing. Not the next
  ones: those drew the other pictures of its set.
- one: as subtle, a single picture.
- strong: words, look, size and tuning stay, the light changes: a style that the picture did not have is put behind the words, with new seeds.
- other looks: words, size and seed stay; the next looks of the same provider draw them.

A sketch begins its chance from the words, the seed and the look together, so none of these keeps a composition, and none says it does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.styles import STYLES, parted
from pixelstudio.providers.contract import STRENGTH_USUAL

if TYPE_CHECKING:
    from pixelstudio.features.generation.views import Tuning
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.providers.registry import Registry

Kind = Literal["one", "subtle", "strong", "looks"]

PICTURES: Final = 4
OTHER_LOOKS: Final = 3


def variations(image: ImageView, tuning: Tuning, kind: Kind, registry: Registry) -> list[GenerationRequest]:
    """The sets that vary `image`, tuned as it was, this way. Raises `Invalid` when its model is gone, or has no other look."""
    model = registry.model(image.model)
    match kind:
        case "one":
            return [_tuned(_request(image, model, count=1), tuning)]
        case "subtle":
            return [_tuned(_request(image, model), tuning)]
        case "strong":
            prompt, had = parted(image.prompt)
            at = image.seed % len(STYLES)
            other = next(style for style in (*STYLES[at:], *STYLES[:at]) if style.id != had.id)
            return [_tuned(_request(image, model, prompt=prompt, style=other.id), tuning)]
        case "looks":
            return [_request(image, look, seed=image.seed, count=1) for look in _other_looks(image, model, registry)]


def _request(
    image: ImageView, model: ImageModel, *, prompt: str = "", style: str = "", seed: int | None = None, count: int = PICTURES
) -> GenerationRequest:
    return GenerationRequest(
        prompt=prompt or image.prompt,
        negative_prompt=image.negative_prompt if model.supports_negative_prompt else "",
        model=model.id,
        style=style,
        width=image.width,
        height=image.height,
        count=min(count, model.max_images),
        seed=seed if model.supports_seed else None,
        parent=image.id,
    )


def _tuned(request: GenerationRequest, tuning: Tuning) -> GenerationRequest:
    strength = STRENGTH_USUAL if tuning.strength is None else tuning.strength
    going_by = {"reference": tuning.reference, "mask": tuning.mask, "strength": strength}
    return replace(request, steps=tuning.steps, guidance=tuning.guidance, **going_by)


def _other_looks(image: ImageView, model: ImageModel, registry: Registry) -> list[ImageModel]:
    """The looks that come after this one in the catalogue, round about; only of one maker and price, and only such as draw this size."""
    family = [other for other in registry.models() if other.provider == model.provider and other.is_drawn_here]
    if model not in family or len(family) == 1:
        raise Invalid("There is no other model of this kind. Choose another one under Model.", code="no_other_look", field="model")
    at = family.index(model) + 1
    others = [other for other in (*family[at:], *family[: at - 1]) if other.draws(image.width, image.height)]
    return others[:OTHER_LOOKS]
