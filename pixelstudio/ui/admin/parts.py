"""The parts of /admin: what should worry somebody, the lanes with their switches, and the books."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.admin.admin_state import AdminState
from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.notice import empty

_HEADS: Final = ("Lane", "State", "In line", "Being drawn", "Rate", "Forecasts", "")
_ICONS: Final[dict[str, tuple[IconName, str]]] = {
    "held": ("pause", "is-warn"),
    "throttled": ("hourglass", "is-warn"),
    "open": ("unplug", "is-bad"),
    "half_open": ("rotate-ccw", "is-warn"),
    "works": ("circle-check", "is-good"),
    "idle": ("minus", "muted"),
}


def head() -> rx.Component:
    """What the page is about, and what nobody should have to wait."""
    return rx.el.header(
        rx.el.div(rx.el.h1("Operations"), rx.el.p(AdminState.objective, class_name="muted small")),
        link_button("Webhooks", href="/admin/webhooks", look="line", extra="push"),
        class_name="pagehead",
    )


def alerts() -> rx.Component:
    """What should worry somebody; nothing at all when nothing does."""
    return rx.el.section(
        rx.el.h2("Alerts", class_name="sr"),
        rx.cond(
            AdminState.alerts.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]  # a var
            rx.el.ul(rx.foreach(AdminState.alerts, _alert), class_name="alerts"),
            rx.el.p(rx.el.span(icon("circle-check", small=True), class_name="is-good row"), "Everything runs.", class_name="all-well"),
        ),
        aria_live="polite",
        aria_label="Alerts",
    )


def lanes() -> rx.Component:
    """Every lane, a row each."""
    return rx.el.section(
        rx.el.h2("Lanes"),
        rx.cond(
            AdminState.lanes.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]  # a var
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(*(rx.el.th(_head(word), role="columnheader", scope="col") for word in _HEADS), role="row"), role="rowgroup"
                ),
                rx.el.tbody(rx.foreach(AdminState.lanes, _lane), role="rowgroup"),
                class_name="jobs lanes",
                role="table",
                aria_label="Lanes",
            ),
            empty("No lanes yet", "A lane is there once a worker has run: `serve`, or a `worker` beside it.", name="list-video"),
        ),
    )


def books() -> rx.Component:
    """The ledger, added up when somebody asks."""
    return rx.el.section(
        rx.el.h2("Books"),
        rx.el.div(
            rx.cond(
                AdminState.books.at != "",
                rx.el.p(
                    rx.cond(
                        AdminState.books.is_right,
                        rx.el.span(icon("circle-check", small=True), class_name="is-good"),
                        rx.el.span(icon("circle-x", small=True), class_name="is-bad"),
                    ),
                    AdminState.books.sentence,
                    rx.el.span(" Added up ", local_time(AdminState.books.at, "ago"), ".", class_name="muted"),
                ),
                rx.el.p(
                    "Every credit was granted, held, spent or given back exactly once: adding up all entries proves it.", class_name="muted"
                ),
            ),
            button("Add everything up", on_click=AdminState.add_up),
            class_name="books",
            role="status",
        ),
    )


def _head(word: str) -> Any:
    return word or rx.el.span("Actions", class_name="sr")


def _alert(alert: Any) -> rx.Component:
    return rx.el.li(
        icon("triangle-alert"),
        rx.el.div(rx.el.b(alert.lane), rx.el.p(alert.sentence)),
        class_name="note warn",
        key=alert.key,
    )


def _lane(lane: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(lane.id), role="rowheader", class_name="what"),
        cell("State", _state(lane), class_name="state"),
        cell(
            "In line",
            rx.el.span(lane.depth),
            rx.cond(lane.since != "", rx.el.span("longest ", local_time(lane.since, "since"), class_name="muted small")),
        ),
        cell("Being drawn", lane.running),
        cell("Rate", lane.rate),
        cell("Forecasts", lane.hit_rate),
        cell("", rx.el.div(_switch(lane)), class_name="doing"),
        role="row",
        key=lane.id,
    )


def cell(name: str, *content: Any, class_name: str = "") -> rx.Component:
    """A cell that says its column's name where the columns have no heads: on a phone."""
    told = (rx.el.span(name, class_name="tiny muted named", aria_hidden=True),) if name else ()
    return rx.el.td(*told, rx.el.div(*content), role="cell", class_name=class_name)


def _state(lane: Any) -> rx.Component:
    shown: list[Any] = [(state, rx.el.span(icon(name), class_name=f"{tone} row")) for state, (name, tone) in _ICONS.items()]
    return rx.fragment(
        rx.el.span(rx.match(lane.state, *shown, icon("minus")), lane.word, class_name="status"),
        rx.cond(lane.until != "", rx.el.span("goes on in ", local_time(lane.until, "until"), class_name="muted small")),
    )


def _switch(lane: Any) -> rx.Component:
    return rx.cond(
        lane.is_held,
        button(icon("play", small=True), "Let go on", extra="sm", aria_description=lane.id, on_click=AdminState.release(lane.id)),
        rx.fragment(
            rx.cond(lane.may_try, button("Try now", extra="sm", aria_description=lane.id, on_click=AdminState.release(lane.id))),
            button(icon("pause", small=True), "Pause", extra="sm", aria_description=lane.id, on_click=AdminState.hold(lane.id)),
        ),
    )
