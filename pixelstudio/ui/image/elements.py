"""The small machines of a picture's page: the film of its making, the whole screen, and the preview of what is laid over it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.image.overlay_state import LogoChoice


def _one(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


class Film(rx.Component):
    """A button, and the film at `src` over the picture while it is pressed."""

    library = "$/public/picture-page.js"
    tag = "Film"
    is_default = False

    src: rx.Var[str]


film = Film.create


class FullScreen(rx.Component):
    """A button that gives the whole screen to the picture it lies on, and takes it back. A press on the picture does the same."""

    library = "$/public/picture-page.js"
    tag = "FullScreen"
    is_default = False


full_screen = FullScreen.create


class OverlayPreview(rx.Component):
    """The picture at `src` with what the form around it says, drawn with every change. `laid` closes the dialog when it grows."""

    library = "$/public/overlay/overlay.js"
    tag = "OverlayPreview"
    is_default = False

    src: rx.Var[str]
    width: rx.Var[str]
    height: rx.Var[str]
    laid: rx.Var[int]
    logos: rx.Var[list[LogoChoice]]
    """Drawn anew when they change."""

    on_brought: rx.EventHandler[_one]


def overlay_preview(**props: Any) -> rx.Component:
    """A canvas, in a form."""
    return OverlayPreview.create(**props)
