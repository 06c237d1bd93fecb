"""A wall of what everybody may see, as a component of its own (`assets/gallery/`), with its icons."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.icon import IconName, strokes_of
from pixelstudio.ui.gallery.collecting import collect_sheet
from pixelstudio.ui.gallery.walls import WallNews, Walls
from pixelstudio.ui.notices import NoticeView

_VIEWER_ICONS: Final[tuple[IconName, ...]] = (
    "blend",
    "bookmark",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-x",
    "maximize",
    "minimize",
    "pause",
    "play",
    "star",
    "x",
    "zoom-in",
    "zoom-out",
)
HELD_ICONS: Final[tuple[IconName, ...]] = (*_VIEWER_ICONS, "download", "repeat-2", "trash-2", "wand-sparkles")
"""Of the viewer over one's own pictures."""
WALL_ICONS: Final[tuple[IconName, ...]] = (*_VIEWER_ICONS, "arrow-up", "check", "globe", "heart", "image-off", "images", "search")
"""Of every wall, and of the viewer over it."""
_ICONS: Final[tuple[IconName, ...]] = (
    *WALL_ICONS,
    "compass",
    "download",
    "image",
    "info",
    "message-circle",
    "palette",
    "pencil",
    "repeat-2",
    "sliders-horizontal",
    "trash-2",
)


LIKE_HINT: Final = "Like: its maker is told, and everybody sees how many do"
"""What a heart does, beside it."""


def _liked(image_id: rx.Var[str], liked: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (image_id, liked)


def _favoured(image_id: rx.Var[str], favourite: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (image_id, favourite)


def _weighed(fresh: rx.Var[int], popular: rx.Var[int], novel: rx.Var[int], following: rx.Var[int]) -> tuple[rx.Var[int], ...]:
    return (fresh, popular, novel, following)


def _kept(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


def named(image_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What is sent of one picture."""
    return (image_id,)


def shelved(image_ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    """What is sent of pictures to be collected."""
    return (image_ids,)


def _judged(
    image_id: rx.Var[str], loved: rx.Var[bool], verdict: rx.Var[str], words: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[bool], rx.Var[str], rx.Var[str]]:
    return (image_id, loved, verdict, words)


class _Gallery(rx.Component):
    """A wall and its viewer. `source` is where its pictures come from, `path` the page's own address."""

    is_default = False

    news: rx.Var[WallNews]
    icons: rx.Var[dict[str, str]]
    source: rx.Var[str]
    path: rx.Var[str]
    label: rx.Var[str]
    empty: rx.Var[dict[str, str]]
    notice: rx.Var[NoticeView | None]
    """What the page says, said over the viewer too."""


class Gallery(_Gallery):
    """The same under a head with its controls."""

    library = "$/public/gallery/gallery.js"
    tag = "Gallery"

    title: rx.Var[str]
    sorts: rx.Var[bool]
    searches: rx.Var[Any]
    is_member: rx.Var[bool]
    is_mine: rx.Var[bool]
    """Whether what hangs here may be taken out by whoever looks, and stand for the whole."""
    is_joined: rx.Var[bool]
    """Whether whoever looks may take out what is their own."""
    marks: rx.Var[dict[str, list[int]]]
    """What guests made of pictures: loved, approved, changes asked for, so many times each."""
    on_shelf: rx.EventHandler[shelved]
    drops_unliked: rx.Var[bool]
    """Whether what is no longer liked leaves the wall."""
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    """What the button of a notice does."""
    weights: rx.Var[Any]
    """What counts on one's own order; without, there is none to choose."""
    on_weigh: rx.EventHandler[_weighed]
    on_keep: rx.EventHandler[_kept]
    """Keeps what is searched for, under a name."""
    on_like: rx.EventHandler[_liked]
    like_hint: rx.Var[str]
    on_favour: rx.EventHandler[_favoured]
    """With the next one: what is done to one's own here too."""
    on_throw_away: rx.EventHandler[named]
    on_take_out: rx.EventHandler[named]
    on_front: rx.EventHandler[named]


class SharedGallery(_Gallery):
    """The same for guests, who may be asked for their opinion of each picture."""

    library = "$/public/gallery/proofing.js"
    tag = "SharedGallery"

    is_proofing: rx.Var[bool]
    guest: rx.Var[str]
    """What they call themselves."""
    proofs: rx.Var[dict[str, Any]]
    """What this one thinks, by picture."""
    on_guest: rx.EventHandler[named]
    on_judge: rx.EventHandler[_judged]


def gallery(state: type[Walls], *children: Any, source: Any, path: Any, label: str, empty: Any, **controls: Any) -> rx.Component:
    """The wall of a page, and the sheet of Collect. `empty` says what stands where nothing hangs: title, words, and perhaps `act` and `href`,
    and `other_act` and `other_href`.
    """
    shown: dict[str, Any] = {
        "news": state.news,
        "notice": state.notice,
        "is_member": state.is_member,
        "icons": strokes_of(_ICONS),
        "like_hint": LIKE_HINT,
        "empty": empty,
    }
    done: dict[str, Any] = {"on_like": state.like, "on_shelf": state.open_shelf}
    return rx.fragment(
        Gallery.create(*children, source=source, path=path, label=label, **shown, **done, **controls),
        collect_sheet(state),
    )


def shared_gallery(state: Any, *, empty: dict[str, Any]) -> rx.Component:
    """The wall of a page for guests, who have no account and like nothing; where they are asked, they say what they think."""
    told: dict[str, Any] = {"news": state.news, "notice": state.notice, "icons": strokes_of(_ICONS), "empty": empty}
    proofing: dict[str, Any] = {"is_proofing": state.shared.is_proofing, "guest": state.guest, "proofs": state.proofs}
    done: dict[str, Any] = {"on_guest": state.say_who, "on_judge": state.judge}
    return SharedGallery.create(source=state.source, path=state.path, label="Pictures", **told, **proofing, **done)
