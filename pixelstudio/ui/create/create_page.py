"""/create: the composer, and what comes of it."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.create.composer_parts import composer
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.dialogs import dialogs
from pixelstudio.ui.create.elements import desk
from pixelstudio.ui.create.enhance_dialog import enhance_dialog
from pixelstudio.ui.create.enhancing_state import Enhancing
from pixelstudio.ui.create.mask_dialog import mask_dialog
from pixelstudio.ui.create.parts import results
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.create.review_state import Review
from pixelstudio.ui.create.shelf_state import Shelf
from pixelstudio.ui.shell import studio_page


def create_page() -> rx.Component:
    """The page."""
    listening = desk(
        on_vary=CreateState.vary,
        on_reuse_picture=CreateState.reuse_picture,
        on_reuse_file=CreateState.reuse_file,
        on_save=Shelf.save_preset,
        on_enhance=Enhancing.begin_enhancing,
        on_consider=Remixing.consider,
        recipe=CreateState.settings_key,
        favourites=CreateState.favourites,
        on_favour=Review.favour,
        on_throw_away=Review.throw_away,
    )
    return studio_page(
        rx.el.h1("Create", class_name="sr"),
        results(),
        composer(),
        dialogs(),
        enhance_dialog(),
        mask_dialog(),
        listening,
        state=None,
        here="/create",
        class_name="main-create",
    )
