"""What the page says: the notice about the last act, notes in the flow of a page, an empty wall, the state of the connection."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from pixelstudio.ui.components.button import button, icon_button
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.session import Notices


def notice(state: type[Notices]) -> rx.Component:
    """The one sentence about the last act, where it can be read and dismissed without covering anything that matters."""
    said: Any = state.notice
    return rx.el.div(
        rx.cond(
            said,
            rx.el.div(
                rx.cond(
                    said.kind == "error",
                    rx.el.span(icon("circle-x"), class_name="is-bad"),
                    rx.el.span(icon("circle-check"), class_name="is-good"),
                ),
                rx.el.p(said.sentence),
                icon_button("x", "Dismiss", extra="sm sq", on_click=state.dismiss_notice),
                class_name="toast",
            ),
        ),
        class_name="notices",
        role="status",
        aria_label="Notice",
    )


def note(*children: Any, kind: str = "info", name: IconName = "info", **props: Any) -> rx.Component:
    """A tinted note: what happened, what to do, and if there is one the button that does it."""
    return rx.el.div(icon(name), rx.el.div(*children), class_name=f"note {kind}", **props)


def empty(title: str, words: str, *doing: rx.Component, name: IconName = "images") -> rx.Component:
    """An empty wall: a frame waiting for a picture, why it is empty, and the way to fill it."""
    return rx.el.div(
        rx.el.span(icon(name), class_name="frame"),
        rx.el.h2(title),
        rx.el.p(words),
        *doing,
        class_name="empty",
    )


def connection() -> rx.Component:
    """In place of Reflex's banner: says that the line is down and what still goes on."""
    return rx.el.div(
        rx.cond(
            has_connection_errors,
            rx.el.p(icon("unplug", small=True), "Reconnecting. Your pictures keep being drawn.", class_name="connection"),
        ),
        role="status",
        aria_label="Connection",
    )


def dialog(name: str, title: str, words: str, *doing: rx.Component) -> rx.Component:
    """A question in a native dialog, opened by a button with `data-opens=name`; Escape and the backdrop answer no."""
    return rx.el.dialog(
        rx.el.h2(title, id=f"{name}-title"),
        rx.el.p(words, id=f"{name}-words"),
        rx.el.div(button("Keep", look="quiet", custom_attrs={"data-closes": ""}), *doing, class_name="row"),
        id=name,
        class_name="dialog sheet",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-words",
    )
