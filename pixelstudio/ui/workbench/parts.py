"""The frame of an example: what it is called, one line about it, and the thing itself."""

from __future__ import annotations

from typing import Any

import reflex as rx


def example(mode: str, title: str, words: str, *content: Any) -> rx.Component:
    """One group of components on one side of the bench."""
    return rx.el.section(
        rx.el.header(rx.el.h3(title), rx.el.p(words, class_name="small muted"), class_name="row wrap"),
        *content,
        class_name="stack",
        aria_label=f"{title}, {'by day' if mode == 'light' else 'by night'}",
    )


def row(*content: Any) -> rx.Component:
    """Things beside each other."""
    return rx.el.div(*content, class_name="row wrap")
