"""The parts of /image: the picture on its wall, what it was made from, what its owner may do."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.dialog import CLOSES, opens, question
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.picture import image
from pixelstudio.ui.image.image_state import ImageState

_SIZES: Final = "(max-width: 980px) 100vw, 60vw"
DELETE: Final = "delete-picture"


def shown() -> rx.Component:
    """The picture on the left, in its own light; its label and recipe on the right."""
    return rx.el.div(
        _lit_wall(),
        rx.el.div(_head(), _recipe(), rx.cond(ImageState.is_mine, _owner()), class_name="side"),
        class_name="show spill",
        custom_attrs=css(spill=ImageState.facts.spill),
    )


def loading() -> rx.Component:
    """The page before it knows which picture it shows."""
    return rx.el.div(
        rx.el.div(rx.el.div(class_name="pic skel"), class_name="lit-wall"),
        rx.el.div(
            rx.el.h1("Picture", class_name="sr"), rx.el.div(class_name="skel line"), rx.el.div(class_name="skel line"), class_name="side"
        ),
        class_name="show",
        aria_busy="true",
        aria_label="Loading the picture",
    )


def _lit_wall() -> rx.Component:
    view: Any = ImageState.picture
    return rx.el.div(
        link_button(icon("arrow-left"), href="/library", look="glass", extra="sq phone back", aria_label="Back to the library"),
        rx.el.figure(image(view, _SIZES, lazy=False), class_name="pic", custom_attrs=css(ar=view.ratio, background_image=view.blur)),
        class_name="lit-wall",
    )


def _head() -> rx.Component:
    facts: Any = ImageState.facts
    view: Any = ImageState.picture
    return rx.el.header(
        rx.el.div(rx.el.h1(facts.title), rx.el.p(facts.byline, class_name="muted"), class_name="stack tight"),
        rx.cond(facts.prompt != facts.title, rx.el.p(facts.prompt, class_name="muted words")),
        rx.el.div(
            link_button(icon("repeat-2"), "Use this prompt", href=f"/create?from={view.id}", look="main-act"),
            _download(view),
            class_name="row wrap",
        ),
        class_name="stack",
    )


def _download(view: Any) -> rx.Component:
    """A plain link: without `reloadDocument` the router takes the address for a page of its own and finds none."""
    return rx.el.a(
        icon("download"),
        "Download",
        href=f"/media/{view.id}/original?download=1",
        class_name="btn",
        download=True,
        custom_attrs={"reloadDocument": True},
    )


def _recipe() -> rx.Component:
    facts: Any = ImageState.facts
    rows: tuple[tuple[str, Any, str], ...] = (
        ("Model", facts.model, ""),
        ("Made by", facts.maker, ""),
        ("Without", facts.without, ""),
        ("Seed", facts.seed, "mono"),
        ("Size", facts.size, "mono"),
        ("Drawn", facts.drawn, ""),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Recipe"),
            button(
                rx.el.span(icon("copy", small=True), "Copy prompt", class_name="before"),
                rx.el.span(icon("check", small=True), "Copied", class_name="after", role="status"),
                look="quiet",
                extra="sm push",
                custom_attrs={"data-copy": "prompt-text"},
            ),
            class_name="row",
        ),
        rx.el.p(facts.prompt, id="prompt-text", class_name="sr"),
        rx.el.dl(*(_fact(word, value, class_name) for word, value, class_name in rows), class_name="facts-list"),
        aria_label="Recipe",
        role="region",
    )


def _fact(word: str, value: Any, class_name: str) -> rx.Component:
    return rx.cond(value, rx.fragment(rx.el.dt(word), rx.el.dd(value, class_name=class_name)))


def _owner() -> rx.Component:
    """What only the owner sees: who may see it, and the way out."""
    return rx.el.section(
        rx.el.h2("Yours"),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="switch",
                role="switch",
                aria_label="Public",
                checked=ImageState.is_public,
                on_change=ImageState.set_public,
            ),
            rx.cond(
                ImageState.is_public,
                rx.el.span(rx.el.b("Public"), rx.el.span("Anyone with the link can see it", class_name="small muted")),
                rx.el.span(rx.el.b("Private"), rx.el.span("Only you can see it", class_name="small muted")),
            ),
            class_name="check choice",
        ),
        rx.el.div(
            button(icon("trash-2"), "Delete", look="bad", custom_attrs=opens(DELETE)),
            question(
                DELETE,
                "Delete this picture",
                "It leaves your library for good, and its link stops working.",
                button("Delete", look="bad", on_click=ImageState.delete, custom_attrs=CLOSES),
            ),
        ),
    )
