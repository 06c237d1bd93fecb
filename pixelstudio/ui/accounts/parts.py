"""The parts of the doors: a picture on one side, a form that posts on the other, and every reason for which it may come back."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.art import MINT_MOON
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.elements import css, post_form
from pixelstudio.ui.components.field import fault, outcome
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.picture import image
from pixelstudio.ui.failures import DOOR_FAILURES, DOOR_OUTCOMES
from pixelstudio.ui.places import EXPLORE, OF_OTHERS
from pixelstudio.ui.shell import mark
from pixelstudio.ui.visitor import Visitor

NEXT: Final = "/create"


def door(title: str, words: Any, *form: rx.Component) -> rx.Component:
    """One door: its picture and its form."""
    return rx.fragment(
        _art(),
        rx.el.div(
            rx.el.div(
                mark(),
                rx.el.div(rx.el.h1(title), rx.el.p(words, class_name="muted"), class_name="stack tight"),
                *_returned_with(),
                rx.cond(
                    Visitor.is_guest,
                    rx.el.div(
                        icon("images"), rx.el.div(rx.el.p("What you drew comes along", _along(), ".")), class_name="note info", role="note"
                    ),
                ),
                *form,
                class_name="form",
            ),
            class_name="door",
        ),
    )


def _art() -> rx.Component:
    """A picture of the house; for a guest the one they drew last, which they keep."""
    drawn: Any = Visitor.drawn
    return rx.cond(
        Visitor.drawn,
        rx.el.div(
            image(drawn, "(max-width: 980px) 100vw, 55vw", lazy=False), class_name="art own", custom_attrs=css(background_image=drawn.blur)
        ),
        rx.el.div(
            rx.el.img(src=MINT_MOON.src, alt="", custom_attrs=MINT_MOON.attributes()),
            class_name="art",
            aria_hidden=True,
            custom_attrs=css(background_image=MINT_MOON.blur),
        ),
    )


def _along() -> Any:
    """How much that is, when it is known."""
    more = rx.cond(Visitor.drawn_besides == 0, "", f" and {Visitor.drawn_besides} more")
    return rx.cond(Visitor.drawn, f": this picture{more}", "")


def door_form(action: str, submit: str, *fields: rx.Component, stays: bool = False, leads_to: str = NEXT) -> rx.Component:
    """A form that posts to `action`. `data-post` lets forms.js send it in the background where there are scripts.

    One that `stays` says on its own page how it went.
    """
    return post_form(
        *fields,
        rx.el.input(type="hidden", name="next", default_value=leads_to),
        *(outcome() if stays else (fault(),)),
        button(submit, look="main-act", extra="lg", type="submit"),
        action=action,
        method="post",
        no_validate=True,
        class_name="stack",
        custom_attrs={"data-post": "stay" if stays else ""},
    )


def other_door(question: str, word: str, href: str) -> rx.Component:
    """The way to the other door; what the address carries goes along."""
    return rx.el.p(question, " ", rx.el.a(word, href=href, custom_attrs={"data-keep": ""}), class_name="small muted prose")


def just_looking() -> rx.Component:
    """The way past the doors: what everybody shows needs no account."""
    return rx.el.p("Only looking around? ", link(OF_OTHERS, href=EXPLORE.href), class_name="small muted prose")


def _returned_with() -> list[rx.Component]:
    """Every sentence a plain post may come back with, hidden until the address names it: no script is needed to show one."""
    failed = (("error", code, sentence, "bad") for code, sentence in DOOR_FAILURES.items())
    done = (("done", what, sentence, "good") for what, sentence in DOOR_OUTCOMES.items())
    return [_note(*said) for said in (*failed, *done)]


def _note(kind: str, code: str, sentence: str, look: str) -> rx.Component:
    shown = icon("circle-check" if look == "good" else "circle-x")
    role = "status" if look == "good" else "alert"
    return rx.el.div(shown, rx.el.div(rx.el.p(sentence)), id=f"{kind}-{code}", class_name=f"note {look} returned", role=role)
