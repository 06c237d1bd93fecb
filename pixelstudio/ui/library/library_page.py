"""/library: one's own pictures."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.gallery.collecting import collect_sheet
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.library.parts import library
from pixelstudio.ui.shell import studio_page


def library_page() -> rx.Component:
    """The page."""
    return rx.fragment(
        studio_page(library(), collect_sheet(LibraryState), state=None, here="/library"),
        notice(LibraryState, on_act=LibraryState.undo),
    )
