"""Choosing: chips, segments, tabs, switches, ticks. Native controls wherever there is one, so that forms and keys work by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import link
from pixelstudio.ui.components.icon import IconName, icon


def chip(*children: Any, is_pressed: Any, **props: Any) -> rx.Component:
    """One quick choice of several that may hold at once."""
    return rx.el.button(*children, type="button", class_name="chip", aria_pressed=_said(is_pressed), **props)


def filter_chip(words: Any, label: Any, **props: Any) -> rx.Component:
    """A filter that is on: a press takes it off. `label` says so ("Remove filter: Bloom")."""
    return rx.el.button(words, icon("x", small=True), type="button", class_name="chip on", aria_label=label, **props)


def chips(label: str, *members: Any, is_row: bool = False) -> rx.Component:
    """Chips that belong together; `is_row` keeps them on one line that scrolls sideways."""
    return rx.el.div(*members, class_name="chips scroll-x" if is_row else "chips", role="group", aria_label=label)


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the choices of `segments`."""

    value: str
    word: str
    icon: IconName | None = None


def segments(label: str, name: str, choices: Sequence[Segment], chosen: Any, *, on_change: Any = None) -> rx.Component:
    """One of a few, side by side: native radio buttons, so that arrows move and a form sends `name`.

    With `on_change` the value is the state's (the handler gets it); without, the browser's, beginning with `chosen`.
    """

    def segment(choice: Segment) -> rx.Component:
        held = {"checked": chosen == choice.value, "on_change": on_change} if on_change else {"default_checked": chosen == choice.value}
        return rx.el.label(
            rx.el.input(type="radio", name=name, value=choice.value, class_name="sr", **held),
            icon(choice.icon, small=True) if choice.icon else rx.fragment(),
            rx.el.span(choice.word),
            class_name="segment",
        )

    return rx.el.div(*map(segment, choices), class_name="segments", role="radiogroup", aria_label=label)


def labelled_segments(label: str, name: str, choices: Sequence[Segment], chosen: Any) -> rx.Component:
    """`segments` in a form, with their label above."""
    return rx.el.div(rx.el.span(label, aria_hidden=True), segments(label, name, choices, chosen), class_name="field")


def toggle(label: Any, *, words: Any = "", **props: Any) -> rx.Component:
    """A switch that takes effect at once, its name and, under it, what it means. `props` go to the native control."""
    said = [rx.el.span(words, class_name="small muted")] if words != "" else []
    return rx.el.label(
        rx.el.input(type="checkbox", class_name="switch", role="switch", **props),
        rx.el.span(rx.el.span(label), *said, class_name="said"),
        class_name="check choice",
    )


def tick(label: Any, **props: Any) -> rx.Component:
    """A box to tick in a form."""
    return rx.el.label(rx.el.input(type="checkbox", **props), rx.el.span(label), class_name="check")


def tab_links(label: str, *tabs: tuple[Any, str, Any]) -> rx.Component:
    """Tabs that are addresses: (word, address, whether it is this one). The right ones when the way back should know them."""
    return rx.el.nav(
        *(link(word, href=href, class_name="tab", custom_attrs={"aria-current": _current(is_here)}) for word, href, is_here in tabs),
        class_name="tabs",
        aria_label=label,
    )


def tabs(label: str, *members: rx.Component) -> rx.Component:
    """A row of `tab`. Arrow keys move along it."""
    return rx.el.div(*members, class_name="tabs", role="tablist", aria_label=label)


def tab(word: Any, panel: str, *, is_chosen: Any, **props: Any) -> rx.Component:
    """One tab, which shows the `tab_panel` of that name; its handler is `on_click`."""
    return rx.el.button(
        word,
        type="button",
        role="tab",
        id=f"{panel}-tab",
        class_name="tab",
        aria_selected=_said(is_chosen),
        aria_controls=panel,
        custom_attrs={"tabIndex": rx.cond(is_chosen, 0, -1)},
        **props,
    )


def tab_panel(name: str, *content: Any) -> rx.Component:
    """What a tab shows."""
    return rx.el.div(*content, id=name, role="tabpanel", aria_labelledby=f"{name}-tab", class_name="tab-panel")


def _said(claim: Any) -> Any:
    return rx.cond(claim, "true", "false")


def _current(is_here: Any) -> Any:
    return rx.cond(is_here, "page", "false")
