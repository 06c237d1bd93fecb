"""Fields of a form: a label, the control, and a place for what is wrong with it."""

from __future__ import annotations

from typing import Any

import reflex as rx


def field(label: str, name: str, hint: str = "", **props: Any) -> rx.Component:
    """A labelled text field. What is wrong with it appears under it, in `data-fault`, and is read with it."""
    described = f"{name}-fault {name}-hint" if hint else f"{name}-fault"
    return rx.el.div(
        rx.el.label(label, html_for=name),
        rx.el.input(name=name, id=name, class_name="input", custom_attrs={"aria-describedby": described}, **props),
        rx.el.span(class_name="hint is-bad", id=f"{name}-fault", role="alert", custom_attrs={"data-fault": name}),
        rx.el.span(hint, class_name="hint", id=f"{name}-hint") if hint else rx.fragment(),
        class_name="field",
    )


def pick(label: str, name: str, *options: Any, **props: Any) -> rx.Component:
    """A setting that reads as a sentence: its label, its value. The native control is the whole chip."""
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(*options, name=name, aria_label=label, **props),
        class_name="pick",
    )
