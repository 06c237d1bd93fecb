"""The parts of a brief: the facts to choose."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.choice import chip, chips
from pixelstudio.ui.components.field import labelled


def facts(state: Any, name: str) -> rx.Component:
    """Photo style, category, angles, colour and context. `name` keeps the ids of two such forms apart.

    The composer has styles too, of light and mood: these are called otherwise.
    """
    return rx.el.div(
        _group("Photo style", chips("Photo style", rx.foreach(state.styles, lambda one: _style(state, one)))),
        _group("Angles, several at once", chips("Angles", rx.foreach(state.angles, lambda one: _angle(state, one)))),
        rx.el.div(
            labelled(
                "Category",
                f"{name}-category",
                "",
                rx.el.select(
                    rx.el.option(
                        rx.cond(state.found_category != "", f"{state.found_category}, as described", "As described"),
                        value="",
                    ),
                    rx.foreach(state.categories, lambda one: rx.el.option(one.title, value=one.id)),
                    id=f"{name}-category",
                    class_name="select",
                    value=state.category,
                    on_change=state.choose_category,
                ),
            ),
            _text("Colour", f"{name}-colour", state.colour, state.choose_colour, limits.COLOUR_MAX, "deep blue"),
            _text("Context", f"{name}-context", state.context, state.tell_context, limits.CONTEXT_MAX, "on a linen cloth, by a window"),
            class_name="brief-fields",
        ),
        class_name="brief",
    )


def _group(words: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.span(words, class_name="small muted"), *content, class_name="stack tight")


def _style(state: Any, one: Any) -> rx.Component:
    is_chosen = state.style == one.id
    return chip(one.title, is_pressed=is_chosen, on_click=state.choose_style(one.id), title=one.words)


def _angle(state: Any, one: Any) -> rx.Component:
    return chip(one.title, is_pressed=state.chosen_angles.contains(one.id), on_click=state.toggle_angle(one.id), title=one.words)


def _text(label: str, name: str, value: Any, handler: Any, most: int, example: str) -> rx.Component:
    control = rx.el.input(
        id=name,
        name=name,
        class_name="input",
        default_value=value,
        max_length=most,
        placeholder=example,
        auto_complete="off",
        on_change=handler.debounce(300),
    )
    return labelled(label, name, "", control)
