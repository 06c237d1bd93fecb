"""The parts of the landing: the head of the house, the sentence and the picture it became, what to expect."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui import formats
from pixelstudio.ui.art import CORAL_DUNES
from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.elements import css, post_form
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.picture import figure
from pixelstudio.ui.shell import mark

_PROMISES: Final[tuple[tuple[IconName, str, str], ...]] = (
    ("wand-sparkles", "Say it", "One box, one button. The price is beside it before you press."),
    ("clock", "Watch it come", "Every step is drawn before your eyes, with your true place in line."),
    ("lock", "Keep it", "Your pictures are private until you say otherwise, and carry their recipe with them."),
)


def house() -> rx.Component:
    """The name and the two ways in."""
    return rx.el.header(
        mark(),
        rx.el.nav(
            link_button("Sign in", href="/login", look="quiet"),
            link_button("Create", href="/create"),
            class_name="row push",
            aria_label="Main",
        ),
        class_name="top",
    )


def say_it() -> rx.Component:
    """The promise, the box to try it with, and a picture that came from such a sentence."""
    return rx.el.section(
        rx.el.div(
            rx.el.h1("Type a sentence.", rx.el.br(), "Hang the picture."),
            rx.el.p(
                f"A quiet studio for pictures made from words. Sketches are free, and you begin with {limits.SIGN_UP_CREDITS} credits.",
                class_name="lede",
            ),
            _box(),
            class_name="stack wide",
        ),
        _hung(),
        class_name="hero spill",
        custom_attrs=css(spill=CORAL_DUNES.spill),
    )


def _box() -> rx.Component:
    """A plain form: the text travels in the address, through registration, to the composer."""
    return post_form(
        rx.el.textarea(
            name="prompt",
            rows="2",
            aria_label="Prompt",
            placeholder="What should hang here?",
            max_length=limits.PROMPT_MAX,
            required=True,
            class_name="prompt",
        ),
        rx.el.div(
            rx.el.span("Sketches are free", class_name="price"),
            button("Generate", look="main-act", type="submit"),
            class_name="act",
        ),
        action="/register",
        method="get",
        class_name="composer",
        custom_attrs={"data-quick": ""},
        aria_label="Try it",
    )


def _hung() -> rx.Component:
    art = CORAL_DUNES
    return rx.el.div(
        figure(rx.el.img(src=art.src, alt=art.prompt, custom_attrs=art.attributes()), ratio=f"{art.ratio:.4f}", blur=art.blur),
        rx.el.div(
            rx.el.b(art.prompt),
            rx.el.span(formats.facts(art.model_title, "1024 × 1280", f"seed {art.seed}", "Sketch (not AI)"), class_name="facts"),
            class_name="label",
        ),
        class_name="hung",
    )


def promises() -> rx.Component:
    """What to expect, in three lines."""
    return rx.el.section(
        rx.el.h2("What happens here", class_name="sr"),
        rx.el.ol(
            *(rx.el.li(icon(name), rx.el.h3(title), rx.el.p(words)) for name, title, words in _PROMISES),
            class_name="promises",
        ),
        class_name="band",
    )
