"""`PersonCard`: a person as every page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

if TYPE_CHECKING:
    from pixelstudio.features.accounts.views import PersonView


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Name, handle, and the address of their picture, "" when there is none."""

    id: str = ""
    name: str = ""
    handle: str = ""
    avatar: str = ""


def person_card(person: PersonView | None) -> PersonCard:
    """How a page shows `person`; nobody when there is none."""
    if person is None:
        return PersonCard()
    return PersonCard(person.id, person.name, person.handle, f"/media/avatars/{person.avatar_id}" if person.avatar_id else "")


def avatar(card: Any, class_name: str = "avatar") -> rx.Component:
    """Their picture, or their first letter in a round. Their name stands beside it."""
    return rx.el.span(
        rx.cond(card.avatar != "", rx.el.img(src=card.avatar, alt="", loading="lazy"), card.name[0]),
        class_name=class_name,
        aria_hidden=True,
    )
