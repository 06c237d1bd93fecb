"""The parts of collections: cards with their covers, the way to one, the form that begins or changes one, and where one may be laid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.collections.elements import lays_into, movable
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import Segment, labelled_segments
from pixelstudio.ui.components.dialog import CLOSES, SENT_CLOSES, dialog, opens
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.field import area, field
from pixelstudio.ui.components.icon import icon

if TYPE_CHECKING:
    from pixelstudio.ui.collections.moves import Moves


MOVE: Final = "move-collection"


def collection_cards(cards: Any, *, label: str = "Collections", on_places: Any = None) -> rx.Component:
    """Collections, each its first pictures as one cover, its words under it. With `on_places` one's own can be moved."""
    return rx.el.ul(rx.foreach(cards, lambda card: _card(card, on_places)), class_name="sets", aria_label=label)


def crumbs(way: Any) -> rx.Component:
    """The way to a collection; each step is a place another one can be dropped on."""
    return rx.el.nav(
        rx.el.ol(
            rx.el.li(link("Collections", href="/collections", custom_attrs=lays_into(""))),
            rx.foreach(
                way,
                lambda step: rx.el.li(link(step.title, href=f"/collections/{step.id}", custom_attrs=lays_into(step.id)), key=step.id),
            ),
        ),
        class_name="crumbs small",
        aria_label="Where it lies",
    )


def moving(state: type[Moves]) -> rx.Component:
    """The list of places for the collection that is to be moved."""
    places: Any = state.places
    return dialog(
        MOVE,
        "Move into",
        rx.el.ul(
            rx.el.li(_place("Beside the outermost", state.move_to(state.moving, ""), "0")),
            rx.foreach(
                places, lambda place: rx.el.li(_place(place.title, state.move_to(state.moving, place.id), place.inset), key=place.id)
            ),
            class_name="places",
            aria_label="Places",
        ),
    )


def _place(title: Any, on_click: Any, inset: Any) -> rx.Component:
    return button(
        icon("corner-down-left", small=True),
        rx.el.span(title, class_name="clip"),
        look="quiet",
        extra="wide",
        on_click=on_click,
        custom_attrs={**CLOSES, **css(inset=inset)},
    )


def _card(card: Any, on_places: Any) -> rx.Component:
    move = (
        rx.cond(
            card.is_mine,
            button(
                icon("folder-input"),
                rx.el.span("Move into", class_name="phone"),
                look="glass",
                extra="sq sm move",
                aria_label=f"Move {card.title}",
                on_click=on_places(card.id),
                custom_attrs={**opens(MOVE), "data-moves": "", "data-hint": "Move it into another collection", "aria-keyshortcuts": "m"},
            ),
        )
        if on_places
        else rx.fragment()
    )
    return rx.el.li(
        rx.el.div(
            rx.cond(card.cover.length() > 0, rx.foreach(card.cover, _piece), rx.el.span(icon("bookmark"), class_name="bare")),
            class_name="cover",
        ),
        link(
            rx.el.b(card.title, class_name="clip"),
            rx.el.span(
                rx.cond(
                    card.is_mine,
                    f"{card.count}, {card.seen_by}",
                    rx.cond(card.part != "", f"{card.count}, by {card.person.name}", card.count),
                ),
                class_name="facts",
            ),
            href=f"/collections/{card.id}",
            class_name="label",
            custom_attrs={"data-walks": ""},
        ),
        move,
        custom_attrs=movable(card.id, is_movable=card.is_mine) if on_places else {},
        class_name=rx.match(card.cover.length(), (0, "set n0"), (1, "set n1"), (2, "set n2"), (3, "set n3"), "set n4"),
        key=card.id,
    )


def _piece(picture: Any) -> rx.Component:
    return rx.el.figure(
        rx.el.img(src=f"/media/{picture.id}/256", src_set=picture.srcset, sizes="200px", alt="", loading="lazy", decoding="async"),
        class_name="pic",
        key=picture.id,
        custom_attrs=css(background_image=picture.blur),
    )


def collection_form(on_submit: Any, act: str, *, title: Any = "", description: Any = "", visibility: Any = "private") -> rx.Component:
    """Title, words and who sees it. Sent, it closes the dialog it stands in."""
    shown_to = (
        Segment("private", "Only me", "lock"),
        Segment("collaborative", "People I invite", "users"),
        Segment("unlisted", "By link", "link"),
        Segment("public", "Everybody", "globe"),
    )
    return rx.el.form(
        field("Title", "collection_title", max_length=limits.COLLECTION_TITLE_MAX, required=True, default_value=title, auto_complete="off"),
        area("Description", "collection_description", max_length=limits.COLLECTION_DESCRIPTION_MAX, default_value=description, rows=2),
        labelled_segments("Shown to", "collection_visibility", shown_to, visibility),
        rx.el.div(button(act, look="main-act", type="submit"), class_name="row answers"),
        on_submit=on_submit,
        class_name="stack",
        custom_attrs=SENT_CLOSES,
    )
