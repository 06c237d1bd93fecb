"""The options of the composer: what nobody needs for a picture, folded away, each with what it does below it.

create.js unfolds them for whoever left them open, and where one of them is set.
"""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.dialog import opens
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.create.choices import STYLE_CHOICES, PictureChoice
from pixelstudio.ui.create.closed import closed_choice, closed_unless, described, option
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.elements import rich_select
from pixelstudio.ui.create.enhance_dialog import enhance_button
from pixelstudio.ui.create.mask_dialog import mask_pick
from pixelstudio.ui.create.shelf_state import Shelf

PRESETS: Final = "presets"
PROMPTS: Final = "prompts"


def options() -> rx.Component:
    """The word that unfolds them, and they: on a desk above the row it stands in, so that nothing one is about to press moves away."""
    chosen: Any = CreateState.chosen
    return rx.fragment(
        rx.el.details(
            rx.el.summary(rx.el.span("Options"), icon("chevron-down", small=True), class_name="pick"),
            class_name="options",
        ),
        rx.el.div(
            _style(),
            _seed(),
            _without(),
            _reference(),
            _strength(),
            mask_pick(),
            _number("Steps", "steps", chosen.steps, "1", "More steps draw finer and take longer. Left empty, it takes its usual number."),
            _number("Guidance", "guidance", chosen.guidance, "0.1", "How closely it keeps to your words. Left empty, as it usually does."),
            rx.cond(chosen.fixed != "", option("numbers", closed_choice(chosen.fixed, "numbers"), chosen.why_fixed)),
            _shelf(),
            class_name="extras",
        ),
    )


def _style() -> rx.Component:
    """Not before the page is alive: a browser fills the face of a list in the page as it was built, and React would not know it again."""
    recipe: Any = CreateState.recipe
    chosen: Any = CreateState.chosen
    choice = rich_select(
        "Style",
        "style",
        *map(_style_option, STYLE_CHOICES),
        class_name="styles",
        default_value=recipe.style,
        custom_attrs=described("style"),
    )
    return rx.cond(chosen.id != "", option("style", choice, "Words for light and mood, put behind yours."))


def _style_option(style: Any) -> rx.Component:
    """The words it adds stand beside its title where a browser can draw that, and are no part of what the choice is called."""
    return rx.el.option(style.title, value=style.id, custom_attrs={"data-words": style.words})


def _without() -> rx.Component:
    """The negative prompt; when the model has none it says so, in full, instead of dropping the words silently."""
    chosen: Any = CreateState.chosen
    field = rx.el.label(
        rx.el.span("Without"),
        rx.el.textarea(
            aria_label="Negative prompt",
            rows="1",
            max_length=limits.NEGATIVE_PROMPT_MAX,
            default_value=CreateState.recipe.negative_prompt,
            placeholder="Nothing",
            **closed_unless(chosen.takes_negative, "negative_prompt"),
        ),
        class_name="pick without",
    )
    return option("negative_prompt", field, rx.cond(chosen.takes_negative, "What should not be in the picture.", chosen.why_no_negative))


def _seed() -> rx.Component:
    """The seed, and whether it is kept: the lock beside it is closed while the next set has the same one."""
    chosen: Any = CreateState.chosen
    field = rx.el.div(
        rx.el.label(
            rx.el.span("Seed"),
            rx.el.input(
                aria_label="Seed",
                placeholder=rx.cond(chosen.takes_seed, "New each time", "None"),
                input_mode="numeric",
                max_length=10,
                default_value=CreateState.seed,
                class_name="mono",
                **closed_unless(chosen.takes_seed, "seed"),
            ),
            class_name="seed",
        ),
        rx.cond(chosen.takes_seed, _lock()),
        class_name="pick seeded",
        key=f"{CreateState.settings_key}/{CreateState.seed}",
    )
    words = rx.cond(
        chosen.takes_seed, "The number chance starts from: the same seed, words and settings draw the same picture.", chosen.why_no_seed
    )
    return option("seed", field, words)


def _lock() -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name="keeps_seed", aria_label="Keep seed", default_checked=CreateState.seed != "", class_name="sr"),
        icon("lock", small=True),
        icon("lock-open", small=True),
        rx.el.span("Keep"),
        class_name="lock",
        custom_attrs={"data-hint": "The next set has the same seed"},
    )


def _reference() -> rx.Component:
    """An own picture to go by; where the model draws from words alone the choice is there, closed, and says why. Alive only, as `_style`."""
    chosen: Any = CreateState.chosen
    choice = rich_select(
        "Go by a picture",
        "reference",
        rx.el.option(icon("image", small=True), rx.el.span("None"), value=""),
        rx.foreach(CreateState.references, _reference_option),
        class_name="looks",
        default_value=CreateState.recipe.reference,
        disabled=~chosen.takes_reference,
        custom_attrs=described("reference"),
    )
    closed = rx.cond(chosen.takes_reference, rx.fragment(), closed_choice("Go by a picture", "reference"))
    words = rx.cond(chosen.takes_reference, "The drawing begins from it.", chosen.why_no_reference)
    return rx.cond(chosen.id != "", option("reference", rx.fragment(choice, closed), words))


def _reference_option(picture: rx.Var[PictureChoice]) -> rx.Component:
    choice: Any = picture
    return rx.el.option(
        rx.el.img(src=choice.src, alt="", loading="lazy", decoding="async", custom_attrs={"width": "112", "height": "84"}),
        rx.el.span(choice.title),
        value=choice.id,
    )


def _strength() -> rx.Component:
    chosen: Any = CreateState.chosen
    is_offered = chosen.takes_reference & chosen.takes_strength
    return _bounded("Strength, %", "strength", is_offered, ("0", "100", "60", "1"), "How far it may leave the picture it goes by.")


def _number(label: str, name: str, number: Any, step: str, words: str) -> rx.Component:
    return _bounded(label, name, number.is_offered, (number.least, number.most, number.usual, step), words)


def _bounded(label: str, name: str, is_offered: Any, bounds: tuple[Any, Any, Any, str], words: str) -> rx.Component:
    """A number that may be left to the model: empty means its usual one, which stands in the field in grey.

    Where the model takes none it does not show: what is closed, and why, stands at the end.
    """
    least, most, usual, step = bounds
    field = rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="number",
            name=name,
            aria_label=label,
            placeholder=usual,
            default_value=getattr(CreateState.recipe, name),
            disabled=~is_offered,
            class_name="mono",
            custom_attrs={"min": least, "max": most, "step": step, **described(name)},
        ),
        class_name="pick number",
    )
    return option(name, field, words)


def _shelf() -> rx.Component:
    """What helps with the words: having them written out, what was used before, what was kept."""
    return rx.el.div(
        enhance_button(),
        button(
            icon("clock", small=True),
            "Your prompts",
            look="quiet",
            extra="sm",
            on_click=Shelf.find_prompts(""),
            custom_attrs={**opens(PROMPTS), "data-hint": "What you asked for before"},
        ),
        button(
            icon("bookmark", small=True),
            "Presets",
            look="quiet",
            extra="sm",
            on_click=Shelf.open_presets,
            custom_attrs={**opens(PRESETS), "data-hint": "All that stands here, kept under a name"},
        ),
        class_name="shelf",
    )
