"""/admin/webhooks: what providers brought by themselves, newest first; for maintainers."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.admin.parts import cell
from pixelstudio.ui.admin.webhooks_state import WebhooksState
from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.field import search
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.missing import missing_page
from pixelstudio.ui.shell import studio_page

_HEADS: Final = ("Provider", "Drawing", "Says", "Became", "Came", "Actions")


def webhooks_page() -> rx.Component:
    """The page; for whoever may not see it the same as at an address that leads nowhere."""
    shown = studio_page(_head(), _refusals(), _deliveries(), state=WebhooksState, class_name="admin")
    return rx.cond(WebhooksState.is_open, shown, missing_page())


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.h1("Webhooks"),
            rx.el.p("What providers tell this studio by themselves. Each is proved by its signature.", class_name="muted small"),
        ),
        rx.el.div(
            rx.el.form(
                search("Search deliveries", placeholder="Search", key=WebhooksState.title),
                on_submit=WebhooksState.search,
                role="search",
                aria_label="Webhooks",
            ),
            link_button(icon("arrow-left", small=True), "Operations", href="/admin", look="quiet"),
            class_name="row push",
        ),
        class_name="pagehead queue-head",
    )


def _refusals() -> rx.Component:
    refused: Any = WebhooksState.refusals
    listed = rx.el.ul(
        rx.foreach(refused, lambda card: rx.el.li(icon("triangle-alert"), rx.el.p(card.sentence), class_name="note warn", key=card.key)),
        class_name="alerts",
        aria_label="Refused within the hour",
    )
    return rx.cond(refused.length() > 0, rx.el.section(listed))


def _deliveries() -> rx.Component:
    found: Any = WebhooksState.deliveries
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(_named(word), role="columnheader", scope="col") for word in _HEADS), role="row"), role="rowgroup"),
        rx.el.tbody(rx.foreach(found, _delivery), role="rowgroup"),
        class_name="jobs lanes",
        role="table",
        aria_label="Deliveries",
    )
    nothing = rx.cond(
        WebhooksState.words != "",
        empty("Nothing holds these words", "Search for less, or for a part of a name.", name="search"),
        empty("Nothing was brought yet", "Providers call once PUBLIC_URL is an address they can reach.", name="list-video"),
    )
    return rx.el.section(rx.el.h2("Deliveries", class_name="sr"), rx.cond(found.length() > 0, table, nothing))


def _delivery(card: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(card.provider), role="rowheader", class_name="what"),
        cell("Drawing", rx.el.span(card.drawing, class_name="clip")),
        cell("Says", card.status),
        cell("Became", card.placed, rx.cond(card.again != "", rx.el.span(card.again, class_name="muted small")), class_name="state"),
        cell("Came", local_time(card.at, "moment")),
        cell("", button(icon("rotate-ccw", small=True), "Replay", extra="sm", on_click=WebhooksState.replay(card.id)), class_name="doing"),
        role="row",
        key=card.id,
    )


def _named(word: str) -> Any:
    return rx.el.span(word, class_name="sr") if word == "Actions" else word
