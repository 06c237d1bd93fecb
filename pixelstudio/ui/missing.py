"""The page for an address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.button import link_button
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.shell import mark, open_page
from pixelstudio.ui.visitor import Visitor


def missing_page() -> rx.Component:
    """The page."""
    return open_page(
        rx.el.header(mark(), class_name="top"),
        rx.el.div(
            rx.el.h1("Nothing here", class_name="sr"),
            empty("Nothing hangs at this address", "It may have been moved, or mistyped.", link_button("Home", href="/"), name="image-off"),
            class_name="missing",
        ),
        state=Visitor,
    )
