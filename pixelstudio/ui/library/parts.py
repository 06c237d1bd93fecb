"""The library as a component of its own (`assets/library/`), with its icons; its pictures come by plain requests, its acts go to the state."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core.limits import ZIP_PICTURES_MAX
from pixelstudio.ui.components.icon import IconName, strokes_of
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.picture_menu import picture_menu
from pixelstudio.ui.gallery.parts import HELD_ICONS, WALL_ICONS, shelved
from pixelstudio.ui.gallery.shelves import SHELVED_MAX
from pixelstudio.ui.library.library_state import LibraryState, News
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.places import LIBRARY_TABS

_ICONS: Final[tuple[IconName, ...]] = (
    *WALL_ICONS,
    *HELD_ICONS,
    "ellipsis",
    "lock",
    "square-check-big",
    "undo-2",
)


def _curated(
    what: rx.Var[str], image_ids: rx.Var[list[str]], wanted: rx.Var[dict[str, str]], tags: rx.Var[str], rating: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[list[str]], rx.Var[dict[str, str]], rx.Var[str], rx.Var[str]]:
    return (what, image_ids, wanted, tags, rating)


def _found(wanted: rx.Var[dict[str, str]], excepted: rx.Var[list[str]]) -> tuple[rx.Var[dict[str, str]], rx.Var[list[str]]]:
    return (wanted, excepted)


def _varied(image_id: rx.Var[str], kind: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (image_id, kind)


class Library(rx.Component):
    """Head, filters, wall and viewer. Its child is the menu of a picture, which hangs where it is opened."""

    library = "$/public/library/library.js"
    tag = "Library"
    is_default = False

    news: rx.Var[News]
    notice: rx.Var[NoticeView | None]
    icons: rx.Var[dict[str, str]]
    tabs: rx.Var[list[tuple[str, str]]]
    """The word of each, and where it leads."""
    shelved_max: rx.Var[int]
    """So many pictures are collected together."""
    zip_max: rx.Var[int]
    """So many pictures are downloaded as one file."""
    on_shelf: rx.EventHandler[shelved]
    on_shelf_found: rx.EventHandler[_found]
    on_curate: rx.EventHandler[_curated]
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    on_vary: rx.EventHandler[_varied]


def library() -> rx.Component:
    """The library of whoever looks."""
    shown: dict[str, Any] = {
        "news": LibraryState.news,
        "notice": LibraryState.notice,
        "icons": strokes_of(_ICONS),
        "tabs": list(LIBRARY_TABS),
        "shelved_max": SHELVED_MAX,
        "zip_max": ZIP_PICTURES_MAX,
    }
    done: dict[str, Any] = {"on_curate": LibraryState.curate, "on_undo": LibraryState.undo}
    done |= {"on_shelf": LibraryState.open_shelf, "on_shelf_found": LibraryState.open_shelf_found}
    done |= {"on_vary": lambda image_id, kind: [CreateState.vary(image_id, kind), rx.redirect("/create")]}
    return Library.create(picture_menu(), **shown, **done)
