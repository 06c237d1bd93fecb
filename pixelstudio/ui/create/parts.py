"""The parts of /create: the composer, and a set with its strip of slots."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.field import pick
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.components.picture import image, page_of, source
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.steps import Steps
from pixelstudio.ui.create.views import SizeChoice, SlotCard

IDEAS: Final = (
    "Cut-paper dunes at dusk, a pale sun over coral ridges",
    "A single flower folded from red paper, seen from above",
    "Ocean waves at night under a mint moon",
)
_SIZES: Final = "(max-width: 760px) 50vw, 25vw"


def composer() -> rx.Component:
    """One box and one button. The fields keep what is typed; the server hears of it when it is sent."""
    return rx.el.form(
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
        rx.el.div(_without(), _picks(), class_name="settings", key=CreateState.settings_key, id="settings"),
        _act(),
        notice(CreateState),
        on_submit=CreateState.generate,
        class_name="composer dock",
        aria_label="Composer",
        custom_attrs={"data-quick": "", "autoComplete": "off"},
    )


def _without() -> rx.Component:
    """The negative prompt; when the model has none the field says so instead of dropping the words silently."""
    chosen: Any = CreateState.chosen
    return rx.el.label(
        rx.el.span("Without"),
        rx.el.input(
            name="negative_prompt",
            aria_label="Negative prompt",
            max_length=limits.NEGATIVE_PROMPT_MAX,
            default_value=CreateState.recipe.negative_prompt,
            disabled=~chosen.takes_negative,
            placeholder=rx.cond(chosen.takes_negative, "what should not be in it", chosen.why_no_negative),
        ),
        class_name="without",
    )


def _picks() -> rx.Component:
    recipe = CreateState.recipe
    chosen: Any = CreateState.chosen
    return rx.el.div(
        pick(
            "Model",
            "model",
            rx.foreach(CreateState.models, lambda model: rx.el.option(model.title, value=model.id)),
            default_value=recipe.model,
            on_change=CreateState.choose_model,
        ),
        pick("Size", "size", rx.foreach(CreateState.chosen.sizes, _size_option), default_value=recipe.size, key=CreateState.chosen.id),
        _stepper(),
        rx.el.label(
            rx.el.span("Seed"),
            rx.el.input(
                name="seed",
                aria_label="Seed",
                placeholder="Random",
                input_mode="numeric",
                max_length=10,
                default_value=recipe.seed,
                disabled=~chosen.takes_seed,
                title=rx.cond(chosen.takes_seed, "The same seed draws the same picture", chosen.why_no_seed),
                class_name="mono",
            ),
            class_name="pick",
        ),
        class_name="picks",
    )


def _size_option(size: rx.Var[SizeChoice]) -> rx.Component:
    return rx.el.option(size.words, value=size.value)  # pyright: ignore[reportAttributeAccessIssue]  # a var has its view's fields


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


def _act() -> rx.Component:
    return rx.el.div(
        button(
            icon("sliders-horizontal"),
            extra="sq phone more",
            aria_label="All settings",
            aria_expanded="false",
            aria_controls="settings",
            custom_attrs={"data-expands": ""},
        ),
        rx.el.span(CreateState.chosen.title, class_name="said"),
        rx.el.span(
            rx.cond(CreateState.chosen.note, rx.el.span(CreateState.chosen.note, " · ", class_name="note-word")),
            CreateState.price,
            class_name="price",
            aria_live="polite",
        ),
        button("Generate", look="main-act", type="submit"),
        class_name="act",
    )


def results() -> rx.Component:
    """Everything that was asked for: what is under way first."""
    return rx.el.section(
        rx.cond(
            CreateState.is_loaded,
            rx.cond(
                CreateState.is_empty,
                nothing_yet(),
                rx.fragment(
                    rx.foreach(CreateState.current, lambda card, place: _set(card, place, live=True)),
                    rx.foreach(CreateState.earlier, lambda card, place: _set(card, place, live=False)),
                ),
            ),
            _loading(),
        ),
        aria_label="Results",
        role="region",
        class_name="results",
    )


def nothing_yet() -> rx.Component:
    """The first visit: three sentences to begin with."""
    return rx.el.div(
        rx.el.h2("An empty wall"),
        rx.el.p("Write one sentence below, or begin with one of these."),
        rx.el.div(
            *(button(words, look="plain", extra="idea", custom_attrs={"data-fill": words}) for words in IDEAS),
            class_name="ideas",
        ),
        class_name="empty first",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="skel line"),
        rx.el.div(*(rx.el.div(class_name="pic skel") for _ in range(4)), class_name="strip"),
        aria_busy="true",
        aria_label="Loading your pictures",
    )


def _set(card: Any, place: Any, *, live: bool) -> rx.Component:
    slot = _live_slot if live else _ended_slot
    return rx.el.article(
        rx.el.header(
            rx.el.div(rx.el.b(card.title, class_name="clip"), rx.el.span(card.facts, class_name="facts clip"), class_name="label"),
            _progress(card, place) if live else rx.fragment(),
            rx.cond(
                card.is_open,
                button("Cancel", extra="sm", on_click=CreateState.cancel(card.id)),
                button(
                    icon("repeat-2"),
                    look="quiet",
                    extra="sm sq",
                    aria_label="Use this prompt",
                    title="Use this prompt",
                    on_click=CreateState.reuse(card.id),
                ),
            ),
            class_name="pagehead",
        ),
        rx.el.div(
            rx.el.div(
                rx.foreach(card.slots, slot), class_name=rx.cond(card.is_bare, "strip bare", "strip"), custom_attrs=css(n=card.columns)
            ),
            class_name="wall",
        ),
        class_name="set",
        key=card.id,
        custom_attrs={"data-set": card.id, "data-small": rx.cond(card.is_small, "", None), **css(span=card.span)},
    )


def _progress(card: Any, place: Any) -> rx.Component:
    """How far the set is. The newest one is the page's status; older ones are only written."""
    return rx.cond(
        place == 0,
        rx.el.span(card.progress, class_name="status muted", role="status", aria_label="Progress"),
        rx.el.span(card.progress, class_name="status muted"),
    )


def _ended_slot(slot: Any) -> rx.Component:
    return rx.cond(
        slot.picture,
        rx.el.figure(
            image(slot.picture, _SIZES),
            link(href=page_of(slot.picture), aria_label=slot.alt),
            class_name="pic",
            key=slot.key,
            custom_attrs=css(ar=slot.ratio, background_image=slot.picture.blur),
        ),
        rx.el.figure(_words(slot), class_name="pic wait", key=slot.key, custom_attrs=css(ar=slot.ratio)),
    )


@rx.memo
def live_slot(slot: rx.Var[SlotCard]) -> rx.Component:
    """A slot from waiting to picture. One `img` serves previews and picture, so the last preview stays until the picture is there."""
    step: Any = Steps.now[slot.key]  # pyright: ignore[reportAttributeAccessIssue]  # a var has its view's fields
    return _developing(slot, step)


def _live_slot(slot: Any) -> rx.Component:
    return rx.fragment(live_slot(slot=slot), key=slot.key)


def _developing(slot: Any, step: Any) -> rx.Component:
    is_drawing = slot.state == "drawing"
    is_shown = rx.cond(slot.picture, True, is_drawing & rx.cond(step, step.preview != "", False))  # both arms of a cond
    return rx.el.figure(
        rx.cond(
            is_shown,
            rx.el.img(
                src=rx.cond(slot.picture, source(slot.picture), step.preview),
                src_set=rx.cond(slot.picture, slot.picture.srcset, ""),
                sizes=_SIZES,
                alt=rx.cond(slot.picture, slot.alt, ""),
                decoding="async",
            ),
        ),
        rx.cond(
            slot.picture,
            link(href=page_of(slot.picture), aria_label=slot.alt),
            rx.cond(is_drawing, _state(slot, step), _words(slot)),
        ),
        class_name=rx.cond(slot.picture, "pic", rx.cond(is_drawing, "pic dev", "pic wait")),
        custom_attrs={
            "style": rx.Var.create(
                {
                    "--ar": slot.ratio,
                    "--haze": rx.cond(slot.picture, "0px", rx.cond(step, step.haze, "0px")),
                    "backgroundImage": rx.cond(slot.picture, slot.picture.blur, "none"),
                }
            ),
            "data-state": slot.state,
        },
    )


def _state(slot: Any, step: Any) -> rx.Component:
    """True steps, and a line of light."""
    return rx.fragment(
        rx.el.figcaption(
            rx.el.span(rx.cond(slot.words, slot.words, slot.title)),
            rx.el.span(rx.cond(step, f"{step.step} of {step.steps}", ""), class_name="mono"),
            class_name="state",
        ),
        rx.el.progress(value=rx.cond(step, step.step, 0), max=rx.cond(step, step.steps, 1), aria_label="Steps drawn"),
    )


def _words(slot: Any) -> rx.Component:
    return rx.el.figcaption(rx.el.b(slot.title), rx.el.span(slot.words, class_name="tiny"))
