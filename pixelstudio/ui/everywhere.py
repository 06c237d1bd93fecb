"""What stands on every page and outlives it: the keys, the palette, the words about the connection, the focus after a navigation."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from pixelstudio.ui.keys import KEYS
from pixelstudio.ui.palette import ENTRIES
from pixelstudio.ui.visitor import Visitor


class Keyboard(rx.Component):
    """Acts by the table of keys, and shows it on `?`."""

    library = "$/public/keyboard.js"
    tag = "Keyboard"
    is_default = False

    keys: rx.Var[list[dict[str, Any]]]


class Palette(rx.Component):
    """The command palette, opened by its key or by the event `studio:open`."""

    library = "$/public/palette.js"
    tag = "Palette"
    is_default = False

    entries: rx.Var[list[dict[str, Any]]]
    is_member: rx.Var[bool]


class Connection(rx.Component):
    """In place of Reflex's banner: says that the line is down and what still works, and fetches what comes meanwhile."""

    library = "$/public/connection.js"
    tag = "Connection"
    is_default = False

    is_down: rx.Var[bool]
    is_hydrated: rx.Var[bool]


class RouteFocus(rx.Component):
    """After a navigation inside the app: moves the focus to the content, and has the page's title read out."""

    library = "$/public/route-focus.js"
    tag = "RouteFocus"
    is_default = False


def everywhere() -> rx.Component:
    """All of it, around the pages."""
    return rx.fragment(
        RouteFocus.create(),
        Connection.create(is_down=has_connection_errors, is_hydrated=rx.State.is_hydrated),
        Keyboard.create(keys=[key.told() for key in KEYS]),
        Palette.create(entries=[entry.told() for entry in ENTRIES], is_member=Visitor.handle != ""),
    )
