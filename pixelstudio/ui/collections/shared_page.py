"""/shared/{secret}: a collection for whoever has its link; with a proofing link, what they think of each picture."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.collections.shared_state import SharedState
from pixelstudio.ui.components.button import link_button
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.gallery.parts import shared_gallery
from pixelstudio.ui.people import avatar
from pixelstudio.ui.shell import mark, open_page

_NOTHING = {"title": "Nothing in it yet", "words": "Come back when there is."}


def shared_page() -> rx.Component:
    """The page, or that the link leads nowhere."""
    shared = SharedState.shared
    return open_page(
        rx.el.header(mark(), class_name="shared-top"),
        rx.cond(
            SharedState.is_loaded,
            rx.cond(shared.title != "", _shown(), _missing()),
            rx.el.div(class_name="skel line", role="status", aria_busy="true", aria_label="Loading the pictures"),
        ),
        state=SharedState,
        class_name="main shared",
    )


def _shown() -> rx.Component:
    shared = SharedState.shared
    return rx.fragment(
        rx.el.header(
            rx.el.div(
                rx.el.h1(shared.title),
                rx.el.p(avatar(shared.person), shared.person.name, class_name="row muted small by-line"),
                rx.cond(shared.description != "", rx.el.p(shared.description, class_name="bio")),
                rx.cond(
                    shared.is_proofing,
                    rx.el.p(
                        f"{shared.person.name} asks for your opinion. Press a picture and say what you think of it.", class_name="asked"
                    ),
                ),
                class_name="stack tight",
            ),
            class_name="person-head",
        ),
        shared_gallery(SharedState, empty=_NOTHING),
    )


def _missing() -> rx.Component:
    """The same for a link that has expired, was revoked, or never was one."""
    return rx.fragment(
        rx.el.h1("Nothing here", class_name="sr"),
        empty(
            "This link leads nowhere",
            "It may have expired, or been taken back. Ask whoever gave it to you for another one.",
            link_button("Pixel Studio", href="/"),
            name="image-off",
        ),
    )
