"""What opens over /create: one's presets, one's prompts, and the review of a set."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, icon_button
from pixelstudio.ui.components.dialog import CLOSES, dialog
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.field import search
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.options import PRESETS, PROMPTS
from pixelstudio.ui.create.review_state import Review
from pixelstudio.ui.create.shelf_state import PresetLine, PromptLine, Shelf

REVIEW: Final = "review"
LOOK_THROUGH: Final = "Look through"
"""What the review of a set is called by whoever presses for it."""
_SIZES: Final = "(max-width: 760px) 100vw, 700px"


def dialogs() -> rx.Component:
    """All of them, closed."""
    return rx.fragment(_presets(), _prompts(), _review())


def _list(lines: Any) -> Any:
    """A list of a state as the var it is in a page."""
    return lines


def _presets() -> rx.Component:
    return dialog(
        PRESETS,
        "Presets",
        rx.el.form(
            rx.el.input(
                name="name",
                aria_label="Preset name",
                placeholder="Name these words and settings",
                max_length=limits.PRESET_NAME_MAX,
                required=True,
            ),
            button(icon("save", small=True), "Save preset", type="submit"),
            class_name="inline-form",
            custom_attrs={"data-saves": "", "autoComplete": "off"},
        ),
        rx.cond(
            Shelf.is_loaded & (_list(Shelf.presets).length() == 0),
            rx.el.p("No presets yet. One keeps your words and all settings, and the seed if its lock is closed.", class_name="muted small"),
        ),
        rx.el.ul(rx.foreach(Shelf.presets, _preset), class_name="lines"),
        notice(Shelf, on_act=Shelf.undo),
        class_name="listing",
    )


def _preset(line: rx.Var[PresetLine]) -> rx.Component:
    kept: Any = line
    return rx.el.li(
        rx.el.button(
            rx.el.b(kept.name, class_name="clip"),
            rx.el.span(kept.facts, class_name="facts clip"),
            type="button",
            class_name="line-act label",
            on_click=Shelf.apply_preset(kept.id),
            custom_attrs=CLOSES,
        ),
        rx.el.details(
            rx.el.summary(icon("pencil", small=True), class_name="btn quiet sm sq", aria_label=f"Rename {kept.name}"),
            rx.el.form(
                rx.el.input(type="hidden", name="preset_id", value=kept.id, read_only=True),
                rx.el.input(name="name", aria_label="New name", default_value=kept.name, max_length=limits.PRESET_NAME_MAX, required=True),
                button("Rename", type="submit", extra="sm"),
                on_submit=Shelf.rename_preset,
                class_name="inline-form",
                custom_attrs={"autoComplete": "off"},
            ),
            key=kept.name,
        ),
        icon_button("trash-2", f"Delete {kept.name}", extra="sm sq", on_click=Shelf.delete_preset(kept.id)),
        key=kept.id,
    )


def _prompts() -> rx.Component:
    return dialog(
        PROMPTS,
        "Your prompts",
        search("Search your prompts", on_change=Shelf.find_prompts.debounce(150)),
        rx.cond(
            Shelf.is_loaded & (_list(Shelf.prompts).length() == 0),
            rx.el.p("None found. What you ask for is kept here.", class_name="muted small"),
        ),
        rx.el.ul(rx.foreach(Shelf.prompts, _prompt), class_name="lines"),
        notice(Shelf),
        class_name="listing",
    )


def _prompt(line: rx.Var[PromptLine]) -> rx.Component:
    used: Any = line
    return rx.el.li(
        rx.el.button(
            rx.el.span(used.prompt, class_name="words clamp"),
            rx.el.span(used.facts, class_name="facts"),
            type="button",
            class_name="line-act label",
            on_click=CreateState.reuse(used.generation_id),
            custom_attrs=CLOSES,
        ),
        key=used.generation_id,
    )


def _review() -> rx.Component:
    """One picture at a time. The arrows are the four acts; the next picture is being fetched while this one is looked at."""
    return dialog(
        REVIEW,
        LOOK_THROUGH,
        rx.el.p(Review.title, class_name="muted small clip"),
        rx.cond(
            Review.is_over,
            rx.el.div(
                rx.el.span(icon("check-check"), class_name="frame"),
                rx.el.p(Review.summary, role="status", class_name="t"),
                class_name="empty",
            ),
            rx.el.div(rx.foreach(Review.pictures, _table), class_name="table"),
        ),
        rx.el.div(
            _verdict("undo-2", "Undo", "ArrowLeft", "arrow-left", on_click=Review.undo, disabled=Review.place == 0),
            rx.cond(
                Review.is_over,
                button("Done", look="main-act", custom_attrs={**CLOSES, "data-key": "Enter", "data-key-words": "Done"}),
                rx.fragment(
                    _verdict("trash-2", "Trash", "ArrowDown", "arrow-down", on_click=Review.judge("bin")),
                    _verdict("star", "Favourite", "ArrowUp", "arrow-up", on_click=Review.judge("favourite")),
                    _verdict("check", "Keep", "ArrowRight", "arrow-right", on_click=Review.judge("keep")),
                ),
            ),
            class_name="verdicts",
        ),
        notice(Review),
        class_name="review",
    )


def _table(picture: Any, place: Any) -> rx.Component:
    """The picture at hand, and the one after it out of sight, so that it is there when it is wanted."""
    return rx.cond(
        (place == Review.place) | (place == Review.place + 1),
        rx.el.figure(
            rx.el.img(src=f"/media/{picture.id}/1024", src_set=picture.srcset, sizes=_SIZES, alt=picture.alt),
            rx.cond(place == Review.place, rx.el.figcaption(rx.el.span(Review.progress, role="status"), class_name="mono")),
            class_name=rx.cond(place == Review.place, "pic", "pic next"),
            custom_attrs=css(ar=picture.ratio, background_image=picture.blur),
            key=picture.id,
        ),
    )


def _verdict(name: IconName, word: str, key: str, shown: IconName, **props: Any) -> rx.Component:
    """One act of the review; its key is drawn, because the fonts that travel with the pages have no arrows."""
    return button(
        icon(name),
        word,
        rx.el.kbd(icon(shown, small=True), class_name="desk", aria_hidden=True),
        custom_attrs={"data-key": key},
        aria_label=word,
        **props,
    )
