"""/login: back to one's pictures."""

from __future__ import annotations

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.accounts.parts import door, door_form, just_looking, other_door
from pixelstudio.ui.components.field import field, password
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def login_page() -> rx.Component:
    """The page."""
    return open_page(
        door(
            "Sign in",
            rx.cond(Visitor.reason != "", Visitor.reason, "Your pictures are where you left them."),
            door_form(
                "/auth/sign-in",
                "Sign in",
                field(
                    "Email", "email", type="email", auto_complete="username", input_mode="email", max_length=limits.EMAIL_MAX, required=True
                ),
                password("Password"),
            ),
            rx.el.p(rx.el.a("Forgot your password?", href="/forgot", custom_attrs={"data-keep": ""}), class_name="small prose"),
            other_door("New here?", "Create account", "/register"),
            just_looking(),
        ),
        state=Visitor,
        class_name="sign",
    )
