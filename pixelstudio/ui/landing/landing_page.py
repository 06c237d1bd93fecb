"""/: what this is, for strangers; members are sent on to their own pictures."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.landing.parts import house, promises, say_it
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def landing_page() -> rx.Component:
    """The page."""
    return open_page(house(), say_it(), promises(), state=Visitor, class_name="landing")
