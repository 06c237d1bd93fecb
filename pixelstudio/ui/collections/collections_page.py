"""/collections: one's own collections; /collections/{id}: one of them, or of somebody who shows it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.collections.collections_state import CollectionsState, CollectionState
from pixelstudio.ui.collections.elements import folders
from pixelstudio.ui.collections.parts import MOVE, collection_cards, collection_form, crumbs, moving
from pixelstudio.ui.collections.sharing_parts import PEOPLE, SHARE, opinions, people_dialog, present, share_dialog
from pixelstudio.ui.collections.sharing_state import SharingState
from pixelstudio.ui.components.button import button, link, link_button
from pixelstudio.ui.components.choice import tab_links
from pixelstudio.ui.components.dialog import CLOSES, dialog, opens, question
from pixelstudio.ui.components.elements import pager
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.menu import menu, menu_action
from pixelstudio.ui.components.notice import empty, note, notice
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.people import avatar
from pixelstudio.ui.places import COLLECTIONS, EXPLORE, LIBRARY, LIBRARY_TABS
from pixelstudio.ui.shell import studio_page

NEW: Final = "new-collection"
CHANGE: Final = "change-collection"
DELETE: Final = "delete-collection"
LEAVE: Final = "leave-collection"
_BARE: Final = {"title": "Nothing in it yet", "words": "Come back when there is.", "act": EXPLORE.word, "href": EXPLORE.href}
_EMPTY: Final = {
    "title": _BARE["title"],
    "words": "Open a picture, yours or somebody else's, and press Collect.",
    "act": LIBRARY.word,
    "href": LIBRARY.href,
    "other_act": EXPLORE.word,
    "other_href": EXPLORE.href,
}
"""For whoever may hang something here; the other one for whoever may not."""


def collections_page() -> rx.Component:
    """The page of one's own collections."""
    collections: Any = CollectionsState.collections
    has_more: Any = CollectionsState.has_more
    joined: Any = CollectionsState.joined
    return studio_page(
        rx.el.header(
            rx.el.h1("Library"),
            tab_links("Library", *((word, href, href == COLLECTIONS.href) for word, href in LIBRARY_TABS)),
            button(
                icon("plus"),
                rx.el.span("New collection", class_name="desk"),
                look="main-act",
                extra="push",
                aria_label="New collection",
                custom_attrs=opens(NEW),
            ),
            class_name="pagehead tabbed",
        ),
        rx.el.p(
            "Pictures you hang together yourself. What one press of Generate brought is a ",
            link("set", href="/library?view=sets", class_name="link"),
            ".",
            class_name="muted small told",
        ),
        rx.cond(
            CollectionsState.is_loaded,
            rx.cond(
                collections.length() > 0,
                folders(
                    collection_cards(collections, on_places=CollectionsState.list_places),
                    on_move=CollectionsState.move_to,
                    class_name="stack",
                ),
                empty(
                    "No collections yet",
                    "Hang pictures together: your own and those of others, for you alone or for everybody.",
                    name="bookmark",
                ),
            ),
            rx.el.div(class_name="skel line", role="status", aria_busy="true", aria_label="Loading your collections"),
        ),
        pager(has_more, CollectionsState.load_more, collections.length()),
        rx.cond(
            joined.length() > 0,
            rx.el.section(rx.el.h2("With others"), collection_cards(joined, label="With others"), class_name="shelf with-others"),
        ),
        dialog(NEW, "New collection", collection_form(CollectionsState.begin_collection, "Create collection")),
        moving(CollectionsState),
        notice(CollectionsState, on_act=CollectionsState.undo),
        state=None,
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
        notice(CollectionState, SharingState, on_act=CollectionState.undo),
        state=None,
        here=rx.cond(CollectionState.card.part != "", LIBRARY.href, ""),
    )


def _shown() -> rx.Component:
    card = CollectionState.card
    inner: Any = CollectionState.inner
    return rx.fragment(
        folders(
            rx.cond(card.part != "", crumbs(CollectionState.way), rx.fragment()),
            _head(),
            rx.cond(card.part == "invited", _invitation()),
            rx.cond(
                inner.length() > 0,
                rx.el.section(
                    rx.el.h2("In it"), collection_cards(inner, label="In it", on_places=CollectionState.list_places), class_name="shelf"
                ),
            ),
            on_move=CollectionState.move_to,
        ),
        opinions(),
        gallery(
            CollectionState,
            source=CollectionState.source,
            path=CollectionState.path,
            label="Pictures",
            empty=rx.cond(card.is_mine | (card.part == "joined"), _EMPTY, _BARE),
            is_mine=card.is_mine,
            is_joined=card.part == "joined",
            marks=SharingState.marks,
            on_undo=CollectionState.undo,
            on_favour=CollectionState.set_favourite,
            on_throw_away=CollectionState.throw_away,
            on_take_out=CollectionState.take_out,
            on_front=CollectionState.put_in_front,
        ),
    )


def _head() -> rx.Component:
    card = CollectionState.card
    return rx.el.header(
        rx.el.div(
            rx.el.h1(card.title),
            rx.el.p(
                link(avatar(card.person), card.person.name, href=f"/u/{card.person.handle}", class_name="row"),
                rx.el.span(card.count),
                rx.cond(card.is_mine, rx.el.span(card.seen_by)),
                class_name="row wrap muted small by-line",
            ),
            rx.cond(card.description != "", rx.el.p(card.description, class_name="bio")),
            present(),
            class_name="stack tight",
        ),
        rx.match(card.part, ("maker", _mine()), ("joined", _joined()), rx.fragment()),
        class_name="person-head",
    )


def _mine() -> rx.Component:
    card = CollectionState.card
    return rx.el.div(
        button(icon("users"), "People", custom_attrs=opens(PEOPLE)),
        button(icon("share-2"), "Share", custom_attrs=opens(SHARE)),
        menu(
            "collection-more",
            "More",
            menu_action("Change", "pencil", custom_attrs=opens(CHANGE)),
            menu_action("New collection inside", "plus", custom_attrs=opens(NEW)),
            menu_action("Move", "folder-input", on_click=CollectionState.list_places(CollectionState.card.id), custom_attrs=opens(MOVE)),
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
            "Its pictures stay where they are, and collections in it lie where it lay.",
            button("Delete", look="bad", on_click=CollectionState.delete_this, custom_attrs=CLOSES),
        ),
        dialog(NEW, "New collection inside", collection_form(CollectionState.begin_inside, "Create collection")),
        moving(CollectionState),
        people_dialog(),
        share_dialog(),
        class_name="row wrap push",
    )


def _joined() -> rx.Component:
    """What somebody does who belongs to it."""
    return rx.el.div(
        button(icon("users"), "People", custom_attrs=opens(PEOPLE)),
        button("Leave", look="quiet", custom_attrs=opens(LEAVE)),
        people_dialog(),
        question(
            LEAVE,
            "Leave this collection?",
            "Your private pictures leave with you. To come back you have to be invited again.",
            button("Leave", look="bad", on_click=CollectionState.leave_this, custom_attrs=CLOSES),
            keep="Stay",
        ),
        class_name="row push",
    )


def _invitation() -> rx.Component:
    return note(
        rx.el.p(CollectionState.card.person.name, " invites you to put pictures of yours into this collection."),
        rx.el.div(
            button("Join", on_click=CollectionState.join_this),
            button("Decline", look="quiet", on_click=CollectionState.leave_this),
            class_name="row wrap",
        ),
        name="users",
        id="invitation",
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1("No such collection", class_name="sr"),
        empty(
            "Nothing hangs here", "This collection is gone, or not shown to you.", link_button("Explore", href="/explore"), name="image-off"
        ),
    )
