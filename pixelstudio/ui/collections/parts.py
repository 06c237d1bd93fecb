"""The parts of collections: cards with their covers, and the form that begins or changes one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import Segment, labelled_segments
from pixelstudio.ui.components.dialog import SENT_CLOSES
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.field import area, field


def collection_cards(cards: Any) -> rx.Component:
    """Collections, each its first pictures as one cover, its words under it."""
    return rx.el.ul(rx.foreach(cards, _card), class_name="sets", aria_label="Collections")


def _card(card: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.foreach(card.cover, _piece), class_name="cover"),
        link(
            rx.el.b(card.title, class_name="clip"),
            rx.el.span(rx.cond(card.is_mine, f"{card.count}, {card.seen_by}", card.count), class_name="facts"),
            href=f"/collections/{card.id}",
            class_name="label",
            custom_attrs={"data-walks": ""},
        ),
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
    seen_by = (Segment("private", "Only me"), Segment("unlisted", "By link"), Segment("public", "Everybody"))
    return rx.el.form(
        field("Title", "collection_title", max_length=limits.COLLECTION_TITLE_MAX, required=True, default_value=title, auto_complete="off"),
        area("Description", "collection_description", max_length=limits.COLLECTION_DESCRIPTION_MAX, default_value=description, rows=2),
        labelled_segments("Seen by", "collection_visibility", seen_by, visibility),
        rx.el.div(button(act, look="main-act", type="submit"), class_name="row answers"),
        on_submit=on_submit,
        class_name="stack",
        custom_attrs=SENT_CLOSES,
    )
