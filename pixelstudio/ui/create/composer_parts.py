"""The composer: one box and one button, and everything else that may be said about a picture, in one place that opens."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, icon_button
from pixelstudio.ui.components.dialog import opens
from pixelstudio.ui.components.elements import css, draft
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.create.choices import STYLE_CHOICES, ModelChoice, PictureChoice, SizeChoice
from pixelstudio.ui.create.closed import closed_choice, closed_unless, why_closed
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.elements import rich_select
from pixelstudio.ui.create.enhance_dialog import enhance_button
from pixelstudio.ui.create.mask_dialog import mask_pick
from pixelstudio.ui.create.remix_strip import made_from, repeat
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.create.review_state import Review
from pixelstudio.ui.create.shelf_state import Shelf
from pixelstudio.ui.visitor import Visitor

SETTINGS: Final = "settings"
PRESETS: Final = "presets"
PROMPTS: Final = "prompts"


def composer() -> rx.Component:
    """The form. Its fields keep what is typed; the server hears of it when it is sent."""
    chosen: Any = CreateState.chosen
    considers = (Remixing.parent.id != "") | (chosen.price_credits > 0)
    return rx.el.form(
        made_from(),
        repeat(),
        rx.el.textarea(
            name="prompt",
            aria_label="Prompt",
            placeholder="What should hang here?",
            rows="2",
            max_length=limits.PROMPT_MAX,
            default_value=CreateState.recipe.prompt,
            key=CreateState.recipe.key,
            enter_key_hint="send",
            class_name="prompt",
        ),
        _settings(),
        _act(),
        rx.el.p(role="status", class_name="dropped", custom_attrs={"data-drop-said": ""}),
        rx.el.input(type="hidden", name="parent", value=Remixing.parent.id),
        rx.el.input(type="hidden", name="shown", value=chosen.id),
        rx.el.p(icon("git-fork"), "Drop the picture to take up its recipe", class_name="drop-here", aria_hidden=True),
        notice(CreateState, on_act=Review.take_out),
        draft(account=Visitor.handle, recipe=CreateState.recipe.key),
        on_submit=CreateState.generate,
        class_name="composer dock",
        aria_label="Composer",
        custom_attrs={"data-quick": "", "autoComplete": "off", "data-considers": rx.cond(considers, "true", "false")},
    )


def _settings() -> rx.Component:
    """On a desk part of the form; on a phone a sheet above it, which the browser opens and closes by itself."""
    return rx.el.div(
        rx.el.header(
            rx.el.h2("Settings"),
            button("Done", look="quiet", extra="sm push", custom_attrs={"popovertarget": SETTINGS, "popovertargetaction": "hide"}),
            class_name="sheet-head phone",
        ),
        _picks(),
        rx.el.div(_without(), _shelf(), class_name="texts"),
        class_name="settings",
        key=CreateState.settings_key,
        id=SETTINGS,
        custom_attrs={"popover": "auto"},
    )


def _without() -> rx.Component:
    """The negative prompt; when the model has none the field says so, in full, instead of dropping the words silently."""
    chosen: Any = CreateState.chosen
    return rx.el.label(
        rx.el.span("Without"),
        rx.el.textarea(
            aria_label="Negative prompt",
            rows="1",
            max_length=limits.NEGATIVE_PROMPT_MAX,
            default_value=CreateState.recipe.negative_prompt,
            placeholder=rx.cond(chosen.takes_negative, "what should not be in it", chosen.why_no_negative),
            **closed_unless(chosen.takes_negative, "negative_prompt", chosen.why_no_negative),
        ),
        why_closed("negative_prompt", chosen.why_no_negative),
        class_name="without",
    )


def _shelf() -> rx.Component:
    """What was used before: prompts and presets."""
    return rx.el.div(
        button(
            icon("clock", small=True),
            "Your prompts",
            look="quiet",
            extra="sm",
            on_click=Shelf.find_prompts(""),
            custom_attrs=opens(PROMPTS),
        ),
        button(icon("bookmark", small=True), "Presets", look="quiet", extra="sm", on_click=Shelf.open_presets, custom_attrs=opens(PRESETS)),
        class_name="shelf",
    )


def _picks() -> rx.Component:
    return rx.el.div(
        rich_select(
            "Model",
            "model",
            rx.foreach(CreateState.models, _model_option),
            class_name="looks",
            default_value=CreateState.chosen.id,
            on_change=CreateState.choose_model,
        ),
        _style(),
        rich_select(
            "Size",
            "size",
            rx.foreach(CreateState.chosen.sizes, _size_option),
            class_name="sizes",
            default_value=CreateState.size,
            on_change=CreateState.choose_size,
            key=CreateState.chosen.id,
        ),
        _stepper(),
        _seed(),
        _reference(),
        mask_pick(),
        _number("Strength, %", "strength", CreateState.chosen.takes_reference & CreateState.chosen.takes_strength, "0", "100", "60"),
        _chosen_number("Steps", "steps", CreateState.chosen.steps, "1"),
        _chosen_number("Guidance", "guidance", CreateState.chosen.guidance, "0.1"),
        rx.cond(CreateState.chosen.fixed != "", closed_choice(CreateState.chosen.fixed, "numbers", CreateState.chosen.why_fixed)),
        class_name="picks",
    )


def _style() -> rx.Component:
    """Not before the page is alive: a browser fills the face of a list in the page as it was built, and React would not know it again."""
    recipe: Any = CreateState.recipe
    chosen: Any = CreateState.chosen
    choice = rich_select("Style", "style", *map(_style_option, STYLE_CHOICES), class_name="styles", default_value=recipe.style)
    return rx.cond(chosen.id != "", choice)


def _model_option(model: rx.Var[ModelChoice]) -> rx.Component:
    """A look as a small picture it drew. Models that draw elsewhere have none, and show their name alone."""
    choice: Any = model
    return rx.el.option(
        rx.cond(
            choice.sample != "",
            rx.el.img(src=choice.sample, alt="", decoding="async", custom_attrs={"width": "112", "height": "84"}),
            rx.el.span(icon("image"), class_name="no-sample"),
        ),
        rx.el.span(choice.title),
        value=choice.id,
    )


def _style_option(style: Any) -> rx.Component:
    """The words it adds stand beside its title where a browser can draw that, and are no part of what the choice is called."""
    return rx.el.option(style.title, value=style.id, custom_attrs={"data-words": style.words})


def _size_option(size: rx.Var[SizeChoice]) -> rx.Component:
    choice: Any = size
    return rx.el.option(
        rx.el.i(class_name="shape", custom_attrs=css(ar=choice.ratio)),
        rx.el.span(choice.label, " "),
        rx.el.small(choice.pixels),
        value=choice.value,
    )


def _stepper() -> rx.Component:
    """How many pictures: the number is a spinbutton, its two buttons step it in the browser."""
    return rx.el.div(
        rx.el.span("Images", class_name="phone"),
        rx.el.button(
            icon("minus", small=True), type="button", class_name="step", aria_label="Fewer images", custom_attrs={"data-step": "-1"}
        ),
        rx.el.input(
            type="number",
            name="images",
            aria_label="Images",
            default_value=CreateState.recipe.images,
            on_change=CreateState.choose_count,
            custom_attrs={"min": str(limits.IMAGES_MIN), "max": CreateState.chosen.max_images},
        ),
        rx.el.button(icon("plus", small=True), type="button", class_name="step", aria_label="More images", custom_attrs={"data-step": "1"}),
        class_name="pick stepper",
    )


def _seed() -> rx.Component:
    """The seed, and whether it is kept: the lock beside it is closed while the next set has the same one."""
    chosen: Any = CreateState.chosen
    return rx.el.div(
        rx.el.label(
            rx.el.span("Seed"),
            rx.el.input(
                aria_label="Seed",
                placeholder=rx.cond(chosen.takes_seed, "New each time", "None"),
                input_mode="numeric",
                max_length=10,
                default_value=CreateState.seed,
                class_name="mono",
                **closed_unless(chosen.takes_seed, "seed", chosen.why_no_seed, "The same seed draws the same picture"),
            ),
            why_closed("seed", chosen.why_no_seed),
            class_name="seed",
        ),
        rx.cond(chosen.takes_seed, _lock()),
        class_name="pick seeded",
        key=f"{CreateState.settings_key}/{CreateState.seed}",
    )


def _lock() -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name="keeps_seed", aria_label="Keep seed", default_checked=CreateState.seed != "", class_name="sr"),
        icon("lock", small=True),
        icon("lock-open", small=True),
        class_name="lock",
        custom_attrs={"data-hint": "Keep the seed for the next set"},
    )


def _reference() -> rx.Component:
    """An own picture to go by; where the model draws from words alone the choice is there, closed, and says why. Alive only, as `_style`."""
    chosen: Any = CreateState.chosen
    choice = rich_select(
        "Go by",
        "reference",
        rx.el.option(icon("image", small=True), rx.el.span("No picture"), value=""),
        rx.foreach(CreateState.references, _reference_option),
        class_name="looks",
        default_value=CreateState.recipe.reference,
        disabled=~chosen.takes_reference,
        title="The drawing begins from this picture",
    )
    closed = rx.cond(chosen.takes_reference, rx.fragment(), closed_choice("Go by", "reference", chosen.why_no_reference))
    return rx.cond(chosen.id != "", rx.fragment(choice, closed))


def _reference_option(picture: rx.Var[PictureChoice]) -> rx.Component:
    choice: Any = picture
    return rx.el.option(
        rx.el.img(src=choice.src, alt="", loading="lazy", decoding="async", custom_attrs={"width": "112", "height": "84"}),
        rx.el.span(choice.title),
        value=choice.id,
    )


def _chosen_number(label: str, name: str, number: Any, step: str) -> rx.Component:
    return _number(label, name, number.is_offered, number.least, number.most, number.usual, step)


def _number(label: str, name: str, is_offered: Any, least: Any, most: Any, usual: Any, step: str = "1") -> rx.Component:
    """A number that may be left to the model: empty means its usual one, which stands in the field in grey.

    Where the model takes none it does not show: what is closed, and why, stands at the end of the row.
    """
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="number",
            name=name,
            aria_label=label,
            placeholder=usual,
            default_value=getattr(CreateState.recipe, name),
            disabled=~is_offered,
            title="Left empty, the model takes its usual number",
            class_name="mono",
            custom_attrs={"min": least, "max": most, "step": step},
        ),
        class_name="pick number",
    )


def _act() -> rx.Component:
    chosen: Any = CreateState.chosen
    return rx.el.div(
        icon_button("sliders-horizontal", "All settings", look="plain", extra="sq phone more", custom_attrs={"popovertarget": SETTINGS}),
        rx.cond(chosen.sample != "", rx.el.img(src=chosen.sample, alt="", class_name="sample phone")),
        rx.el.span(chosen.title, class_name="said clip"),
        rx.el.span(
            rx.el.span(rx.cond(chosen.note != "", f"{chosen.note} · ", ""), class_name="note-word"),
            CreateState.price,
            rx.cond(
                CreateState.wait != "", rx.el.span(" · ", rx.el.span("about ", class_name="desk"), CreateState.wait, class_name="span")
            ),
            class_name="price",
            aria_live="polite",
        ),
        enhance_button(),
        button("Generate", look="main-act", type="submit"),
        class_name="act",
    )
