"""The small machine of a picture's page, from `assets/picture-page.js`: the film of its making."""

from __future__ import annotations

import reflex as rx


class Film(rx.Component):
    """A button, and the film at `src` over the picture while it is pressed."""

    library = "$/public/picture-page.js"
    tag = "Film"
    is_default = False

    src: rx.Var[str]


film = Film.create
