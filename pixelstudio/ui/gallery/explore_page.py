"""/explore: what everybody shows, by what is trending, most liked or newest; /search: what is found of it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import link
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.gallery.gallery_state import ExploreState
from pixelstudio.ui.gallery.parts import gallery
from pixelstudio.ui.gallery.searches import saved_searches
from pixelstudio.ui.gallery.searches_state import SavedSearches
from pixelstudio.ui.people import avatar
from pixelstudio.ui.shell import studio_page
from pixelstudio.ui.visitor import Visitor

_EMPTY = {
    "title": "The walls are bare",
    "words": "Nobody has published a picture yet. Draw one, open its page and press Publish.",
    "act": "Create",
    "href": "/create",
}

_CREATORS_DRAWN: Final = 6
"""While they are on their way."""


def explore_page() -> rx.Component:
    """The page."""
    wall = gallery(
        ExploreState,
        _creators(),
        weights=ExploreState.weights,
        on_weigh=ExploreState.weigh,
        source="/api/gallery/explore",
        path="/explore",
        label="Explore",
        title="Explore",
        sorts=True,
        searches=True,
        empty=_EMPTY,
    )
    return studio_page(wall, state=ExploreState, here="/explore")


def _creators() -> rx.Component:
    """Whose pictures are liked and talked about most lately. Their room is kept until it is known whether there are any."""
    creators: Any = ExploreState.creators
    return rx.cond(
        ~ExploreState.is_loaded | (creators.length() > 0),
        rx.el.section(
            rx.el.h2("Creators of the moment", class_name="small muted"),
            rx.cond(creators.length() > 0, rx.el.ul(rx.foreach(creators, _creator), class_name="creators scroll-x"), _coming()),
            aria_label="Creators of the moment",
        ),
    )


def _coming() -> rx.Component:
    return rx.el.div(
        *(rx.el.span(class_name="chip skel") for _ in range(_CREATORS_DRAWN)), class_name="creators scroll-x", aria_hidden=True
    )


def _creator(card: Any) -> rx.Component:
    return rx.el.li(link(avatar(card), rx.el.span(card.name, class_name="clip"), href=f"/u/{card.handle}", class_name="chip"), key=card.id)


def search_page() -> rx.Component:
    """The page of what is found."""
    wall = gallery(
        ExploreState,
        saved_searches(),
        source="/api/gallery/search",
        path="/search",
        label="Found pictures",
        title="Search",
        searches="only",
        on_keep=SavedSearches.save,
        empty=_EMPTY,
    )
    return studio_page(wall, notice(SavedSearches, ExploreState, Visitor, on_act=SavedSearches.undo), state=None, here="/explore")
