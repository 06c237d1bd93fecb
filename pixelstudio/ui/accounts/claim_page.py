"""/claim: the one-time link the server prints at its start makes a member its maintainer."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.accounts.parts import door, door_form
from pixelstudio.ui.components.button import link_button
from pixelstudio.ui.shell import open_page
from pixelstudio.ui.visitor import Visitor


def claim_page() -> rx.Component:
    """The page. The token stays in the address and in the form; no state of the page ever holds it."""
    return open_page(
        door(
            "Claim this installation",
            "You become its maintainer: the one who looks after people, keys and limits. The link works once.",
            rx.cond(
                Visitor.is_known & (Visitor.handle == ""),
                rx.el.div(
                    rx.el.p("That takes an account. You come back here.", class_name="prose"),
                    link_button("Create account", href="/register", look="main-act", extra="lg", custom_attrs={"data-back": "claim"}),
                    link_button("Sign in", href="/login", look="line", extra="lg", custom_attrs={"data-back": "claim"}),
                    class_name="stack",
                ),
                door_form(
                    "/auth/claim",
                    "Claim this installation",
                    rx.el.input(type="hidden", name="token", default_value=""),
                    leads_to="/admin",
                ),
            ),
        ),
        state=Visitor,
        class_name="sign",
    )
