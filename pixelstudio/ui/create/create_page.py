"""/create: the composer, and what comes of it."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.icon import strokes_of
from pixelstudio.ui.create.composer_parts import composer
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.dialogs import dialogs
from pixelstudio.ui.create.elements import desk, pictures
from pixelstudio.ui.create.enhance_dialog import enhance_dialog
from pixelstudio.ui.create.enhancing_state import Enhancing
from pixelstudio.ui.create.mask_dialog import mask_dialog
from pixelstudio.ui.create.parts import results
from pixelstudio.ui.create.picture_menu import picture_menu
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.create.shelf_state import Shelf
from pixelstudio.ui.gallery.collecting import collect_sheet
from pixelstudio.ui.gallery.parts import HELD_ICONS
from pixelstudio.ui.shell import studio_page


def create_page() -> rx.Component:
    """The page."""
    listening = desk(
        on_reuse_picture=CreateState.reuse_picture,
        on_reuse_file=CreateState.reuse_file,
        on_save=Shelf.save_preset,
        on_enhance=Enhancing.begin_enhancing,
        on_consider=Remixing.consider,
        on_suit=Remixing.suit,
        recipe=CreateState.settings_key,
    )
    hung = pictures(
        picture_menu(),
        sets=CreateState.current + CreateState.lately + CreateState.earlier,
        favourites=CreateState.favourites,
        notice=CreateState.notice,
        icons=strokes_of(HELD_ICONS),
        on_vary=CreateState.vary,
        on_reuse_picture=CreateState.reuse_picture,
        on_favour=CreateState.favour,
        on_throw_away=CreateState.throw_away,
        on_undo=CreateState.take_out,
        on_shelf=CreateState.open_shelf,
    )
    return studio_page(
        rx.el.h1("Create", class_name="sr"),
        results(),
        composer(),
        dialogs(),
        enhance_dialog(),
        mask_dialog(),
        listening,
        hung,
        collect_sheet(CreateState),
        state=None,
        here="/create",
        class_name="main-create",
    )
