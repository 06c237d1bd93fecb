"""One's own searches above /search: each a way to what it finds, a switch for being told, and a way to delete it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import toggle
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.gallery.searches_state import SavedSearches


def saved_searches() -> rx.Component:
    """The searches of a member who keeps any; nothing otherwise."""
    searches: Any = SavedSearches.searches
    return rx.cond(
        searches.length() > 0,
        rx.el.details(
            rx.el.summary(
                icon("bookmark", small=True), "Saved searches ", rx.el.span(searches.length(), class_name="muted"), class_name="btn"
            ),
            rx.el.ul(rx.foreach(searches, _search), class_name="devices"),
            class_name="saved-searches",
        ),
    )


def _search(line: Any) -> rx.Component:
    return rx.el.li(
        link(rx.el.b(line.name, class_name="clip"), href=line.href),
        toggle(
            "Tell me of new ones",
            checked=line.is_told,
            aria_label=f"Tell me what is new for {line.name}",
            on_change=lambda told: SavedSearches.set_told(line.id, told),
        ),
        button(
            icon("trash-2", small=True),
            look="quiet",
            extra="sm sq",
            aria_label=f"Delete {line.name}",
            title="Delete",
            on_click=SavedSearches.delete(line.id),
        ),
        key=line.id,
    )
