"""A wall of what everybody may see, as a component of its own (`assets/gallery/`), with its icons."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.icon import IconName
from pixelstudio.ui.components.strokes import STROKES
from pixelstudio.ui.gallery.walls import WallNews, Walls

_ICONS: Final[tuple[IconName, ...]] = (
    "arrow-up",
    "bookmark",
    "check",
    "chevron-left",
    "chevron-right",
    "compass",
    "globe",
    "image",
    "heart",
    "image-off",
    "images",
    "info",
    "maximize",
    "message-circle",
    "minimize",
    "search",
    "sliders-horizontal",
    "x",
    "zoom-in",
    "zoom-out",
)


def _liked(image_id: rx.Var[str], liked: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (image_id, liked)


def _weighed(fresh: rx.Var[int], popular: rx.Var[int], novel: rx.Var[int], following: rx.Var[int]) -> tuple[rx.Var[int], ...]:
    return (fresh, popular, novel, following)


def _kept(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


def _named(image_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (image_id,)


class Gallery(rx.Component):
    """Head with its controls, wall and viewer. `source` is where its pictures come from, `path` the page's own address."""

    library = "$/public/gallery/gallery.js"
    tag = "Gallery"
    is_default = False

    news: rx.Var[WallNews]
    icons: rx.Var[dict[str, str]]
    source: rx.Var[str]
    path: rx.Var[str]
    label: rx.Var[str]
    title: rx.Var[str]
    sorts: rx.Var[bool]
    searches: rx.Var[Any]
    empty: rx.Var[dict[str, str]]
    is_member: rx.Var[bool]
    is_mine: rx.Var[bool]
    """Whether what hangs here may be taken out by whoever looks, and stand for the whole."""
    weights: rx.Var[Any]
    """What counts on one's own order; without, there is none to choose."""
    on_weigh: rx.EventHandler[_weighed]
    on_keep: rx.EventHandler[_kept]
    """Keeps what is searched for, under a name."""
    on_like: rx.EventHandler[_liked]
    on_take_out: rx.EventHandler[_named]
    on_front: rx.EventHandler[_named]


def gallery(state: type[Walls], *children: Any, source: Any, path: Any, label: str, empty: dict[str, Any], **controls: Any) -> rx.Component:
    """The wall of a page. `empty` says what stands where nothing hangs: title, words, and perhaps act and href."""
    icons = {name: "".join(STROKES[name]) for name in _ICONS}
    shown: dict[str, Any] = {"news": state.news, "is_member": state.is_member, "icons": icons, "empty": empty}
    return Gallery.create(*children, source=source, path=path, label=label, on_like=state.like, **shown, **controls)
