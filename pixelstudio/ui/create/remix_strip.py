"""What stands above the words of the composer: the picture they are made from and what differs, that the very same one is there already,
and which look draws what they name.

Above, because the composer stands on the bottom edge: what comes and goes there moves nothing one is about to press.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import button, icon_button, link
from pixelstudio.ui.components.choice import tick
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.prompts.remix_parts import beginning, changed_settings


def made_from() -> rx.Component:
    """The picture it is made from, what is changed so far, and the way to go on without it."""
    parent: Any = Remixing.parent
    changed: Any = Remixing.change
    is_changed = changed.parts.length() + changed.settings.length() > 0
    seen = rx.el.img(src=f"/media/{parent.id}/256", alt="", decoding="async", custom_attrs={"width": "40", "height": "40"})
    return rx.cond(
        parent.id != "",
        rx.el.section(
            link(seen, href=f"/image/{parent.id}", aria_label="The picture it is made from"),
            rx.el.div(
                rx.el.p(rx.el.span(parent.says, " ", class_name="muted"), parent.title, class_name="clip"),
                rx.cond(changed.parts.length() > 0, beginning(changed.parts, "Change to the prompt")),
                changed_settings(changed.settings),
                rx.cond(is_changed, rx.fragment(), rx.el.p("Change what you like: it is drawn anew.", class_name="muted")),
                class_name="changed",
            ),
            icon_button("x", "Go on without it", look="quiet", extra="sq sm", on_click=Remixing.let_go),
            aria_label="Made from",
            class_name="made-from",
        ),
    )


def repeat() -> rx.Component:
    """That it costs nothing because it is there already; and the box that has it drawn, and charged, all the same."""
    known: Any = Remixing.repeat
    return rx.cond(
        known.says != "",
        rx.el.div(
            icon("copy", small=True),
            rx.el.span(
                rx.el.span(known.says, class_name="unticked"),
                rx.el.span("It is drawn and charged again.", class_name="ticked"),
                role="status",
            ),
            tick(known.anew, name="anew"),
            class_name=rx.cond(known.is_all, "repeat all", "repeat"),
        ),
    )


def suited() -> rx.Component:
    """That another look draws what the words name, and the way to it: what was chosen once stays chosen, whatever one writes."""
    offered: Any = Remixing.suited
    chosen: Any = CreateState.chosen
    return rx.cond(
        (offered.id != "") & (chosen.subjects != ""),
        rx.el.div(
            rx.el.span(offered.says, role="status"),
            button(offered.act, extra="sm", custom_attrs={"data-chooses": offered.id}),
            class_name="repeat",
        ),
    )
