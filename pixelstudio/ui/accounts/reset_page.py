"""/reset: a link that works once lets somebody choose another password."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.accounts.parts import door, door_form, other_door
from pixelstudio.ui.components.field import field, new_password
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def reset_page() -> rx.Component:
    """The page. A script takes the token from the fragment of the address, which is never sent; without one the link is pasted."""
    return open_page(
        door(
            "Choose a new password",
            "Every device is signed out, and you sign in with the new one.",
            door_form(
                "/auth/reset",
                "Change password",
                rx.el.div(
                    field("Your link", "token", "Copy it here as it was given to you", auto_complete="off", spell_check=False),
                    class_name="for-no-script",
                ),
                new_password("New password"),
            ),
            other_door("The link does not work?", "Ask for a new one", "/forgot"),
        ),
        state=Visitor,
        class_name="sign",
    )
