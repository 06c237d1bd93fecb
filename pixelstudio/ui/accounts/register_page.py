"""/register: an account in three fields."""

from __future__ import annotations

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.accounts.parts import door, door_form, just_looking, other_door
from pixelstudio.ui.components.field import field, new_password
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def register_page() -> rx.Component:
    """The page."""
    return open_page(
        door(
            "Create account",
            f"Sketches are free. For AI models you have {limits.SIGN_UP_CREDITS + limits.DAILY_CREDITS} credits today, and {limits.DAILY_CREDITS} more on"
            " each further day you visit.",
            door_form(
                "/auth/register",
                "Create account",
                field(
                    "Email", "email", type="email", auto_complete="email", input_mode="email", max_length=limits.EMAIL_MAX, required=True
                ),
                field(
                    "Handle",
                    "handle",
                    f"Your public name, as in @ines: {limits.HANDLE_MIN} to {limits.HANDLE_MAX} letters, digits or underscores",
                    auto_complete="username",
                    auto_capitalize="none",
                    spell_check=False,
                    required=True,
                ),
                new_password("Password"),
            ),
            other_door("Already here?", "Sign in", "/login"),
            just_looking(),
        ),
        state=Visitor,
        class_name="sign",
    )
