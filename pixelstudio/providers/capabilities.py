"""Whether a model can do what is asked, said before anybody pays: the one reader of `ImageModel` that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import within
from pixelstudio.providers.contract import STRENGTH_USUAL

if TYPE_CHECKING:
    from pixelstudio.providers.contract import DrawRequest, ImageModel, Span


def ensure_drawable(model: ImageModel, request: DrawRequest, *, count: int | None = None) -> None:
    """Raise `Invalid` (with `field` and a sentence) for the first thing `model` cannot do.

    `count` is what the person asks for in all; without it, `request.count` is checked against one call to the provider.
    """
    _ensure_words(model, request)
    if not 0 <= request.seed <= limits.SEED_MAX:
        raise Invalid(f"A seed is a whole number from 0 to {limits.SEED_MAX}.", code="seed_out_of_range", field="seed")
    _ensure_choices(model, request)
    if not model.draws(request.width, request.height):
        raise Invalid(_sizes_sentence(model), code="size_not_offered", field="size")
    most, asked = (model.images_per_call, request.count) if count is None else (model.max_images, count)
    if not limits.IMAGES_MIN <= asked <= most:
        raise Invalid(
            f"{model.title} draws {_pictures(most)} at a time. Ask for a number in between.", code="count_out_of_range", field="count"
        )


def _ensure_words(model: ImageModel, request: DrawRequest) -> None:
    if len(request.prompt) > model.prompt_max:
        sentence = f"{model.title} reads {model.prompt_max:,} characters; this prompt has {len(request.prompt):,}. Shorten it."
        raise Invalid(sentence, code="prompt_too_long", field="prompt")
    if request.negative_prompt and not model.supports_negative_prompt:
        sentence = model.why_no_negative_prompt or f"{model.title} has no negative prompt. Leave it empty."
        raise Invalid(sentence, code="negative_prompt_not_supported", field="negative_prompt")
    most, words = limits.NEGATIVE_PROMPT_MAX, request.negative_prompt
    within(words, most, "A negative prompt has", code="negative_prompt_too_long", field="negative_prompt")


def _ensure_choices(model: ImageModel, request: DrawRequest) -> None:
    _ensure_within(model.guidance_offered, request.guidance, "guidance", guidance_is_fixed(model))
    _ensure_within(model.steps_offered, request.steps, "steps", steps_are_fixed(model))
    if request.is_transparent and not model.draws_transparency:
        sentence = f"{model.title} draws no transparent ground. Choose another model."
        raise Invalid(sentence, code="transparency_not_supported", field="is_transparent")
    if not 0 <= request.strength <= 1:
        raise Invalid("How much may change is a number from 0 to 1.", code="strength_out_of_range", field="strength")
    if request.strength != STRENGTH_USUAL and not model.supports_strength:
        raise Invalid(f"{strength_is_fixed(model)} Leave that as it is.", code="strength_not_supported", field="strength")
    if request.mask is not None and (request.reference is None or not model.supports_mask):
        raise mask_not_supported(model)
    if request.reference is None:
        return
    if not model.supports_reference:
        raise reference_not_supported(model)
    if len(request.reference) > limits.REFERENCE_MAX_BYTES:
        sentence = f"A picture to go by has at most {limits.REFERENCE_MAX_BYTES // 1024} KB. Choose a smaller one."
        raise Invalid(sentence, code="reference_too_large", field="reference")


def reference_not_supported(model: ImageModel) -> Invalid:
    """What is said when a model that draws from words alone is given a picture to go by."""
    sentence = model.why_no_reference or f"{model.title} draws from words alone. Choose another model to go by a picture."
    return Invalid(sentence, code="reference_not_supported", field="reference")


def mask_not_supported(model: ImageModel) -> Invalid:
    """What is said when a model that draws whole pictures is given a mask."""
    sentence = model.why_no_mask or f"{model.title} draws whole pictures only. Leave the mask out, or choose another model."
    return Invalid(sentence, code="mask_not_supported", field="mask")


def steps_are_fixed(model: ImageModel) -> str:
    """Why nobody chooses the steps of such a model."""
    return f"{model.title} chooses its number of steps itself."


def guidance_is_fixed(model: ImageModel) -> str:
    """The same of guidance."""
    return f"{model.title} cannot be told how closely to follow the words."


def strength_is_fixed(model: ImageModel) -> str:
    """The same of strength."""
    return f"{model.title} decides itself how far to leave a picture."


def _ensure_within(span: Span | None, chosen: float | None, field: str, why_not: str) -> None:
    if chosen is None:
        return
    if span is None:
        raise Invalid(f"{why_not} Leave it empty.", code=f"{field}_not_supported", field=field)
    if not span.least <= chosen <= span.most:
        raise Invalid(f"Choose a number from {span.least:g} to {span.most:g}.", code=f"{field}_out_of_range", field=field)


def _sizes_sentence(model: ImageModel) -> str:
    if model.any_size:
        return f"Width and height are whole numbers from {limits.SIDE_MIN} to {limits.SIDE_MAX} pixels."
    return f"{model.title} draws {', '.join(f'{size.width} x {size.height}' for size in model.sizes)}. Choose one of these."


def _pictures(most: int) -> str:
    return "one picture" if most == 1 else f"1 to {most} pictures"
