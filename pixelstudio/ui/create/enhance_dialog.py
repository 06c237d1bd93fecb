"""Enhance: the dialog over /create that shows what would become of the prompt, before it does."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.dialog import CLOSES, dialog, opens
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.create.enhancing_state import Enhancing
from pixelstudio.ui.prompts.brief_parts import facts
from pixelstudio.ui.prompts.remix_parts import change

ENHANCE: Final = "enhance"


def enhance_button() -> rx.Component:
    """Opens the dialog; create.js hands over what stands in the composer."""
    return button(
        icon("sparkles", small=True),
        rx.el.span("Enhance"),
        look="quiet",
        extra="sm",
        aria_label="Enhance",
        custom_attrs={**opens(ENHANCE), "data-enhances": "", "data-hint": "A few words written out into a full prompt"},
    )


def enhance_dialog() -> rx.Component:
    """What is there to choose, the change, and the two ways out."""
    words: Any = Enhancing.words
    return dialog(
        ENHANCE,
        "Enhance",
        rx.cond(
            Enhancing.description != "",
            rx.fragment(
                facts(Enhancing, ENHANCE),
                rx.el.div(
                    rx.el.h3("Your prompt becomes", class_name="small muted"),
                    change(Enhancing.parts, "Change to the prompt"),
                    rx.cond(
                        Enhancing.takes_negative,
                        rx.fragment(
                            rx.el.h3("Without", class_name="small muted"),
                            change(Enhancing.negative_parts, "Change to the negative prompt"),
                        ),
                    ),
                    rx.el.p(words.facts, class_name="facts"),
                    rx.cond(Enhancing.note != "", rx.el.p(Enhancing.note, class_name="small muted", role="status")),
                    class_name="stack tight becoming",
                    aria_live="polite",
                ),
            ),
            rx.el.p("Type a few words into the box first: what should hang there?", class_name="muted"),
        ),
        notice(Enhancing),
        rx.el.div(
            button("Keep mine", look="quiet", custom_attrs=CLOSES),
            rx.cond(
                Enhancing.has_writer,
                button(icon("wand-sparkles", small=True), "Ask the language model", look="line", on_click=Enhancing.ask_writer),
            ),
            button("Take it", look="main-act", on_click=Enhancing.take_words, disabled=words.prompt == "", custom_attrs=CLOSES),
            class_name="row wrap answers",
        ),
        class_name="enhance",
    )
