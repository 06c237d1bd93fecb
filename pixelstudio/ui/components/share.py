"""A button that hands an address on: to the phone's own sheet, or to the clipboard."""

from __future__ import annotations

import reflex as rx


class ShareButton(rx.Component):
    """Hands an address to the phone's own sheet, or copies it. Children are its face, `.before` and `.after` as with copying."""

    library = "$/public/picture-page.js"
    tag = "ShareButton"
    is_default = False

    name: rx.Var[str]
    href: rx.Var[str]
    """What is handed on; without one it is the page itself."""


share_button = ShareButton.create
