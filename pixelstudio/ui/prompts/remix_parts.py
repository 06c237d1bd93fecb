"""How a change is shown: a text with what went and what came, and settings as they were and as they are."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.icon import icon


def change(parts: Any, label: str, look: str = "diff") -> rx.Component:
    """A text with what goes struck through and what comes marked. Read aloud, each is named."""
    return rx.el.p(rx.foreach(parts, _part), class_name=look, role="group", aria_label=label)


def beginning(parts: Any, label: str) -> rx.Component:
    """The same, as much of it as has room beside a small picture."""
    return change(parts, label, look="diff clamp")


def changed_settings(settings: Any) -> rx.Component:
    """Each setting that is another one; nothing where none is."""
    return rx.cond(
        settings.length() > 0, rx.el.ul(rx.foreach(settings, _setting), class_name="changed-settings", aria_label="Changed settings")
    )


def _part(part: Any) -> rx.Component:
    stayed_or_new = rx.cond(part.kind == "new", rx.el.ins(part.words), rx.el.span(part.words))
    return rx.cond(part.kind == "gone", rx.el.del_(part.words), stayed_or_new)


def _setting(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.word, class_name="muted"),
        rx.el.del_(one.before),
        icon("arrow-right", small=True),
        rx.el.ins(one.after),
        key=one.word,
    )
