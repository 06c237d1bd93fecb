"""Floating pages: a question, a dialog, a sheet. All native, so that focus, Escape and the page behind are the browser's business.

A button opens one by `custom_attrs=opens(name)`; inside, `custom_attrs=CLOSES` closes it. Escape and a press on the backdrop close it too.
"""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, icon_button

CLOSES: Final[dict[str, str]] = {"data-closes": ""}
SENT_CLOSES: Final[dict[str, str]] = {"data-sent-closes": ""}
"""`custom_attrs` of a form that closes the dialog it stands in when it is sent."""


def opens(name: Any) -> dict[str, Any]:
    """`custom_attrs` of the button that opens the dialog of that name."""
    return {"data-opens": name, "aria-haspopup": "dialog"}


def question(name: Any, title: Any, words: Any, *doing: rx.Component, keep: str = "Keep") -> rx.Component:
    """A question with one way back and the buttons in `doing`, which close it themselves (`CLOSES`). The way back has the focus."""
    return rx.el.dialog(
        rx.el.h2(title, id=f"{name}-title"),
        rx.el.p(words, id=f"{name}-words"),
        rx.el.div(button(keep, look="quiet", custom_attrs=CLOSES), *doing, class_name="row wrap answers"),
        id=name,
        class_name="dialog sheet",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-words",
    )


def dialog(name: Any, title: Any, *content: Any, class_name: str = "") -> rx.Component:
    """A titled dialog with a cross. On a phone it rises from the bottom edge."""
    return _titled(name, title, content, class_name)


def sheet(name: Any, title: Any, *content: Any, class_name: str = "") -> rx.Component:
    """Settings beside the page: along the right edge of a desk, from the bottom edge of a phone."""
    return _titled(name, title, content, f"beside {class_name}")


def _titled(name: Any, title: Any, content: tuple[Any, ...], class_name: str) -> rx.Component:
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(title, id=f"{name}-title", tab_index=-1),
            icon_button("x", "Close", extra="sq push", custom_attrs=CLOSES),
            class_name="dialog-head",
        ),
        rx.el.div(*content, class_name="dialog-body"),
        id=name,
        class_name=f"dialog sheet titled {class_name}".strip(),
        aria_labelledby=f"{name}-title",
    )
