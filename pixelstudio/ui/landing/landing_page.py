"""/: what this is, for strangers, and a try without an account; members are sent on to their own pictures."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.landing.landing_state import LandingState
from pixelstudio.ui.landing.parts import foot, house, promises, say_it
from pixelstudio.ui.landing.wall import wall
from pixelstudio.ui.shell import open_page


def landing_page() -> rx.Component:
    """The page."""
    return open_page(house(), say_it(), wall(), promises(), foot(), state=LandingState, class_name="landing")
