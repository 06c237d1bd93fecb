"""The ways of varying a picture, as every page names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pixelstudio.ui.components.menu import menu_action

if TYPE_CHECKING:
    import reflex as rx

    from pixelstudio.features.generation.variations import Kind
    from pixelstudio.ui.components.icon import IconName

VARIATIONS: Final[tuple[tuple[Kind, str, str, IconName], ...]] = (
    ("one", "One more", "the same words, one picture", "plus"),
    ("subtle", "Subtle", "the same words, four pictures", "dices"),
    ("strong", "Strong", "your words, four in a new mood", "sun"),
    ("looks", "Looks", "the same words, other models", "swatch-book"),
)
"""The kind, its name, what it does, and its icon."""


def varying(name: str, words: str, icon: IconName, **props: Any) -> rx.Component:
    """One of them in a menu."""
    return menu_action(f"{name}: {words}", icon, **props)
