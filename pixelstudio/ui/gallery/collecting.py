"""The sheet of Collect, one for a picture's page and for the viewer of every wall: one's collections, and the field that begins another."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.dialog import SENT_CLOSES, dialog
from pixelstudio.ui.components.field import field
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.gallery.shelves import Shelves

COLLECT: Final = "collect"
"""Its name: viewer.js opens it by that too."""


class Collecting(rx.Component):
    """What stands in the sheet, about one picture; "" while it is not known which."""

    library = "$/public/library/collecting.js"
    tag = "Collecting"
    is_default = False

    about: rx.Var[str]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


def collect_sheet(state: type[Shelves]) -> rx.Component:
    """The sheet, for the picture whose shelf was opened."""
    shelf: Any = state.shelf
    return dialog(
        COLLECT,
        "Collect",
        Collecting.create(
            rx.cond(
                shelf.picture != "",
                rx.fragment(
                    rx.el.p("Hang it in collections of yours. It stays where it is, too.", class_name="small muted"),
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
            about=shelf.picture,
            on_leave=state.open_shelf(""),
            class_name="stack",
        ),
    )


def _place(state: type[Shelves], place: Any) -> rx.Component:
    shelf: Any = state.shelf
    return rx.el.li(
        button(
            rx.cond(place.holds_picture, icon("check"), icon("plus")),
            rx.el.span(place.title, class_name="clip"),
            rx.el.span(place.count, class_name="muted small push"),
            look="quiet",
            extra="wide",
            aria_pressed=rx.cond(place.holds_picture, "true", "false"),
            on_click=state.collect(place.id, shelf.picture, ~place.holds_picture),
        ),
        key=place.id,
    )


def _begins(state: type[Shelves]) -> rx.Component:
    """A title is enough: who else sees the collection is chosen on its page, where there is room to say what that means."""
    shelf: Any = state.shelf
    return rx.el.form(
        rx.el.input(type="hidden", name="picture", value=shelf.picture),
        field(
            "New collection",
            "shelf_title",
            hint="Only you see it, until you show it to others on its page.",
            max_length=limits.COLLECTION_TITLE_MAX,
            required=True,
            placeholder="Its title",
            auto_complete="off",
        ),
        rx.el.div(button("Create collection", look="main-act", type="submit"), class_name="row answers"),
        on_submit=state.collect_anew,
        class_name="stack tight",
        custom_attrs=SENT_CLOSES,
    )
