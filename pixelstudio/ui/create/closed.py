"""An option with what it does below it; and what the chosen model cannot use: closed and not disabled, so that everybody gets to the reason."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

_NOTHING: Final = rx.Var("undefined")


def option(name: str, control: rx.Component, words: Any) -> rx.Component:
    """A choice, and below it the words that describe it to everybody: what it does, or why it is closed."""
    return rx.el.div(control, rx.el.small(words, custom_attrs={"id": _id(name)}), class_name="option")


def described(name: str) -> dict[str, Any]:
    """`custom_attrs` of the control of an option."""
    return {"aria-describedby": _id(name)}


def closed_unless(is_open: Any, name: str) -> dict[str, Any]:
    """Props of a text field: what stands in it stays there while it is closed, and is not sent."""
    return {
        "name": rx.cond(is_open, name, _NOTHING),
        "read_only": ~is_open,
        "aria_disabled": rx.cond(is_open, "false", "true"),
        "custom_attrs": described(name),
    }


def closed_choice(label: Any, name: str) -> rx.Component:
    """In the place of a choice that is closed."""
    return rx.el.button(label, type="button", aria_disabled="true", class_name="pick closed", custom_attrs=described(name))


def _id(name: str) -> str:
    return f"about-{name}"
