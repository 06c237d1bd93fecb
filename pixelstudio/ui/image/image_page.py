"""/image/{id}: one picture on its lit wall, with its recipe."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.button import link_button
from pixelstudio.ui.components.notice import empty, notice
from pixelstudio.ui.failures import NO_SUCH_PICTURE
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.parts import loading, shown
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.shell import studio_page


def image_page() -> rx.Component:
    """The page: the picture, or that there is none for this visitor."""
    return studio_page(
        rx.cond(
            ImageState.is_loaded,
            rx.cond(ImageState.picture, shown(), _missing()),
            loading(),
        ),
        notice(ImageState, PostState, on_act=ImageState.undo),
        state=None,
        class_name="flush",
        narrow=True,
    )


def _missing() -> rx.Component:
    """The same for what never was, what is gone, and what is somebody else's alone."""
    return rx.el.div(
        rx.el.h1("No such picture", class_name="sr"),
        empty(
            "Nothing hangs here",
            NO_SUCH_PICTURE,
            rx.cond(ImageState.is_member, link_button("Library", href="/library"), link_button("Pixel Studio", href="/")),
            name="image-off",
        ),
        class_name="missing",
    )
