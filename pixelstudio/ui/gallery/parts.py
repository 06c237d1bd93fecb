"""A wall of what everybody may see, as a component of its own (`assets/gallery/`), with its icons."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.icon import IconName
from pixelstudio.ui.components.strokes import STROKES
from pixelstudio.ui.gallery.shelves import Shelf
from pixelstudio.ui.gallery.walls import WallNews, Walls
from pixelstudio.ui.notices import NoticeView

_ICONS: Final[tuple[IconName, ...]] = (
    "arrow-up",
    "blend",
    "bookmark",
    "pause",
    "play",
    "plus",
    "check",
    "circle-check",
    "pencil",
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
    "palette",
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


def named(image_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What is sent of one picture."""
    return (image_id,)


def collected(collection_id: rx.Var[str], image_id: rx.Var[str], held: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[str], rx.Var[bool]]:
    """What is sent when a picture is put into a collection."""
    return (collection_id, image_id, held)


def _judged(
    image_id: rx.Var[str], loved: rx.Var[bool], verdict: rx.Var[str], words: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[bool], rx.Var[str], rx.Var[str]]:
    return (image_id, loved, verdict, words)


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
    is_joined: rx.Var[bool]
    """Whether whoever looks may take out what is their own."""
    marks: rx.Var[dict[str, list[int]]]
    """What guests made of pictures: loved, approved, changes asked for, so many times each."""
    shelf: rx.Var[Shelf]
    on_shelf: rx.EventHandler[named]
    on_collect: rx.EventHandler[collected]
    drops_unliked: rx.Var[bool]
    """Whether what is no longer liked leaves the wall."""
    notice: rx.Var[NoticeView | None]
    """What the page says, said over the viewer too; `on_undo` is what its button does."""
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    weights: rx.Var[Any]
    """What counts on one's own order; without, there is none to choose."""
    on_weigh: rx.EventHandler[_weighed]
    on_keep: rx.EventHandler[_kept]
    """Keeps what is searched for, under a name."""
    on_like: rx.EventHandler[_liked]
    on_take_out: rx.EventHandler[named]
    on_front: rx.EventHandler[named]


class SharedGallery(rx.Component):
    """The same for guests, who may be asked for their opinion of each picture."""

    library = "$/public/gallery/proofing.js"
    tag = "SharedGallery"
    is_default = False

    news: rx.Var[WallNews]
    icons: rx.Var[dict[str, str]]
    source: rx.Var[str]
    path: rx.Var[str]
    label: rx.Var[str]
    empty: rx.Var[dict[str, str]]
    notice: rx.Var[NoticeView | None]
    is_proofing: rx.Var[bool]
    guest: rx.Var[str]
    """What they call themselves."""
    proofs: rx.Var[dict[str, Any]]
    """What this one thinks, by picture."""
    on_guest: rx.EventHandler[named]
    on_judge: rx.EventHandler[_judged]


def gallery(state: type[Walls], *children: Any, source: Any, path: Any, label: str, empty: dict[str, Any], **controls: Any) -> rx.Component:
    """The wall of a page. `empty` says what stands where nothing hangs: title, words, and perhaps act and href."""
    shown: dict[str, Any] = {"news": state.news, "notice": state.notice, "is_member": state.is_member, "icons": _icons(), "empty": empty}
    collecting: dict[str, Any] = {"shelf": state.shelf, "on_shelf": state.open_shelf, "on_collect": state.collect}
    return Gallery.create(*children, source=source, path=path, label=label, on_like=state.like, **shown, **collecting, **controls)


def shared_gallery(state: Any, *, empty: dict[str, Any]) -> rx.Component:
    """The wall of a page for guests, who have no account and like nothing; where they are asked, they say what they think."""
    told: dict[str, Any] = {"news": state.news, "notice": state.notice, "icons": _icons(), "empty": empty}
    proofing: dict[str, Any] = {"is_proofing": state.shared.is_proofing, "guest": state.guest, "proofs": state.proofs}
    done: dict[str, Any] = {"on_guest": state.say_who, "on_judge": state.judge}
    return SharedGallery.create(source=state.source, path=state.path, label="Pictures", **told, **proofing, **done)


def _icons() -> dict[str, str]:
    return {name: "".join(STROKES[name]) for name in _ICONS}
