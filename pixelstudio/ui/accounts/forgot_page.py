"""/forgot: the way back in for somebody who forgot their password."""

from __future__ import annotations

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.accounts.parts import door, door_form, other_door
from pixelstudio.ui.components.field import field
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def forgot_page() -> rx.Component:
    """The page. Whether mail is sent here is said by the address's answer, so that it shows before any script runs."""
    return open_page(
        door(
            "Forgot your password?",
            "A link lets you choose a new one.",
            rx.el.div(
                door_form(
                    "/auth/forgot",
                    "Send me a link",
                    field(
                        "Email",
                        "email",
                        "The address you registered with",
                        type="email",
                        auto_complete="username",
                        input_mode="email",
                        max_length=limits.EMAIL_MAX,
                        required=True,
                    ),
                    stays=True,
                ),
                class_name="for-mail",
            ),
            _without_mail(),
            other_door("Remembered it?", "Sign in", "/login"),
        ),
        state=Visitor,
        class_name="sign",
    )


def _without_mail() -> rx.Component:
    """Who can help where no mail is sent."""
    return rx.el.div(
        icon("info"),
        rx.el.div(
            rx.el.p("This studio sends no mail, so it cannot send you a link. Ask whoever runs it: they can make you one."),
            rx.el.p(
                "Is that you? On the machine it runs on, type ",
                rx.el.code("python -m pixelstudio password", class_name="mono"),
                " and your handle.",
            ),
            class_name="stack tight",
        ),
        class_name="note info for-no-mail",
        role="note",
    )
