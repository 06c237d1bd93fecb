"""Buttons and links that look like buttons: one accent per view, everything else neutral."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.react_router import link as route_link

from pixelstudio.ui.components.icon import IconName, icon

Look = Literal["main-act", "line", "quiet", "bad", "glass", "plain"]


def classes(look: Look, *more: str) -> str:
    """The class names of a button."""
    return " ".join(("btn", *(() if look == "plain" else (look,)), *more))


def button(*children: Any, look: Look = "plain", extra: str = "", **props: Any) -> rx.Component:
    """A button; `type` is "button" unless said, so that no form is sent by accident."""
    return rx.el.button(*children, class_name=classes(look, extra).strip(), **{"type": "button", **props})


def icon_button(name: IconName, label: Any, *, look: Look = "quiet", extra: str = "sq", **props: Any) -> rx.Component:
    """A square button of one icon, with a name for those who do not see it, which is shown to those who wonder."""
    return button(icon(name), look=look, extra=extra, aria_label=label, **hinted(label, props))


def busy_button(words: str, *, is_busy: Any, busy_words: str, look: Look = "main-act", extra: str = "", **props: Any) -> rx.Component:
    """A button that says what it is doing while it does it, and takes no second press meanwhile."""
    return button(
        rx.cond(is_busy, rx.fragment(icon("loader-circle", small=True), busy_words), words),
        look=look,
        extra=extra,
        aria_busy=rx.cond(is_busy, "true", "false"),
        disabled=is_busy,
        **props,
    )


def link_button(*children: Any, href: Any, look: Look = "plain", extra: str = "", **props: Any) -> rx.Component:
    """A link inside the app that looks like a button."""
    return link(*children, href=href, class_name=classes(look, extra).strip(), **props)


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link inside the app: the next page comes without a reload."""
    return route_link(*children, to=href, **props)


def hinted(words: Any, props: dict[str, Any]) -> dict[str, Any]:
    """`props` of an element, with words that appear beside it when it is pointed at or has the focus.

    Words that are not its name as well are read as its description. Never the only place of anything one must know: a thumb cannot point.
    """
    return {**props, "custom_attrs": {"data-hint": words, **props.get("custom_attrs", {})}}


def copy_button(source: str, words: str, done: str, extra: str = "") -> rx.Component:
    """A small button that puts the text of the element `source` into the clipboard, and says so in its own place."""
    return button(
        rx.el.span(icon("copy", small=True), words, class_name="before"),
        rx.el.span(icon("check", small=True), done, class_name="after", role="status"),
        look="quiet",
        extra=f"sm {extra}".strip(),
        custom_attrs={"data-copy": source},
    )
