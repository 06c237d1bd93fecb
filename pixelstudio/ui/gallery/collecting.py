"""The sheet of Collect, one for a picture's page, for the viewer of every wall and for what is chosen in the library: one's collections, and the field that begins another."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.dialog import CLOSES, SENT_CLOSES, dialog
from pixelstudio.ui.components.field import field
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.gallery.shelves import Shelves

COLLECT: Final = "collect"
"""Its name: viewer.js opens it by that too."""


class Collecting(rx.Component):
    """What stands in the sheet, about these pictures; none while it is not known which."""

    library = "$/public/library/collecting.js"
    tag = "Collecting"
    is_default = False

    about: rx.Var[list[str]]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


def collect_sheet(state: type[Shelves]) -> rx.Component:
    """The sheet, for the pictures whose shelf was opened."""
    shelf: Any = state.shelf
    return dialog(
        COLLECT,
        "Collect",
        Collecting.create(
            rx.cond(
                shelf.pictures.length() > 0,
                rx.fragment(
                    rx.el.p(
                        rx.cond(
                            shelf.pictures.length() == 1,
                            "Press a collection to hang it there, and again to take it out. It stays where it is, too.",
                            f"Press a collection to hang the {shelf.count} there, and again to take them out. They stay where they are, too.",
                        ),
                        class_name="small muted",
                    ),
                    rx.cond(
                        shelf.places.length() > 0,
                        rx.el.ul(
                            rx.foreach(shelf.places, lambda place: _place(state, place)),
                            class_name="stack tight",
                            aria_label="My collections",
                        ),
                    ),
                    _begins(state),
                ),
                rx.el.p("Looking", role="status", class_name="small muted"),
            ),
            about=shelf.pictures,
            on_leave=state.open_shelf([]),
            class_name="stack",
        ),
    )


def _place(state: type[Shelves], place: Any) -> rx.Component:
    shelf: Any = state.shelf
    return rx.el.li(
        button(
            rx.el.span(rx.match(place.held, ("all", icon("check")), ("some", icon("minus")), rx.fragment()), class_name="held-box"),
            rx.el.span(place.title, class_name="clip"),
            rx.el.span(place.count, class_name="muted small push"),
            look="quiet",
            extra="wide",
            aria_pressed=rx.match(place.held, ("all", "true"), ("some", "mixed"), "false"),
            on_click=state.collect(place.id, shelf.pictures, place.held != "all"),
        ),
        key=place.id,
    )


def _begins(state: type[Shelves]) -> rx.Component:
    """A title is enough: who else sees the collection is chosen on its page, where there is room to say what that means."""
    shelf: Any = state.shelf
    return rx.el.form(
        field(
            "New collection",
            "shelf_title",
            hint="Only you see it, until you show it to others on its page.",
            max_length=limits.COLLECTION_TITLE_MAX,
            required=True,
            placeholder="Its title",
            auto_complete="off",
        ),
        rx.el.div(
            button("Create collection", look="main-act", extra="begins", type="submit"),
            button("Done", look="main-act", extra="ends", custom_attrs=CLOSES),
            class_name="row answers",
        ),
        on_submit=lambda form: state.collect_anew(form, shelf.pictures),
        class_name="stack tight",
        custom_attrs=SENT_CLOSES,
    )
