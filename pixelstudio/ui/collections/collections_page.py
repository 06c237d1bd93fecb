"""/collections: one's own collections; /collections/{id}: one of them, or of somebody who shows it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.collections.collections_state import CollectionsState, CollectionState
from pixelstudio.ui.collections.parts import collection_cards, collection_form
from pixelstudio.ui.components.button import button, link, link_button
from pixelstudio.ui.components.dialog import CLOSES, dialog, opens, question
from pixelstudio.ui.components.elements import pager
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.menu import menu, menu_action
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.people import avatar
from pixelstudio.ui.shell import studio_page

NEW: Final = "new-collection"
CHANGE: Final = "change-collection"
DELETE: Final = "delete-collection"
_EMPTY: Final = {"title": "Nothing in it yet", "words": "Open a picture and press Collect.", "act": "Explore", "href": "/explore"}


def collections_page() -> rx.Component:
    """The page of one's own collections."""
    collections: Any = CollectionsState.collections
    has_more: Any = CollectionsState.has_more
    return studio_page(
        rx.el.header(
            rx.el.h1("Collections"),
            button(icon("plus"), "New collection", look="main-act", extra="push", custom_attrs=opens(NEW)),
            class_name="pagehead",
        ),
        rx.cond(
            CollectionsState.is_loaded,
            rx.cond(
                collections.length() > 0,
                collection_cards(collections),
                empty(
                    "No collections yet",
                    "Hang pictures together: your own and those of others, for you alone or for everybody.",
                    name="bookmark",
                ),
            ),
            rx.el.div(class_name="skel line", role="status", aria_busy="true", aria_label="Loading your collections"),
        ),
        pager(has_more, CollectionsState.load_more, collections.length()),
        dialog(NEW, "New collection", collection_form(CollectionsState.begin_collection, "Begin it")),
        state=CollectionsState,
        here="/collections",
    )


def collection_page() -> rx.Component:
    """The page of one collection, or that there is none for this visitor."""
    return studio_page(
        rx.cond(
            CollectionState.is_loaded,
            rx.cond(CollectionState.card.id != "", _shown(), _missing()),
            rx.el.div(class_name="skel line", role="status", aria_busy="true", aria_label="Loading the collection"),
        ),
        state=CollectionState,
        here="/collections",
    )


def _shown() -> rx.Component:
    card = CollectionState.card
    return rx.fragment(
        rx.el.header(
            rx.el.div(
                rx.el.h1(card.title),
                rx.el.p(
                    link(avatar(card.person), card.person.name, href=f"/u/{card.person.handle}", class_name="row"),
                    rx.el.span(card.count),
                    rx.cond(card.is_mine, rx.el.span(card.seen_by)),
                    class_name="row wrap muted small by-line",
                ),
                rx.cond(card.description != "", rx.el.p(card.description, class_name="bio")),
                class_name="stack tight",
            ),
            rx.cond(card.is_mine, _mine(), rx.fragment()),
            class_name="person-head",
        ),
        gallery(
            CollectionState,
            source=CollectionState.source,
            path=CollectionState.path,
            label="Pictures",
            empty=_EMPTY,
            is_mine=card.is_mine,
            on_take_out=CollectionState.take_out,
            on_front=CollectionState.put_in_front,
        ),
    )


def _mine() -> rx.Component:
    card = CollectionState.card
    return rx.el.div(
        menu(
            "collection-more",
            "More",
            menu_action("Change", "pencil", custom_attrs=opens(CHANGE)),
            menu_action("Delete", "trash-2", is_bad=True, custom_attrs=opens(DELETE)),
        ),
        dialog(
            CHANGE,
            "Change the collection",
            rx.el.div(
                collection_form(
                    CollectionState.change_collection, "Save", title=card.title, description=card.description, visibility=card.visibility
                ),
                key=f"{card.id}{card.title}{card.visibility}",
            ),
        ),
        question(
            DELETE,
            "Delete this collection?",
            "Its pictures stay where they are.",
            button("Delete", look="bad", on_click=CollectionState.delete_this, custom_attrs=CLOSES),
        ),
        class_name="row push",
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1("No such collection", class_name="sr"),
        empty(
            "Nothing hangs here", "This collection is gone, or not shown to you.", link_button("Explore", href="/explore"), name="image-off"
        ),
    )
