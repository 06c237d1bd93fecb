"""Elements of /create that are its own: what the browser does alone, and the face of a choice with pictures in it."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from pixelstudio.ui.create.views import SetCard
from pixelstudio.ui.notices import NoticeView


def _one(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


def _two(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (first, second)


def _several(names: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (names,)


def _fields(said: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (said,)


def _named_fields(name: rx.Var[str], form: rx.Var[dict[str, str]]) -> tuple[rx.Var[str], rx.Var[dict[str, str]]]:
    return (name, form)


class Desk(rx.Component):
    """Listens to the page: drops on the composer, the seed's lock, what is typed, and what is to be kept as a preset.

    Another `recipe` is looked at as if it had been typed.
    """

    library = "$/public/create.js"
    tag = "Desk"
    is_default = False

    recipe: rx.Var[str]
    on_reuse_picture: rx.EventHandler[_one]
    on_reuse_file: rx.EventHandler[_fields]
    on_enhance: rx.EventHandler[_fields]
    on_consider: rx.EventHandler[_fields]
    on_suit: rx.EventHandler[_two]
    on_save: rx.EventHandler[_named_fields]


desk = Desk.create


class Pictures(rx.Component):
    """What is done with the pictures of the sets, in their menu, which is its child, and in the viewer over the page."""

    library = "$/public/create/pictures.js"
    tag = "Pictures"
    is_default = False

    sets: rx.Var[list[SetCard]]
    favourites: rx.Var[dict[str, bool]]
    notice: rx.Var[NoticeView | None]
    icons: rx.Var[dict[str, str]]
    on_vary: rx.EventHandler[_two]
    on_reuse_picture: rx.EventHandler[_one]
    on_favour: rx.EventHandler[_one]
    on_throw_away: rx.EventHandler[_one]
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    on_shelf: rx.EventHandler[_several]


pictures = Pictures.create


class MaskPainter(rx.Component):
    """Around the tools of a mask: paints over the picture to go by, and puts the mask's id into the composer."""

    library = "$/public/mask.js"
    tag = "MaskPainter"
    is_default = False


mask_painter = MaskPainter.create


class SelectedContent(BaseHTML):
    """In the button of a `select`: what the chosen option shows. Browsers that do not know it show the option's text."""

    tag = "selectedcontent"


def rich_select(label: str, name: str, *options: Any, class_name: str, **props: Any) -> rx.Component:
    """A choice whose options hold pictures. The native control, so a browser that cannot draw them shows a plain list."""
    face = rx.el.button(SelectedContent.create(), type="button")
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(face, *options, name=name, aria_label=label, class_name="rich", **props),
        class_name=f"pick {class_name}",
    )
