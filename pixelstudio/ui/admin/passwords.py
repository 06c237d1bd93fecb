"""Forgotten passwords on /admin: a link for somebody who cannot come in."""

from __future__ import annotations

from typing import Final

import reflex as rx

from pixelstudio.ui.components.button import button, copy_button
from pixelstudio.ui.components.elements import post_form
from pixelstudio.ui.components.field import field, outcome, password

LINK: Final = "handed-link"


def passwords() -> rx.Component:
    """A plain post, for it carries a password. The link is shown by forms.js this once; no state of the page holds it."""
    return rx.el.section(
        rx.el.h2("Forgotten passwords"),
        rx.el.p(
            "Somebody cannot come in? A link lets whoever has it choose a new password for them, once, within an hour. "
            "Hand it over in a way you trust. Their old password works until they use it.",
            class_name="muted",
        ),
        post_form(
            field("Their handle", "handle", auto_complete="off", auto_capitalize="none", spell_check=False, required=True),
            password("Your password", "own_password"),
            button("Make a link", type="submit"),
            *outcome(),
            rx.el.p(rx.el.code(id=LINK, class_name="mono", custom_attrs={"data-link": ""}), copy_button(LINK, "Copy link", "Copied")),
            action="/auth/reset-link",
            method="post",
            no_validate=True,
            class_name="hands-out",
            custom_attrs={"data-post": "stay"},
            aria_label="Make a link",
        ),
        aria_label="Forgotten passwords",
        class_name="stack",
    )
