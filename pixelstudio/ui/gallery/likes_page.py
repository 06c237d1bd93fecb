"""/likes: the pictures one likes, the last liked first."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.gallery.gallery_state import LikesState
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.shell import studio_page

_EMPTY: Final = {
    "title": "You like nothing yet",
    "words": "Press the heart on a picture, or L while it is shown. What you like hangs here, for you alone.",
    "act": "Explore",
    "href": "/explore",
}


def likes_page() -> rx.Component:
    """The page."""
    wall = gallery(
        LikesState,
        source="/api/gallery/likes",
        path="/likes",
        label="Likes",
        title="Likes",
        empty=_EMPTY,
        drops_unliked=True,
        on_undo=LikesState.undo,
    )
    return rx.fragment(studio_page(wall, state=None), notice(LikesState, on_act=LikesState.undo))
