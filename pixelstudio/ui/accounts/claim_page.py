"""/claim: the one-time link the server prints at its start makes a member its maintainer."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.accounts.parts import door, door_form
from pixelstudio.ui.components.button import link
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
                rx.el.p("Sign in first, then open the link again. ", link("Sign in", href="/login", class_name="link"), class_name="prose"),
                door_form("/auth/claim", "Claim this installation", rx.el.input(type="hidden", name="token", default_value="")),
            ),
        ),
        state=Visitor,
        class_name="sign",
    )
