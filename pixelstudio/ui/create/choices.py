"""What the composer offers, and what it begins with: models with their sizes, styles, and a recipe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pixelstudio.core.text import clip
from pixelstudio.features.generation.styles import NONE, STYLES
from pixelstudio.providers.capabilities import (
    guidance_is_fixed,
    mask_not_supported,
    reference_not_supported,
    steps_are_fixed,
    strength_is_fixed,
)
from pixelstudio.ui import formats

if TYPE_CHECKING:
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.providers.contract import ImageModel, Span


PICTURE_TITLE_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """One size of a model; `value` is what the form sends, `ratio` is width / height."""

    value: str
    label: str
    pixels: str
    ratio: str


@dataclass(frozen=True, slots=True)
class NumberChoice:
    """A number a model lets people choose: its bounds and the usual one, as the field shows them; `is_offered` False where it does not."""

    is_offered: bool = False
    least: str = ""
    most: str = ""
    usual: str = ""


@dataclass(frozen=True, slots=True)
class PictureChoice:
    """A picture of one's own to go by."""

    id: str
    title: str
    src: str


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One model, and what the composer must know of it. `sample` is the address of a picture it drew, or empty."""

    id: str = ""
    title: str = ""
    note: str = ""
    subjects: str = ""
    sample: str = ""
    price_credits: int = 0
    max_images: int = 1
    any_size: bool = False
    takes_negative: bool = False
    why_no_negative: str = ""
    takes_seed: bool = True
    why_no_seed: str = ""
    takes_reference: bool = False
    why_no_reference: str = ""
    takes_strength: bool = False
    takes_mask: bool = False
    why_no_mask: str = ""
    steps: NumberChoice = NumberChoice()
    guidance: NumberChoice = NumberChoice()
    fixed: str = ""
    """The numbers it lets nobody choose, by their names; and why."""
    why_fixed: str = ""
    sizes: list[SizeChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StyleChoice:
    """One style, and the words it puts behind the prompt."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the composer starts with. A new `key` makes the form take it over."""

    key: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    model: str = ""
    style: str = ""
    size: str = ""
    seed: str = ""
    images: str = "4"
    steps: str = ""
    guidance: str = ""
    reference: str = ""
    mask: str = ""
    strength: str = ""
    parent: str = ""
    """The picture it is taken from."""


# The words go to browsers with the page itself: they are the same for everybody.
STYLE_CHOICES: Final = tuple(StyleChoice(style.id, style.title, style.words) for style in (NONE, *STYLES))


def model_choice(model: ImageModel) -> ModelChoice:
    """What the composer shows of `model`."""
    fixed = _fixed_numbers(model)
    return ModelChoice(
        id=model.id,
        title=model.title,
        note=model.note,
        subjects=model.subjects,
        sample=f"/art/looks/{model.id}.webp" if model.is_drawn_here else "",
        price_credits=model.price_credits,
        max_images=model.max_images,
        any_size=model.any_size,
        takes_negative=model.supports_negative_prompt,
        why_no_negative=model.why_no_negative_prompt or f"{model.title} has no negative prompt.",
        takes_seed=model.supports_seed,
        why_no_seed=model.why_no_seed,
        takes_reference=model.supports_reference,
        why_no_reference="" if model.supports_reference else reference_not_supported(model).sentence,
        takes_strength=model.supports_strength,
        takes_mask=model.supports_mask,
        why_no_mask="" if model.supports_mask else mask_not_supported(model).sentence,
        steps=_number_choice(model.steps_offered),
        guidance=_number_choice(model.guidance_offered),
        fixed=", ".join(fixed).capitalize(),
        why_fixed=" ".join(fixed.values()),
        sizes=[
            SizeChoice(f"{s.width}x{s.height}", s.label, formats.size(s.width, s.height), f"{s.width / s.height:.3f}") for s in model.sizes
        ],
    )


def picture_choice(image: ImageView) -> PictureChoice:
    """One's own picture, by its first words."""
    return PictureChoice(image.id, clip(image.prompt, PICTURE_TITLE_MAX), f"/media/{image.id}/256")


def _fixed_numbers(model: ImageModel) -> dict[str, str]:
    """By name, why a number is none to choose. Strength is no matter where no picture is gone by."""
    told = {} if model.steps_offered else {"steps": steps_are_fixed(model)}
    told |= {} if model.guidance_offered else {"guidance": guidance_is_fixed(model)}
    return told | ({} if model.supports_strength or not model.supports_reference else {"strength": strength_is_fixed(model)})


def _number_choice(span: Span | None) -> NumberChoice:
    return (
        NumberChoice()
        if span is None
        else NumberChoice(is_offered=True, least=f"{span.least:g}", most=f"{span.most:g}", usual=f"{span.usual:g}")
    )


def with_size(choice: ModelChoice, value: str) -> ModelChoice:
    """The model with a size of a recipe at the end of its list, where it draws any and the list has it not."""
    width, _, height = value.partition("x")
    is_size = width.isdecimal() and height.isdecimal() and int(height) > 0
    if not is_size or not choice.any_size or any(size.value == value for size in choice.sizes):
        return choice
    wide, high = int(width), int(height)
    return replace(choice, sizes=[*choice.sizes, SizeChoice(value, "As it was", formats.size(wide, high), f"{wide / high:.3f}")])
