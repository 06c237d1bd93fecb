"""/explore: what everybody shows, by what is trending, most liked or newest; /search: what is found of it."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.gallery.gallery_state import ExploreState
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.shell import studio_page

_EMPTY = {
    "title": "The walls are bare",
    "words": "Nobody has published a picture yet. Draw one, open its page and press Publish.",
    "act": "Create",
    "href": "/create",
}


def explore_page() -> rx.Component:
    """The page."""
    wall = gallery(
        ExploreState,
        source="/api/gallery/explore",
        path="/explore",
        label="Explore",
        title="Explore",
        sorts=True,
        searches=True,
        empty=_EMPTY,
    )
    return studio_page(wall, state=ExploreState, here="/explore")


def search_page() -> rx.Component:
    """The page of what is found."""
    wall = gallery(
        ExploreState, source="/api/gallery/search", path="/search", label="Found pictures", title="Search", searches="only", empty=_EMPTY
    )
    return studio_page(wall, state=ExploreState, here="/explore")
