"""Menus: a button, and what it opens. The browser's own popover closes them; floating.js places them and moves between the items."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import Look, button, link
from pixelstudio.ui.components.icon import IconName, icon


def menu(
    name: Any,
    label: Any,
    *items: rx.Component,
    face: tuple[Any, ...] = (),
    look: Look = "quiet",
    extra: str = "",
) -> rx.Component:
    """A menu of `menu_action`, `menu_link`, `menu_choice` and `menu_line`, and the button that opens it.

    `name` is its id, which must be the only one of its page: for a menu in a list, make it from the item's id.
    `face` is what the button shows; without one it is three dots and `label` its name.
    """
    return rx.fragment(
        button(
            *(face or (icon("ellipsis"),)),
            look=look,
            extra=extra or ("" if face else "sq"),
            aria_label=None if face else label,
            custom_attrs={"popovertarget": name, "aria-haspopup": "menu", **({} if face else {"data-hint": label})},
        ),
        rx.el.div(
            *items,
            id=name,
            class_name="menu floats",
            role="menu",
            aria_label=label,
            custom_attrs={"popover": "auto"},
        ),
    )


def menu_action(words: Any, name: IconName, *, key: str = "", says: str = "", is_bad: bool = False, **props: Any) -> rx.Component:
    """Something to do; `key` shows the key that does it too, and `says`, on a second line, what comes of it."""
    return rx.el.button(*_face(words, name, key, says), type="button", role="menuitem", class_name=_item(is_bad=is_bad), **props)


def menu_mark(words: Any, name: IconName, **props: Any) -> rx.Component:
    """A mark that is set or taken away; its icon is full while it is set. Whoever knows which it is gives `aria_checked`."""
    return rx.el.button(*_face(words, name, ""), type="button", role="menuitemcheckbox", class_name="item", **props)


def menu_link(words: Any, name: IconName, href: Any, *, key: str = "", **props: Any) -> rx.Component:
    """Somewhere to go, inside the app."""
    return link(*_face(words, name, key), href=href, role="menuitem", class_name="item", **props)


def menu_choice(words: Any, *, is_chosen: Any, **props: Any) -> rx.Component:
    """One of a few, the chosen one ticked."""
    return rx.el.button(
        rx.el.span(icon("check"), class_name="tick"),
        rx.el.span(words, class_name="clip"),
        type="button",
        role="menuitemradio",
        class_name="item",
        aria_checked=rx.cond(is_chosen, "true", "false"),
        **props,
    )


def menu_line() -> rx.Component:
    """A line between what belongs together and what does not."""
    return rx.el.hr(role="separator")


def _item(*, is_bad: bool) -> str:
    return "item bad" if is_bad else "item"


def _face(words: Any, name: IconName, key: str, says: str = "") -> list[rx.Component]:
    shown_key = [rx.el.kbd(key, aria_hidden=True)] if key else []
    said = rx.el.span(words, rx.el.small(says)) if says else rx.el.span(words, class_name="clip")
    return [icon(name), said, *shown_key]
