"""The mask of the picture to go by: the choice in the composer, and the dialog in which it is painted."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, icon_button
from pixelstudio.ui.components.choice import Segment, segments
from pixelstudio.ui.components.dialog import dialog, opens
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.create.closed import closed_choice, described, option
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.elements import mask_painter

MASK: Final = "mask"


def mask_pick() -> rx.Component:
    """Opens the dialog. Where the model draws whole pictures it is there, closed, and says why."""
    chosen: Any = CreateState.chosen
    opening = rx.el.div(
        rx.el.button(
            rx.el.span("Mask"),
            icon("brush", small=True),
            rx.el.span("Paint", class_name="unpainted"),
            rx.el.span("Painted", class_name="painted"),
            type="button",
            class_name="pick",
            aria_label="Mask",
            custom_attrs={**opens(MASK), **described("mask")},
        ),
        rx.el.input(type="hidden", name="mask", default_value=CreateState.recipe.mask),
        class_name="masked",
    )
    words = rx.cond(chosen.takes_mask, "Only what you paint over is drawn anew.", chosen.why_no_mask)
    return option("mask", rx.cond(chosen.takes_mask, opening, closed_choice("Mask", "mask")), words)


def mask_dialog() -> rx.Component:
    """The picture under the brush, the tools, and the ways out."""
    tools = (Segment("brush", "Brush", "brush"), Segment("erase", "Eraser", "eraser"), Segment("frame", "Frame", "square-dashed"))
    return dialog(
        MASK,
        "What is drawn anew",
        mask_painter(
            rx.el.p(
                "Choose a picture under “Go by a picture” first. Then paint over the part of it that is to change.",
                class_name="muted mask-none",
            ),
            rx.el.div(class_name="mask-stage", custom_attrs={"data-stage": ""}),
            rx.el.p(
                "Paint over what is to change. ",
                rx.el.span(
                    "By keyboard: arrows move the frame, with Shift they change its size, Enter paints it and Backspace erases it.",
                    class_name="desk",
                ),
                class_name="hint small muted",
                id="mask-how",
            ),
            rx.el.div(
                segments("Tool", "mask_tool", tools, "brush"),
                rx.el.label(
                    rx.el.span("Brush size"),
                    rx.el.input(
                        type="range",
                        name="mask_brush",
                        aria_label="Brush size",
                        default_value="8",
                        custom_attrs={"min": "1", "max": "40", "step": "1"},
                    ),
                    class_name="slider",
                ),
                rx.el.div(
                    _tool("undo-2", "Undo", "undo"),
                    _tool("contrast", "Invert", "invert"),
                    _tool("trash-2", "Clear", "clear"),
                    class_name="row",
                ),
                class_name="mask-tools",
            ),
            rx.el.p(role="status", class_name="small muted", custom_attrs={"data-said": ""}),
            rx.el.div(
                button("Without a mask", look="quiet", custom_attrs={"data-mask": "remove"}),
                button("Use this mask", look="main-act", custom_attrs={"data-mask": "save"}),
                class_name="row wrap answers",
            ),
        ),
        class_name="masking",
    )


def _tool(name: Any, word: str, act: str) -> rx.Component:
    return icon_button(name, word, extra="sq", look="plain", custom_attrs={"data-mask": act})
