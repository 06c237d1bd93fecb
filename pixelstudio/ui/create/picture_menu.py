"""The menu of a picture, as Create and the library have it: one for all pictures of a page, whose script knows which it was opened on."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.ui.components.menu import menu_action, menu_line, menu_mark
from pixelstudio.ui.create.varying import VARIATIONS, at_once, varying

PICTURE_MENU: Final = "picture-menu"
REUSE: Final = "Use this recipe"


def picture_menu() -> rx.Component:
    """What can be done with a picture; `data-act` says what an item does (`assets/library/menu.js`), which also marks what is a
    favourite, and knows what everybody sees already.
    """
    return rx.el.div(
        rx.el.div(
            rx.el.span("Variations", class_name="menu-head", aria_hidden=True),
            *(varying(name, does, sign, custom_attrs={"data-act": kind}) for kind, name, does, sign in VARIATIONS),
            at_once(),
            role="group",
            aria_label="Variations",
        ),
        menu_line(),
        menu_action(REUSE, "repeat-2", custom_attrs={"data-act": "reuse"}),
        menu_mark("Favourite: a mark only you see", "star", aria_checked="false", custom_attrs={"data-act": "favour"}),
        menu_action(_publishing(), "globe", custom_attrs={"data-act": "publish"}),
        menu_line(),
        menu_action("Move to trash", "trash-2", is_bad=True, custom_attrs={"data-act": "bin"}),
        id=PICTURE_MENU,
        class_name="menu floats",
        role="menu",
        aria_label="Picture",
        custom_attrs={"popover": "auto"},
    )


def _publishing() -> rx.Component:
    """What the picture's form is called there; which of the two it is, the script of the menu knows."""
    return rx.fragment(rx.el.span("Publish", class_name="unless-public"), rx.el.span("Change how it is shown", class_name="if-public"))
