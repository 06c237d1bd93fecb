"""/image/{id}: one picture on its lit wall, with its recipe."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import empty, notice
from pixelstudio.ui.failures import NO_SUCH_PICTURE
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.parts import loading, shown
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.shell import studio_page
from pixelstudio.ui.visitor import Visitor


def image_page() -> rx.Component:
    """The page: the picture, or that there is none for this visitor."""
    return studio_page(
        rx.cond(
            ImageState.is_loaded,
            rx.cond(ImageState.veil != "", _veiled(), rx.cond(ImageState.picture, shown(), _missing())),
            loading(),
        ),
        notice(ImageState, PostState, Visitor, on_act=ImageState.act_on_notice),
        state=None,
        class_name="flush",
        narrow=True,
    )


def _veiled() -> rx.Component:
    """In place of a picture that is marked: what it is marked as, and the way past it for whoever has an account."""
    return rx.el.div(
        rx.el.h1("A marked picture", class_name="sr"),
        empty(
            rx.cond(ImageState.veil == "mature", "Marked as mature", "Marked as sensitive"),
            "You do not come across such pictures unless you say so.",
            rx.cond(
                ImageState.is_member,
                rx.el.div(
                    button(icon("eye"), "Show it", look="main-act", on_click=ImageState.lift_veil),
                    link_button("What you come across", href="/settings#seen"),
                    class_name="row wrap",
                ),
                link_button("Sign in to see it", href="/login", custom_attrs={"data-back": "see"}),
            ),
            name="eye-off",
        ),
        class_name="missing",
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
