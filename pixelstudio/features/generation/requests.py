"""`GenerationRequest`: what a person asks for, and the checks that say what to change before anything is paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_text, within
from pixelstudio.features.generation.styles import composed, style_of
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.prompts.grammar import resolved
from pixelstudio.features.prompts.templates import shipped
from pixelstudio.providers.capabilities import ensure_drawable, mask_not_supported, reference_not_supported
from pixelstudio.providers.contract import STRENGTH_USUAL, DrawRequest

if TYPE_CHECKING:
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.providers.registry import Registry

_RAW_TEXT_MAX: Final = 4 * limits.PROMPT_MAX
"""Longer than this and cleaning is not even begun."""


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A wish as it was typed: `seed` None means any."""

    prompt: str
    model: str
    width: int
    height: int
    count: int = 1
    negative_prompt: str = ""
    seed: int | None = None
    seeds: tuple[int, ...] = ()
    """The seed of each picture, `seed` being the first, where they do not simply follow one another; () means that they do."""
    style: str = ""
    """A `styles.Style.id`; its words are put behind the prompt when the request is checked."""
    steps: int | None = None
    """None leaves it to the model, as with `guidance`."""
    guidance: float | None = None
    reference: str = ""
    """The id of an own picture to go by; "" means from words alone."""
    strength: float = STRENGTH_USUAL
    """How far the drawing may leave that picture: 0 keeps it, 1 forgets it."""
    mask: str = ""
    """The id of a mask painted for that picture: what it covers is drawn anew. "" means all of it."""
    parent: str = ""
    """The id of the picture this is made from; "" means from nothing. It is kept where the person may see that picture."""
    anew: bool = False
    """Whether it is drawn and charged even if the very same picture is there, or under way."""

    @property
    def tuning(self) -> Tuning:
        """What it chooses of the model's own settings."""
        return Tuning(self.steps, self.guidance, self.reference, self.strength if self.reference else None, self.mask)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request costs, in whole credits, when every picture is delivered."""

    each: int
    count: int
    total: int


def checked(request: GenerationRequest, registry: Registry, chance: int = 0) -> tuple[GenerationRequest, ImageModel]:
    """The request with clean texts and the whole prompt that is drawn, and its model. `chance` decides the choices in the words.

    Raises `Invalid` with the field's name and what to change.
    """
    model = registry.model(request.model)
    clean = replace(request, prompt=_clean(request.prompt, "prompt"), negative_prompt=_clean(request.negative_prompt, "negative_prompt"))
    clean = replace(clean, negative_prompt=_plain(clean.negative_prompt, chance))
    _refuse_wrong_numbers(clean)
    if not clean.prompt:
        raise Invalid("Describe the picture first: type a prompt.", code="prompt_empty", field="prompt")
    clean = replace(clean, prompt=composed(_plain(clean.prompt, chance), style_of(clean.style)))
    within(clean.prompt, limits.PROMPT_MAX, "A prompt has", code="prompt_too_long", field="prompt")
    if clean.seed is not None and not model.supports_seed:
        raise Invalid(model.why_no_seed or f"{model.title} takes no seed. Leave it empty.", code="seed_not_supported", field="seed")
    if clean.reference and not model.supports_reference:
        raise reference_not_supported(model)
    if clean.mask and not model.supports_mask:
        raise mask_not_supported(model)
    if clean.mask and not clean.reference:
        raise Invalid("A mask belongs to a picture to go by. Choose that picture first.", code="mask_without_reference", field="mask")
    ensure_drawable(model, _as_one_call(clean), count=clean.count)
    return clean, model


def quote_for(request: GenerationRequest, model: ImageModel) -> Quote:
    """The price of a checked request."""
    return Quote(model.price_credits, request.count, model.price_of(request.count))


def share_of(model: ImageModel, pictures: int) -> float:
    """What one call for so many pictures takes of its owner's share of a lane: what it costs, and something where it costs nothing."""
    return float(max(1, model.price_of(pictures)))


def calls_for(model: ImageModel, slots: range) -> list[range]:
    """These slots of a set, call by call: as many in each as the model draws at once."""
    return [slots[first : first + model.images_per_call] for first in range(0, len(slots), model.images_per_call)]


def _clean(text: object, field: str) -> str:
    if not isinstance(text, str) or len(text) > _RAW_TEXT_MAX:
        raise Invalid(f"Shorten this text to at most {limits.PROMPT_MAX:,} characters.", code=f"{field}_too_long", field=field)
    return clean_text(text)


def _plain(text: str, chance: int) -> str:
    return clean_text(resolved(text, chance, shipped().wildcards))


def _refuse_wrong_numbers(request: GenerationRequest) -> None:
    """Numbers come from browsers too: NaN, 1.5 and True are none of ours."""
    if request.seed is not None and not _is_whole(request.seed):
        raise Invalid(f"A seed is a whole number from 0 to {limits.SEED_MAX}. Leave it empty for any.", code="seed_invalid", field="seed")
    if not _is_whole(request.count):
        raise Invalid(f"Ask for {limits.IMAGES_MIN} to {limits.IMAGES_MAX} pictures.", code="count_invalid", field="count")
    if request.steps is not None and not _is_whole(request.steps):
        raise Invalid("The number of steps is a whole number. Leave it empty for the usual one.", code="steps_invalid", field="steps")
    for field, value in (("guidance", request.guidance), ("strength", request.strength)):
        if value is not None and not (type(value) in {int, float} and isfinite(value)):
            raise Invalid("Choose a number here.", code=f"{field}_invalid", field=field)
    if not (_is_whole(request.width) and _is_whole(request.height)):
        raise Invalid("Choose one of the sizes in the list.", code="size_invalid", field="size")


def _is_whole(value: object) -> bool:
    return type(value) is int


def _as_one_call(request: GenerationRequest) -> DrawRequest:
    seed = 0 if request.seed is None else request.seed
    chosen: dict[str, Any] = {"steps": request.steps, "guidance": request.guidance, "strength": request.strength}
    return DrawRequest(request.model, request.prompt, request.negative_prompt, seed, request.width, request.height, **chosen)
