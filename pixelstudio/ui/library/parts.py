"""The parts of /library: the wall, the way to more, and the wall while it is empty or still coming."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.elements import css, sentinel
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.components.picture import hung
from pixelstudio.ui.library.library_state import LibraryState

_SIZES: Final = "(max-width: 760px) 50vw, (max-width: 1100px) 33vw, 22vw"
_SHAPES: Final = (62, 50, 66, 50, 38, 62, 50, 74, 50, 62)


def wall() -> rx.Component:
    """All pictures, newest first; a page that comes later never moves what hangs."""
    return rx.cond(
        LibraryState.is_loaded,
        rx.cond(
            LibraryState.is_empty,
            empty(
                "No pictures yet",
                "Every picture you draw hangs here. Write one line and press Generate.",
                link_button("Create", href="/create", look="main-act"),
            ),
            rx.el.div(
                rx.el.div(
                    rx.foreach(LibraryState.pages, lambda page: rx.foreach(page, lambda view: hung(view, _SIZES))),
                    class_name="masonry",
                ),
                class_name="wall",
            ),
        ),
        _loading(),
    )


def more() -> rx.Component:
    """The next page, fetched when this comes near or is pressed."""
    return rx.cond(
        LibraryState.has_more,
        sentinel(button("Load more", on_click=LibraryState.load_more), watch=_count(LibraryState.pages), class_name="more-below"),
    )


def _count(pages: Any) -> Any:
    """How many pages hang, as a var."""
    return pages.length()


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.div(*(rx.el.div(class_name="pic skel", custom_attrs=css(rows=str(rows))) for rows in _SHAPES), class_name="masonry"),
        class_name="wall",
        aria_busy="true",
        aria_label="Loading your pictures",
    )
