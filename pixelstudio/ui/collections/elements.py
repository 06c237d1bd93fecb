"""The small machine of collections as folders, from `assets/collections/folders.js`."""

from __future__ import annotations

from typing import Any

import reflex as rx


def _moved(collection_id: rx.Var[str], into: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (collection_id, into)


class Folders(rx.Component):
    """Around collections that can be dragged onto each other (`movable`) and onto other places (`lays_into`)."""

    library = "$/public/collections/folders.js"
    tag = "Folders"
    is_default = False

    on_move: rx.EventHandler[_moved]


folders = Folders.create


def movable(collection_id: Any, *, is_movable: Any) -> dict[str, Any]:
    """`custom_attrs` of a collection that can be dragged, and into which others are laid."""
    return {"data-folder": collection_id, "draggable": rx.cond(is_movable, "true", "false"), "data-lays-into": collection_id}


def lays_into(collection_id: Any) -> dict[str, Any]:
    """`custom_attrs` of another place a collection is dropped on; "" lays it beside the outermost."""
    return {"data-lays-into": collection_id}
