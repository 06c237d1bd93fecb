"""The two small machines of a picture's page, from `assets/picture-page.js`: sharing, and the film of its making."""

from __future__ import annotations

import reflex as rx


class ShareButton(rx.Component):
    """Hands the page's link to the phone's own sheet, or copies it. Children are its face, `.before` and `.after` as with copying."""

    library = "$/public/picture-page.js"
    tag = "ShareButton"
    is_default = False

    name: rx.Var[str]
    href: rx.Var[str]
    """What is handed on; without one it is the page itself."""


share_button = ShareButton.create


class Film(rx.Component):
    """A button, and the film at `src` over the picture while it is pressed."""

    library = "$/public/picture-page.js"
    tag = "Film"
    is_default = False

    src: rx.Var[str]


film = Film.create
