"""/u/{handle}: a person, what they show, and their collections."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.collections.parts import collection_cards
from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.menu import menu, menu_action
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.people import avatar
from pixelstudio.ui.person.person_state import PersonState
from pixelstudio.ui.shell import studio_page

_NOTHING = {"title": "Nothing published yet", "words": "What is published hangs here."}


def person_page() -> rx.Component:
    """The page, or that nobody has this handle."""
    return studio_page(
        rx.cond(
            PersonState.is_loaded,
            rx.cond(PersonState.person.handle != "", _shown(), _nobody()),
            rx.el.div(
                rx.el.div(class_name="skel line"), role="status", aria_busy="true", aria_label="Loading the person", class_name="stack"
            ),
        ),
        state=PersonState,
    )


def _shown() -> rx.Component:
    collections: Any = PersonState.collections
    return rx.fragment(
        _head(),
        rx.cond(
            collections.length() > 0,
            rx.el.section(rx.el.h2("Collections"), collection_cards(collections), aria_label="Collections", class_name="shelf"),
        ),
        gallery(PersonState, source=PersonState.source, path=PersonState.path, label="Pictures", empty=_NOTHING),
    )


def _head() -> rx.Component:
    standing = PersonState.standing
    return rx.el.header(
        avatar(PersonState.person, "avatar huge"),
        rx.el.div(
            rx.el.h1(PersonState.person.name),
            rx.el.p("@", PersonState.person.handle, ", ", standing.since, class_name="muted small"),
            rx.cond(
                PersonState.is_muted,
                rx.el.p(
                    icon("eye-off", small=True), "You have muted them: nothing of theirs shows but here.", class_name="row small muted"
                ),
            ),
            rx.cond(standing.bio != "", rx.el.p(standing.bio, class_name="bio")),
            rx.el.ul(
                *(rx.el.li(word) for word in (standing.pictures, standing.followers, standing.following, standing.likes)),
                class_name="counts",
                aria_label="In figures",
            ),
            class_name="stack tight",
        ),
        rx.cond(
            PersonState.is_me,
            rx.el.div(
                link_button(icon("heart"), "Likes", href="/likes"),
                link_button(icon("settings"), "Edit profile", href="/settings"),
                class_name="row push",
            ),
            rx.el.div(_follow(), _more(), class_name="row push"),
        ),
        class_name="person-head",
    )


def _follow() -> rx.Component:
    return rx.cond(
        PersonState.is_blocked,
        rx.el.span(icon("ban"), "Blocked", class_name="status muted"),
        button(
            rx.cond(PersonState.is_followed, "Following", "Follow"),
            look="main-act",
            aria_label="Follow",
            aria_pressed=rx.cond(PersonState.is_followed, "true", "false"),
            on_click=PersonState.follow_person(~PersonState.is_followed),
        ),
    )


def _more() -> rx.Component:
    return menu(
        "person-more",
        "More",
        rx.el.a(
            icon("rss"),
            rx.el.span("Feed (RSS)", class_name="clip"),
            href=f"/u/{PersonState.person.handle}/feed.xml",
            role="menuitem",
            class_name="item",
            custom_attrs={"reloadDocument": True},
        ),
        menu_action(rx.cond(PersonState.is_muted, "Unmute", "Mute"), "eye-off", on_click=PersonState.mute_person(~PersonState.is_muted)),
        menu_action(
            rx.cond(PersonState.is_blocked, "Unblock", "Block"),
            "ban",
            is_bad=True,
            on_click=PersonState.block_person(~PersonState.is_blocked),
        ),
    )


def _nobody() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Nobody", class_name="sr"),
        empty(
            "Nobody has this handle",
            "They may have chosen another one, or left.",
            link_button("Explore", href="/explore"),
            name="user-round",
        ),
    )
