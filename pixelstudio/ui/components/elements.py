"""Elements that Reflex lacks or changes: forms that really post, styles that stay attributes, a button that is pressed by being seen."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from pixelstudio.ui.components.button import button


class PostForm(BaseHTML):
    """A form the browser posts by itself. Reflex's own form swallows the submit, with a handler or without one."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    no_validate: rx.Var[bool]
    enc_type: rx.Var[str]


post_form = PostForm.create


class PageLink(BaseHTML):
    """A link to a place on the same page. Reflex's own goes through the router, which takes the fragment for another address."""

    tag = "a"

    href: rx.Var[str]


page_link = PageLink.create


def css(**tokens: Any) -> dict[str, Any]:
    """`custom_attrs` that set CSS custom properties (`ar=` becomes `--ar`) and `background_image` as an inline style.

    As an attribute, because Reflex's own `style` makes a class per value in the browser: dear for a wall of pictures.
    """
    names = {name: "backgroundImage" if name == "background_image" else f"--{name}" for name in tokens}
    return {"style": rx.Var.create({names[name]: value for name, value in tokens.items()})}


class Sentinel(rx.Component):
    """Around a "Load more" button: presses it when it comes near the window. `watch` arms it again after each page."""

    library = "$/public/sentinel.js"
    tag = "Sentinel"
    is_default = False

    watch: rx.Var[int]


sentinel = Sentinel.create


def pager(has_more: rx.Var[bool], load_more: Any, watch: rx.Var[int], label: str = "Load more") -> rx.Component:
    """The way to the next page of a list: fetched when it comes near, or by a press. `watch` changes with every page that came."""
    return rx.cond(has_more, sentinel(button(label, on_click=load_more), watch=watch, class_name="more-below"))


class Draft(rx.Component):
    """In the composer: keeps what is typed and not sent, in this tab and for this account, until another `recipe` takes its place."""

    library = "$/public/drafts.js"
    tag = "Draft"
    is_default = False

    account: rx.Var[str]
    recipe: rx.Var[str]


draft = Draft.create
