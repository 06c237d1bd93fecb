"""/create: the composer, and what comes of it."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.create.parts import composer, results
from pixelstudio.ui.shell import studio_page


def create_page() -> rx.Component:
    """The page."""
    return studio_page(rx.el.h1("Create", class_name="sr"), results(), composer(), state=None, here="/create", class_name="main-create")
