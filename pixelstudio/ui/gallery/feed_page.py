"""/feed: what the people show whom one follows."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.gallery.gallery_state import FeedState
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.shell import studio_page


def feed_page() -> rx.Component:
    """The page."""
    empty = {
        "title": rx.cond(FeedState.follows_anybody, "Nothing new yet", "You follow nobody yet"),
        "words": rx.cond(
            FeedState.follows_anybody,
            "What the people you follow publish hangs here, the newest first.",
            "Look around, open a picture you like and follow who made it. What they publish hangs here.",
        ),
        "act": "Explore",
        "href": "/explore",
    }
    wall = gallery(FeedState, source="/api/gallery/feed", path="/feed", label="Feed", title="Feed", empty=empty)
    return studio_page(wall, state=FeedState, here="/feed")
