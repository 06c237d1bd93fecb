"""A brief: plain facts about a thing to be photographed. Optimised, it is a prompt, a negative prompt and two suggested settings.

The same brief and templates give the same words every time; nobody is asked. `writing` may ask a language model instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_line, clip, within
from pixelstudio.features.prompts.templates import joined

if TYPE_CHECKING:
    from pixelstudio.features.prompts.templates import Template, Templates

_CLOSE: Final = frozenset({"close_up"})
# Words of a description that say what it is, for who does not choose a category; the first row that shares one counts.
_KINDS: Final = (
    ("footwear", frozenset({"boot", "boots", "heels", "sandal", "sandals", "shoe", "shoes", "slippers", "sneaker", "sneakers"})),
    ("jewelry", frozenset({"bracelet", "brooch", "earring", "earrings", "jewellery", "jewelry", "necklace", "pendant", "ring", "watch"})),
    (
        "clothing",
        frozenset({"blouse", "coat", "dress", "hat", "hoodie", "jacket", "jeans", "scarf", "shirt", "skirt", "sweater", "t-shirt"}),
    ),
    ("electronics", frozenset({"camera", "earbuds", "headphones", "keyboard", "laptop", "monitor", "phone", "speaker", "tablet"})),
    ("furniture", frozenset({"armchair", "bed", "bench", "chair", "couch", "desk", "shelf", "sofa", "stool", "table"})),
    ("beauty", frozenset({"cream", "lipstick", "lotion", "mascara", "perfume", "serum", "shampoo", "soap"})),
    ("home-decor", frozenset({"candle", "clock", "cushion", "lamp", "mirror", "mug", "rug", "vase"})),
    ("toy", frozenset({"doll", "puzzle", "robot", "teddy", "toy"})),
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What is known of the picture. `category` and `style` name templates; everything but the description may be left out."""

    description: str
    category: str = ""
    """"" is found from the description."""
    style: str = "none"
    angles: tuple[str, ...] = ()
    colour: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Optimised:
    """The words and settings a brief became. `written_by` is "templates", or the name of the language model."""

    prompt: str
    negative_prompt: str
    guidance_scale: float
    steps: int
    written_by: str = "templates"


def checked(brief: Brief, templates: Templates) -> Brief:
    """The brief with clean texts. Raises `Invalid` with the field's name and what to change."""
    clean = replace(
        brief,
        description=_short(brief.description, "description", limits.BRIEF_DESCRIPTION_MAX),
        colour=_short(brief.colour, "colour", limits.COLOUR_MAX),
        context=_short(brief.context, "additionalContext", limits.CONTEXT_MAX),
        angles=tuple(dict.fromkeys(brief.angles)),
    )
    if not clean.description:
        raise Invalid("Describe the thing first.", code="description_empty", field="description")
    clean = replace(clean, category=clean.category or category_of(clean.description))
    templates.entry("category", clean.category)
    templates.entry("style", clean.style or "none")
    for angle in clean.angles:
        templates.entry("angle", angle)
    return replace(clean, style=clean.style or "none")


def category_of(description: str) -> str:
    """The category whose words the description uses; "other" when it uses none."""
    words = set(clean_line(description).casefold().replace(",", " ").replace(".", " ").split())
    return next((category for category, known in _KINDS if known & words), "other")


def optimised(brief: Brief, templates: Templates) -> Optimised:
    """A checked brief as the words that draw it well. The same brief and templates give the same words."""
    style, category = templates.entry("style", brief.style), templates.entry("category", brief.category)
    angles = [templates.entry("angle", angle) for angle in brief.angles]
    subject = templates.base.replace("{description}", brief.description)
    extras = joined((_coloured(brief.colour), brief.context, *(angle.words for angle in angles), style.words, category.words))
    prompt = ", ".join(filter(None, (subject, joined([extras, templates.quality]))))
    negative = joined((templates.negative, style.negative, category.negative))
    return Optimised(
        prompt=clip(prompt, limits.PROMPT_MAX),
        negative_prompt=clip(_without_wanted(negative, prompt), limits.NEGATIVE_PROMPT_MAX),
        guidance_scale=_guidance(style, templates),
        steps=_steps(style, brief, templates),
    )


def _coloured(colour: str) -> str:
    return f"in {colour}" if colour else ""


def _without_wanted(negative: str, prompt: str) -> str:
    """Who asks for a logo or a text wants it: what the prompt names is not forbidden."""
    wanted = set(prompt.casefold().replace(",", " ").split())
    return ", ".join(phrase for phrase in negative.split(", ") if phrase.casefold() not in wanted)


def _guidance(style: Template, templates: Templates) -> float:
    return templates.guidance_scale if style.guidance_scale is None else style.guidance_scale


def _steps(style: Template, brief: Brief, templates: Templates) -> int:
    """Close to the thing, fine detail is all there is to see: ten steps more."""
    steps = templates.steps if style.steps is None else style.steps
    is_fine = brief.category == "jewelry" or bool(_CLOSE & set(brief.angles))
    return min(steps + 10 * is_fine, limits.STEPS_MAX)


def _short(text: str, field: str, most: int) -> str:
    return within(clean_line(text), most, "This text has", code=f"{field}_too_long", field=field)
