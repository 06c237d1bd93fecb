"""What the chosen model cannot use: closed and not disabled, so that a keyboard, a thumb and a screen reader get to the reason."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

_NOTHING: Final = rx.Var("undefined")


def closed_unless(is_open: Any, name: str, why: Any, hint: str = "") -> dict[str, Any]:
    """Props of a text field: what stands in it stays there while it is closed, and is not sent."""
    return {
        "name": rx.cond(is_open, name, _NOTHING),
        "read_only": ~is_open,
        "aria_disabled": rx.cond(is_open, "false", "true"),
        "title": rx.cond(is_open, hint, "") if hint else _NOTHING,
        "custom_attrs": {
            "data-hint": rx.cond(is_open, _NOTHING, why),
            "aria-describedby": rx.cond(is_open, _NOTHING, _id(name)),
        },
    }


def why_closed(name: str, why: Any) -> rx.Component:
    """The words a closed field is described by."""
    return rx.el.span(why, class_name="sr", custom_attrs={"id": _id(name)})


def closed_choice(label: Any, name: str, why: Any) -> rx.Component:
    """In the place of a choice that is closed: what it is, and with the focus, under a pointer or a thumb why there is nothing to choose."""
    return rx.el.span(
        rx.el.button(
            label,
            type="button",
            aria_disabled="true",
            class_name="pick closed",
            custom_attrs={"data-hint": why, "aria-describedby": _id(name)},
        ),
        why_closed(name, why),
        class_name="closing",
    )


def _id(name: str) -> str:
    return f"why-no-{name}"
