"""The section of /settings about keys of the API."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.elements import page_link
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import note
from pixelstudio.ui.settings.keys_state import ApiKeys, KeyCard
from pixelstudio.ui.settings.parts import section


def keys() -> rx.Component:
    """The keys there are, a new one, and where the API is described."""
    return section(
        "keys",
        "API keys",
        rx.fragment(
            "A key lets a program make pictures for you, with your credits. ", page_link("How the API works", href="/api/docs"), "."
        ),
        rx.cond(ApiKeys.fresh != "", _fresh()),
        rx.el.form(
            rx.el.input(
                name="name",
                class_name="input",
                aria_label="Name of the key",
                placeholder="Such as Laptop",
                max_length=limits.API_KEY_NAME_MAX,
                required=True,
            ),
            button(icon("key-round", small=True), "Make a key", look="line", type="submit"),
            on_submit=ApiKeys.make_key,
            reset_on_submit=True,
            class_name="inline-form",
            aria_label="New key",
            custom_attrs={"autoComplete": "off"},
        ),
        rx.el.ul(rx.foreach(ApiKeys.keys, _key), class_name="devices"),
    )


def _fresh() -> rx.Component:
    shown = rx.el.input(
        value=ApiKeys.fresh, read_only=True, aria_label="The new key", class_name="input mono", spell_check=False, auto_complete="off"
    )
    words = rx.el.p("Copy it now: it is shown this once and kept nowhere.")
    return note(
        rx.el.b("Your new key"),
        words,
        rx.el.div(shown, button("I have it", look="line", on_click=ApiKeys.put_away), class_name="inline-form"),
        kind="good",
        name="key-round",
        role="status",
    )


def _key(line: rx.Var[KeyCard]) -> rx.Component:
    one: Any = line
    return rx.el.li(
        icon("key-round"),
        rx.el.div(rx.el.b(one.name), rx.el.span(one.facts, class_name="facts"), class_name="label"),
        button("Revoke", extra="sm", aria_label=f"Revoke {one.name}", on_click=ApiKeys.revoke_key(one.id)),
        key=one.id,
    )
