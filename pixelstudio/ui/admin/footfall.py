"""Footfall on /admin: the last two weeks, a row each, in figures that lead to nobody."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.admin.footfall_state import FootfallState
from pixelstudio.ui.components.elements import css

_HEADS: Final = ("Day", "Pages opened", "Pictures made", "Members who came", "Came back")


def footfall() -> rx.Component:
    """The days, the latest first."""
    days: Any = FootfallState.days
    return rx.el.section(
        rx.el.h2("Footfall"),
        rx.el.p(
            "Counted here, by nobody else, and without any address. Days are in UTC; the last half minute is not in yet.",
            class_name="muted",
        ),
        rx.el.div(
            rx.el.table(
                rx.el.caption("The last two weeks", class_name="sr"),
                rx.el.thead(rx.el.tr(*(rx.el.th(word, scope="col", class_name="number" if n else "") for n, word in enumerate(_HEADS)))),
                rx.el.tbody(rx.foreach(days, _day)),
                class_name="statement",
            ),
            class_name="footfall",
            role="region",
            aria_label="Footfall by day",
            custom_attrs={"tabIndex": 0},
        ),
        aria_label="Footfall",
        class_name="stack",
    )


def _day(day: Any) -> rx.Component:
    figures = (day.views, day.creations, day.visits, day.returns)
    return rx.el.tr(
        rx.el.th(day.day, rx.el.span(class_name="share", custom_attrs=css(share=day.share)), scope="row"),
        *(rx.el.td(figure, class_name="number mono") for figure in figures),
        key=day.day,
    )
