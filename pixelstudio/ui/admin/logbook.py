"""The logbook on /admin: who of the maintainers did what, when, and why."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.admin.logbook_state import LogbookState
from pixelstudio.ui.components.elements import pager
from pixelstudio.ui.components.moment import local_time


def logbook() -> rx.Component:
    """What maintainers did, the latest first."""
    entries: Any = LogbookState.entries
    has_more: Any = LogbookState.has_more
    return rx.el.section(
        rx.el.h2("Logbook"),
        rx.cond(
            entries.length() > 0,
            rx.el.ol(rx.foreach(entries, _entry), class_name="logbook"),
            rx.el.p("No maintainer has done anything yet.", class_name="muted"),
        ),
        pager(has_more, LogbookState.load_more, entries.length(), "Earlier entries"),
        aria_label="Logbook",
        class_name="stack",
    )


def _entry(entry: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.b(entry.who),
            " ",
            entry.act,
            rx.cond(entry.about != "", rx.fragment(": ", rx.el.i(entry.about))),
            rx.cond(entry.words != "", rx.fragment(" “", entry.words, "”")),
        ),
        rx.el.p(local_time(entry.at, "moment", entry.at_words), class_name="small muted"),
        key=entry.number,
    )
