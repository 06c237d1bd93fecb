"""/feed: what the people show whom one follows; and for whoever follows few, whom else there is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.picture import image, page_of
from pixelstudio.ui.gallery.gallery_state import FeedState, Suggestion
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.people import avatar
from pixelstudio.ui.shell import studio_page

_SIZES = "(max-width: 760px) 30vw, 130px"


def feed_page() -> rx.Component:
    """The page. Who follows nobody finds people in the place of the wall, who follows few below it."""
    people: Any = FeedState.people
    empty = {
        "title": rx.cond(
            FeedState.is_loaded & (FeedState.follows_anybody | (people.length() == 0)),
            rx.cond(FeedState.follows_anybody, "Nothing new yet", "You follow nobody yet"),
            "",
        ),
        "words": rx.cond(
            FeedState.follows_anybody,
            "What the people you follow publish hangs here, the newest first.",
            "Look around, open a picture you like and follow who made it. What they publish hangs here.",
        ),
        "act": "Explore",
        "href": "/explore",
    }
    wall = gallery(FeedState, _to_follow(), source="/api/gallery/feed", path="/feed", label="Feed", title="Feed", empty=empty)
    return studio_page(wall, state=FeedState, here="/feed", class_name="feed-page")


def _to_follow() -> rx.Component:
    people: Any = FeedState.people
    return rx.cond(
        people.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2("People to follow", id="to-follow-title"),
                rx.el.p(
                    rx.cond(
                        FeedState.follows_anybody,
                        rx.cond(FeedState.begins, "What those you follow publish hangs below.", "What they publish hangs here too."),
                        "You follow nobody yet. Follow somebody, and what they publish hangs here.",
                    ),
                    class_name="muted",
                ),
                class_name="stack tight",
            ),
            rx.el.ul(rx.foreach(people, _suggested)),
            rx.el.p(
                "More people are in ",
                link("Explore", href="/explore", class_name="link"),
                ": open a picture you like and follow who made it.",
                class_name="muted small prose",
            ),
            class_name=rx.cond(FeedState.begins, "to-follow alone", "to-follow"),
            aria_labelledby="to-follow-title",
        ),
    )


def _suggested(suggestion: rx.Var[Suggestion]) -> rx.Component:
    one: Any = suggestion
    return rx.el.li(
        rx.el.div(rx.foreach(one.latest, lambda picture: _latest(picture, one.person.name)), class_name="latest"),
        rx.el.div(
            link(avatar(one.person), rx.el.b(one.person.name, class_name="clip"), href=f"/u/{one.person.handle}", class_name="row"),
            button(
                rx.cond(one.is_followed, "Following", "Follow"),
                rx.el.span(" ", one.person.name, class_name="sr"),
                extra="push",
                aria_pressed=rx.cond(one.is_followed, "true", "false"),
                on_click=FeedState.follow_person(one.person.handle, ~one.is_followed),
            ),
            class_name="row",
        ),
        key=one.person.id,
    )


def _latest(picture: Any, name: Any) -> rx.Component:
    return rx.el.figure(
        image(picture, _SIZES),
        link(href=page_of(picture), aria_label=f"{picture.alt} by {name}"),
        class_name="pic",
        key=picture.id,
        custom_attrs=css(background_image=picture.blur),
    )
