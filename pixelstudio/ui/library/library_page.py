"""/library: one's own pictures."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.library.parts import more, wall
from pixelstudio.ui.shell import studio_page


def library_page() -> rx.Component:
    """The page."""
    return studio_page(
        rx.el.header(rx.el.h1("Library"), class_name="pagehead"),
        wall(),
        more(),
        state=LibraryState,
        here="/library",
    )
