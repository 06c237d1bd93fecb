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


def icon_button(name: IconName, label: str, *, look: Look = "quiet", extra: str = "sq", **props: Any) -> rx.Component:
    """A square button of one icon, with a name for those who do not see it and a tooltip for those who wonder."""
    return button(icon(name), look=look, extra=extra, aria_label=label, title=label, **props)


def link_button(*children: Any, href: Any, look: Look = "plain", extra: str = "", **props: Any) -> rx.Component:
    """A link inside the app that looks like a button."""
    return link(*children, href=href, class_name=classes(look, extra).strip(), **props)


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link inside the app: the next page comes without a reload."""
    return route_link(*children, to=href, **props)
