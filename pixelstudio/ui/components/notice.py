"""What the page says: the notice about the last act, notes in its flow, a wall that is empty, loading, failed or full."""

from __future__ import annotations

from typing import Any, Final, Literal

import reflex as rx

from pixelstudio.ui.components.button import button, icon_button, link
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.session import Notices


def notice(state: type[Notices], *beside: type[Notices], on_act: Any = None) -> rx.Component:
    """The one sentence about the last act, where it can be read and dismissed without covering anything that matters.

    A notice with an `action` ("Undo") shows it as a button, which calls `on_act`: a handler of the page that knows what to take back; one with
    a `way` leads to what came of it. `assets/library/toast.js` says the same over the viewer.
    What was only told goes by itself after a while, later where it can be taken back, unless it is pointed at, holds the focus, or motion is not
    wanted; what is said again stands as long again.
    A page with several states names the others in `beside`: all of them speak in one place.
    """
    return rx.el.div(
        _toast(state, on_act),
        *(_toast(other, None) for other in beside),
        class_name="notices",
        role="status",
        aria_label="Notice",
    )


def _toast(state: type[Notices], on_act: Any) -> rx.Component:
    said: Any = state.notice
    return rx.cond(
        said,
        rx.el.div(
            rx.cond(
                said.kind == "error",
                rx.el.span(icon("circle-x"), class_name="is-bad"),
                rx.el.span(icon("circle-check"), class_name="is-good"),
            ),
            rx.el.p(said.sentence, rx.cond(said.way != "", rx.fragment(" ", link(said.way, href=said.href, class_name="link")))),
            rx.cond(said.action != "", button(said.action, extra="sm does", on_click=on_act)) if on_act else None,
            icon_button("x", "Dismiss", extra="sm sq dismiss", on_click=state.dismiss_notice),
            key=said.said_at,
            class_name=rx.cond(said.kind == "error", "toast", "toast passing"),
        ),
    )


def note(*children: Any, kind: str = "info", name: IconName = "info", **props: Any) -> rx.Component:
    """A tinted note: what happened, what to do, and if there is one the button that does it."""
    return rx.el.div(icon(name), rx.el.div(*children), class_name=f"note {kind}", **props)


def empty(title: Any, words: Any, *doing: rx.Component, name: IconName = "images") -> rx.Component:
    """An empty wall: a frame waiting for a picture, why it is empty, and the way to fill it."""
    return rx.el.div(
        rx.el.span(icon(name), class_name="frame"),
        rx.el.h2(title),
        rx.el.p(words),
        *doing,
        class_name="empty",
    )


def failed(title: Any, words: Any, *doing: rx.Component) -> rx.Component:
    """In place of what could not be shown: what happened, what to do, the button that does it."""
    return rx.el.div(
        rx.el.span(icon("unplug"), class_name="frame is-bad"),
        rx.el.h2(title),
        rx.el.p(words),
        *doing,
        class_name="empty failed",
        role="alert",
    )


def full(words: Any, *doing: rx.Component) -> rx.Component:
    """A bound is reached: which one, and the way to make room."""
    return note(rx.el.p(words), rx.el.div(*doing, class_name="row wrap"), kind="warn", name="triangle-alert")


def loading(label: str, *shapes: rx.Component, class_name: str = "stack") -> rx.Component:
    """Shapes of the final size in place of what is coming; `label` is read in their stead."""
    return rx.el.div(*shapes, class_name=class_name, role="status", aria_busy="true", aria_label=label)


def skeleton_rows(count: int) -> tuple[rx.Component, ...]:
    """Shapes of so many rows with a small picture and two lines each."""
    row = rx.el.div(
        rx.el.div(class_name="skel thumb"),
        rx.el.div(rx.el.div(class_name="skel bar-line"), rx.el.div(class_name="skel bar-line short"), class_name="stack tight"),
        class_name="ghost-row",
    )
    return (row,) * count


Kind = Literal["good", "warn", "bad", "info", "muted"]
_KIND_ICONS: Final[dict[Kind, IconName]] = {
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
    "muted": "clock",
}


def status(kind: Kind, word: Any, name: IconName | None = None) -> rx.Component:
    """A state in a word, its icon and its colour; the colour says nothing that the word does not."""
    return rx.el.span(icon(name or _KIND_ICONS[kind]), word, class_name="status muted" if kind == "muted" else f"status is-{kind}")
