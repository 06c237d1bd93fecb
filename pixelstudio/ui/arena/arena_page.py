"""/arena: one prompt on a few models, or a grid of two parameters, side by side."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.arena.arena_state import ArenaState
from pixelstudio.ui.arena.parts import asking, rounds
from pixelstudio.ui.components.notice import loading, skeleton_rows
from pixelstudio.ui.shell import studio_page


def _fields(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


class Reckoning(rx.Component):
    """Sends the form whenever something in it changes, a moment after the last key."""

    library = "$/public/reckoning.js"
    tag = "Reckoning"
    is_default = False

    on_reckon: rx.EventHandler[_fields]


def arena_page() -> rx.Component:
    """The page."""
    return studio_page(
        rx.el.header(
            rx.el.h1("Arena"),
            rx.el.p(
                "Find the model or the setting that suits your words: same words, same seed, side by side. Say which is best.",
                class_name="muted",
            ),
            class_name="page-head stack tight",
        ),
        rx.el.div(
            asking(),
            rx.cond(ArenaState.is_loaded, rounds(), loading("Loading your comparisons", *skeleton_rows(3))),
            class_name="arena-body",
        ),
        Reckoning.create(on_reckon=ArenaState.reckon),
        state=ArenaState,
        here="/arena",
        class_name="arena-page",
    )
