"""The composer: one box and one button, and everything else that may be said about a picture, in one place that opens."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, icon_button
from pixelstudio.ui.components.elements import css, draft
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.create.choices import ModelChoice, SizeChoice
from pixelstudio.ui.create.closed import described, option
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.elements import rich_select
from pixelstudio.ui.create.options import options
from pixelstudio.ui.create.remix_strip import made_from, repeat, suited
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.visitor import Visitor

SETTINGS: Final = "settings"
ABOUT_MODELS: Final = "What draws: a sketch catches the mood of your words, an AI model draws what they name."


def composer() -> rx.Component:
    """The form. Its fields keep what is typed; the server hears of it when it is sent."""
    chosen: Any = CreateState.chosen
    considers = (Remixing.parent.id != "") | (chosen.price_credits > 0)
    return rx.el.form(
        made_from(),
        repeat(),
        suited(),
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
        notice(CreateState, Visitor, on_act=CreateState.take_out),
        draft(account=Visitor.handle, recipe=CreateState.recipe.key),
        on_submit=CreateState.generate,
        class_name="composer dock",
        aria_label="Composer",
        custom_attrs={
            "data-quick": "",
            "autoComplete": "off",
            "data-considers": rx.cond(considers, "true", "false"),
            "data-suits": rx.cond(chosen.subjects != "", "true", "false"),
        },
    )


def _settings() -> rx.Component:
    """On a desk part of the form; on a phone a sheet above it, which the browser opens and closes by itself."""
    return rx.el.div(
        rx.el.h2("Settings", class_name="sheet-head phone"),
        _picks(),
        options(),
        rx.el.footer(
            button("Done", custom_attrs={"popovertarget": SETTINGS, "popovertargetaction": "hide"}),
            class_name="sheet-foot phone",
        ),
        class_name="settings",
        key=CreateState.settings_key,
        id=SETTINGS,
        custom_attrs={"popover": "auto"},
    )


def _picks() -> rx.Component:
    return rx.el.div(
        _model(),
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
        class_name="picks",
    )


def _model() -> rx.Component:
    """What a model is stands below the choice in the sheet of a phone, and beside it where one can point."""
    choice = rich_select(
        "Model",
        "model",
        rx.foreach(CreateState.models, _model_option),
        class_name="looks",
        default_value=CreateState.chosen.id,
        on_change=CreateState.choose_model,
        custom_attrs={"data-hint": ABOUT_MODELS, **described("model")},
    )
    return option("model", choice, ABOUT_MODELS)


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
        title=choice.subjects,
    )


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
        rx.el.span("Images"),
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


def _act() -> rx.Component:
    """What it comes to, in full, beside the one button."""
    chosen: Any = CreateState.chosen
    return rx.el.div(
        icon_button("sliders-horizontal", "All settings", look="plain", extra="sq phone more", custom_attrs={"popovertarget": SETTINGS}),
        rx.cond(chosen.id != "", _chosen()),
        rx.el.span(
            rx.cond(~CreateState.is_under_way & (chosen.note != ""), rx.el.span(f"{chosen.note} · ", class_name="note-word")),
            rx.cond(CreateState.amount != "", _amount()),
            rx.el.span(CreateState.price),
            rx.cond(CreateState.wait != "", _wait()),
            class_name="price",
            aria_live="polite",
        ),
        button("Generate", look="main-act", type="submit"),
        class_name="act",
    )


def _chosen() -> rx.Component:
    """On a phone what draws, which a press opens the choice of: create.js opens its list, and the browser the sheet where that is not there yet."""
    chosen: Any = CreateState.chosen
    return rx.el.button(
        rx.cond(chosen.sample != "", rx.el.img(src=chosen.sample, alt="")),
        rx.el.span(rx.el.span("Model: ", class_name="sr"), chosen.title, class_name="clip"),
        type="button",
        class_name="chosen phone",
        custom_attrs={"popovertarget": SETTINGS, "popovertargetaction": "show"},
    )


def _amount() -> rx.Component:
    """How many it is all for; on a phone it gives way while the wait is that of the next ones."""
    return rx.el.span(f"{CreateState.amount} · ", class_name=rx.cond(CreateState.is_under_way, "desk", ""))


def _wait() -> rx.Component:
    """How long until all are there: longer while something of one's own is under way, and said to be so."""
    return rx.el.span(
        " · ",
        rx.el.span("about ", class_name="desk"),
        rx.cond(CreateState.is_under_way, rx.el.span("next in ", class_name="phone")),
        CreateState.wait,
        rx.cond(CreateState.is_under_way, rx.el.span(", behind these", class_name="desk")),
        class_name="span",
    )
