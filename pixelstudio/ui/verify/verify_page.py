"""/verify: drop any file, get its story. The file goes to the API by itself; no handler sees it."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.icon import IconName, icon, strokes_of
from pixelstudio.ui.shell import studio_page

_ICONS: Final[tuple[IconName, ...]] = ("circle-check", "circle-alert", "circle-x", "circle-question-mark", "info")


class FileStory(rx.Component):
    """Sends the chosen file and shows its story. Its children are the place to drop one."""

    library = "$/public/verify.js"
    tag = "FileStory"
    is_default = False

    icons: rx.Var[dict[str, str]]
    max_bytes: rx.Var[int]


def verify_page() -> rx.Component:
    """The page."""
    return studio_page(
        rx.el.header(
            rx.el.h1("Verify"),
            rx.el.p(
                "Find out whether a picture was made here, and whether it was changed since. "
                "The file is read, compared with the pictures you may see here, and not kept.",
                class_name="muted",
            ),
            class_name="page-head stack tight",
        ),
        FileStory.create(
            rx.el.div(
                icon("upload"),
                rx.el.span("Drop a picture here", class_name="t desk"),
                rx.el.span("PNG, JPEG, WebP or AVIF, up to 12 MB", class_name="muted small"),
                button("Choose a file", look="main-act", custom_attrs={"data-chooses": ""}),
                rx.el.input(type="file", accept="image/png,image/jpeg,image/webp,image/avif", hidden=True),
                class_name="drop-zone",
            ),
            icons=strokes_of(_ICONS),
            max_bytes=limits.RECIPE_FILE_MAX_BYTES,
        ),
        state=None,
        here="/verify",
        class_name="verify-page",
    )
