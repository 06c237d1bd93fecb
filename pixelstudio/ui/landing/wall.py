"""The wall of the landing: pictures of every look, each with the sentence it was drawn from, ready to be taken up."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.ui.art import WALL, Art
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.icon import icon

_TITLE: Final = "Begin with one of these"


def wall() -> rx.Component:
    """Drawn by the studio itself; a press puts the sentence and the look into the composer."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(_TITLE),
            rx.el.p(
                "Drawn by the sketch models that come with the studio. Press one to take up its sentence and its model.", class_name="muted"
            ),
            class_name="stack tight",
        ),
        rx.el.div(*(_taken_up(art) for art in WALL), class_name="art-wall wall"),
        class_name="band",
    )


def _taken_up(art: Art) -> rx.Component:
    return rx.el.button(
        rx.el.img(src=art.src, alt="", loading="lazy", decoding="async", custom_attrs={"width": str(art.width), "height": str(art.height)}),
        rx.el.span(
            rx.el.span(rx.el.b(art.prompt), rx.el.span(art.model_title, class_name="tiny"), class_name="said"),
            icon("corner-down-left", small=True),
            class_name="over",
        ),
        type="button",
        class_name="pic",
        aria_label=f"Use the sentence: {art.prompt}",
        custom_attrs={"data-fill": art.prompt, "data-look": art.look, **css(ar=f"{art.ratio:.4f}", background_image=art.blur)},
    )
