"""The ways of varying a picture, as every page names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.ui.components.menu import menu_action

if TYPE_CHECKING:
    from pixelstudio.features.generation.variations import Kind
    from pixelstudio.ui.components.icon import IconName

VARIATIONS: Final[tuple[tuple[Kind, str, str, IconName], ...]] = (
    ("one", "One more", "1 picture: same words, model and style.", "plus"),
    ("subtle", "Four more", "4 pictures: same words, model and style.", "dices"),
    ("strong", "New style", "4 pictures: same words and model in another style: its light and colours.", "sun"),
    ("looks", "Other models", "3 pictures: same words, other models.", "swatch-book"),
)
"""The kind, its name, what it does, and its icon."""
AT_ONCE: Final = "All are new drawings. Free ones begin at once; for others you see the price first."
"""How like they are and what a press leads to, of all of them."""


def varying(name: str, words: str, icon: IconName, **props: Any) -> rx.Component:
    """One of them in a menu."""
    return menu_action(name, icon, says=words, aria_description=AT_ONCE, **props)


def at_once() -> rx.Component:
    """What a press leads to, in a menu, once for all of them; who hears the menu is told at each."""
    return rx.el.span(AT_ONCE, class_name="menu-note", aria_hidden=True)
