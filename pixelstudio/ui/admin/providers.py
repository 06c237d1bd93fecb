"""The providers on /admin: a row each, with a question that costs nothing and what came of it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.admin.providers_state import ProvidersState
from pixelstudio.ui.components.button import busy_button
from pixelstudio.ui.components.icon import IconName, icon

_ICONS: Final[dict[str, tuple[IconName, str]]] = {
    "ok": ("circle-check", "is-good"),
    "look": ("triangle-alert", "is-warn"),
    "wrong": ("circle-x", "is-bad"),
}


def providers() -> rx.Component:
    """Whoever draws here."""
    return rx.el.section(
        rx.el.h2("Providers"),
        rx.el.p(
            "Each can be asked, free of charge, whether it is reached, its key is good, and our models are there.",
            class_name="muted",
        ),
        rx.el.ul(rx.foreach(ProvidersState.providers, _provider), class_name="providers"),
        aria_label="Providers",
        class_name="stack",
    )


def _provider(one: Any) -> rx.Component:
    marks: list[Any] = [(verdict, rx.el.span(icon(name, small=True), class_name=f"{tone} row")) for verdict, (name, tone) in _ICONS.items()]
    return rx.el.li(
        rx.el.p(rx.el.b(one.name), " ", rx.el.span(one.models, class_name="muted small")),
        rx.el.div(
            rx.cond(
                one.said != "",
                rx.fragment(
                    rx.el.p(rx.match(one.verdict, *marks, rx.fragment()), rx.el.span(one.said), class_name="status"),
                    rx.cond(one.mend != "", rx.el.p(one.mend, class_name="muted small")),
                ),
            ),
            role="status",
        ),
        busy_button(
            "Test",
            is_busy=one.is_asked,
            busy_words="Asking",
            look="line",
            on_click=ProvidersState.ask(one.name),
            aria_label=f"Test {one.name}",
        ),
        key=one.name,
    )
