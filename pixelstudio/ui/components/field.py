"""Fields of a form: labels, controls, and a place for what is wrong with them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.icon import icon


def field(label: str, name: str, hint: str = "", **props: Any) -> rx.Component:
    """A labelled text field. What is wrong with it appears under it, in `data-fault`, and is read with it."""
    return labelled(label, name, hint, rx.el.input(name=name, id=name, class_name="input", custom_attrs=_described(name, hint), **props))


def area(label: str, name: str, hint: str = "", **props: Any) -> rx.Component:
    """A labelled field of several lines."""
    control = rx.el.textarea(name=name, id=name, class_name="input", custom_attrs=_described(name, hint), **props)
    return labelled(label, name, hint, control)


def select(label: str, name: str, *options: Any, hint: str = "", **props: Any) -> rx.Component:
    """A labelled choice of one from a list; `options` are `rx.el.option` or an `rx.foreach` of them."""
    control = rx.el.select(*options, name=name, id=name, class_name="select", custom_attrs=_described(name, hint), **props)
    return labelled(label, name, hint, control)


def pick(label: str, name: str, *options: Any, **props: Any) -> rx.Component:
    """A setting that reads as a sentence: its label, its value. The native control is the whole chip."""
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(*options, name=name, aria_label=label, **props),
        class_name="pick",
    )


def search(label: str, **props: Any) -> rx.Component:
    """A field to search with; the key `/` goes there. `label` is its name, and its placeholder unless that is given."""
    return rx.el.label(
        icon("search"),
        rx.el.input(
            type="search",
            aria_label=label,
            class_name="input",
            custom_attrs={"data-search": "", "aria-keyshortcuts": "/"},
            **{"name": "q", "auto_complete": "off", "placeholder": label, **props},
        ),
        rx.el.kbd("/", class_name="desk", aria_hidden=True),
        class_name="search",
    )


def _described(name: str, hint: str) -> dict[str, str]:
    return {"aria-describedby": f"{name}-fault {name}-hint" if hint else f"{name}-fault"}


def new_password(label: str, name: str = "password") -> rx.Component:
    """For choosing one."""
    return password(label, name, f"At least {limits.PASSWORD_MIN} characters", auto_complete="new-password")


def password(label: str, name: str = "password", hint: str = "", *, auto_complete: str = "current-password") -> rx.Component:
    """What only its owner should read, unless they press for it: then no spelling is looked up of what is shown."""
    control = rx.el.input(
        name=name,
        id=name,
        type="password",
        auto_complete=auto_complete,
        auto_capitalize="none",
        spell_check=False,
        required=True,
        class_name="input",
        custom_attrs=_described(name, hint),
    )
    show = button(
        "Show", rx.el.span(" password", class_name="sr"), look="quiet", extra="sm", aria_pressed="false", custom_attrs={"data-reveals": ""}
    )
    return labelled(label, name, hint, rx.el.div(control, show, class_name="revealing"))


def outcome() -> tuple[rx.Component, rx.Component]:
    """Where a plain post that stays on its page says how it went: what is wrong with no field in particular, and what is done."""
    return fault(), rx.el.p(class_name="fault is-good", role="status", custom_attrs={"data-said": ""})


def fault() -> rx.Component:
    """Where a plain post says what is wrong with no field in particular."""
    return rx.el.p(class_name="fault is-bad", role="alert", custom_attrs={"data-fault": ""})


def wrapped(label: str, control: rx.Component, hint: str = "") -> rx.Component:
    """A label around its control, for forms of which a page has several: Reflex sends what has an `id` a second time under that."""
    said = [rx.el.span(hint, class_name="hint")] if hint else []
    return rx.el.label(rx.el.span(label), control, *said, class_name="field")


def labelled(label: str, name: str, hint: Any, control: rx.Component, fault: Any = None) -> rx.Component:
    """A label, a control of that name, and under it what is wrong (`fault` when the state says so, else a script fills it in)."""
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.el.span(
            *([] if fault is None else [fault]),
            class_name="hint is-bad",
            id=f"{name}-fault",
            role="alert",
            custom_attrs={"data-fault": name},
        ),
        rx.el.span(hint, class_name="hint", id=f"{name}-hint") if not isinstance(hint, str) or hint else rx.fragment(),
        class_name="field",
    )
