"""The state of /library: what has changed on the walls this page shows, and what the person does to many pictures at once.

The pictures themselves are read by the page from `/api/library`: a list in a state is sent again whole for every page added to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.gallery.posts import SHOWN_AT_ONCE, Before, Reshown, hide_many, publish_many, put_back
from pixelstudio.features.generation.events import PictureDrawn
from pixelstudio.features.images.curation import AT_ONCE, Changed, Chosen, forget, restore, set_favourite, throw_away
from pixelstudio.features.images.events import ImageDeleted, ImageFavourited, ImageForgotten, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.filters import PictureFilter, filter_of
from pixelstudio.features.images.library import are_wanted, ids_in
from pixelstudio.ui.formats import called, pictures
from pixelstudio.ui.gallery.shelves import SHELVED_MAX, Shelves, shelf_of
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.places import NEWEST_SHOWN
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

Act = Literal["favourite", "unfavourite", "publish", "hide", "trash", "restore", "forget"]
Command = Callable[["Transaction", Chosen, "Actor", "Shared"], Awaitable[Changed]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What pictures that are published together share; a `rating` of "" leaves each as it is."""

    tags: str = ""
    rating: str = ""


_NOTHING: Final = Shared()
_COMMANDS: Final[dict[str, Command]] = {
    "favourite": lambda tx, chosen, by, _: set_favourite(tx, chosen, favourite=True, by=by),
    "unfavourite": lambda tx, chosen, by, _: set_favourite(tx, chosen, favourite=False, by=by),
    "publish": lambda tx, chosen, by, shared: publish_many(tx, chosen, shared.tags, shared.rating, by=by),
    "hide": lambda tx, chosen, by, _: hide_many(tx, chosen, by=by),
    "trash": lambda tx, chosen, by, _: throw_away(tx, chosen, by=by),
    "restore": lambda tx, chosen, by, _: restore(tx, chosen, by=by),
    "forget": lambda tx, chosen, by, _: forget(tx, chosen, by=by),
}
# What shows pictures otherwise is undone by how each was shown before.
_UNDONE_BY: Final[dict[str, Act]] = {
    "favourite": "unfavourite",
    "unfavourite": "favourite",
    "trash": "restore",
    "restore": "trash",
}
_SAID: Final = {
    "favourite": "{} among your favourites.",
    "unfavourite": "{} no longer among your favourites.",
    "publish": "{} in the gallery, for everybody.",
    "hide": "{} private again.",
    "trash": "{} in the trash.",
    "restore": "{} back in your library.",
    "forget": "{} deleted for ever.",
}
# Where what was changed hangs now, and the words that lead there.
_WAYS: Final = {
    "publish": NEWEST_SHOWN,
    "restore": ("My pictures", "/library"),
}
_SHOWN_AS_BEFORE: Final = "{} shown as before."
_UNDO_MAX: Final = 20 * AT_ONCE
"""What a state remembers for Undo, in pictures: half a megabyte of ids."""
_CHANGES_MAX: Final = 100
"""More changes than these are told as one: look again."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the page last looked, by id. With `again` it has to look at everything again."""

    number: int = 0
    gone: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    again: bool = False


class LibraryState(Live, Shelves, rx.State):
    """What has changed, and what is done to many."""

    news: News = News()
    is_loaded: bool = False

    _undo: tuple[Act, list[str]] | dict[str, Before] | None = None

    @guarded("member", what=Act, image_ids=list[str], wanted=dict[str, str], tags=str, rating=str)
    async def curate(
        self, studio: Studio, actor: Actor, *, what: Act, image_ids: list[str], wanted: dict[str, str], tags: str = "", rating: str = ""
    ) -> Any:
        """Do something to these own pictures; or, with `wanted` (the library's address), to all it finds except these.

        `tags` and `rating` are for those that are published.
        """
        chosen: Chosen = _found_by(studio, wanted, image_ids) if wanted else image_ids
        changed, before = await _all_changed(studio, actor, what, chosen, Shared(tags, rating))
        undone_by = _UNDONE_BY.get(what)
        undo = before or ((undone_by, changed) if undone_by and changed else None)
        self._undo = undo if len(changed) <= _UNDO_MAX else None
        subject = await _subject(studio, actor, what, changed)
        way, href = _WAYS.get(what, ("", "")) if changed else ("", "")
        action = "Undo" if self._undo else ""
        self.notice = NoticeView("note", _SAID[what].format(subject), action=action, way=way, href=href)

    @guarded("member", wanted=dict[str, str], excepted=list[str])
    async def open_shelf_found(self, studio: Studio, actor: Actor, *, wanted: dict[str, str], excepted: list[str]) -> Any:
        """The shelf for all own pictures that `wanted` (the library's address) finds, except these."""
        found = _found_by(studio, wanted, excepted)
        async with studio.db.reader() as reader:
            self.shelf = await shelf_of(reader, actor, await ids_in(reader, actor, found, SHELVED_MAX + 1))

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Take the last act back, for the very pictures it changed."""
        undo, self._undo = self._undo, None
        if undo is None:
            self.notice = None
            return
        if isinstance(undo, dict):
            self.notice = NoticeView("note", _SHOWN_AS_BEFORE.format(_counted(await _all_put_back(studio, actor, undo))))
            return
        what, image_ids = undo
        changed = [image_id for part in _parts(image_ids, AT_ONCE) for image_id in (await _all_changed(studio, actor, what, part))[0]]
        self.notice = NoticeView("note", _SAID[what].format(await _subject(studio, actor, what, changed)))

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        del studio, actor
        self._tell(News(again=True))
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        del studio, actor
        gone = [event.image_id for event in events if isinstance(event, ImageForgotten)]
        moved = [event.image_id for event in events if isinstance(event, _MOVES)]
        if len(gone) + len(moved) > _CHANGES_MAX:
            self._tell(News(again=True))
        elif gone or moved:
            self._tell(News(gone=gone, moved=moved))

    def _forget(self, gone: Collection[str]) -> None:
        """Take pictures off the walls this tab has seen."""
        self._tell(News(gone=list(gone)))

    def _tell(self, news: News) -> None:
        self.news = News(self.news.number + 1, news.gone, news.moved, news.again)


_MOVES: Final = (PictureDrawn, ImageDeleted, ImageRestored, ImageFavourited, ImageVisibilityChanged)


def _found_by(studio: Studio, wanted: dict[str, str], excepted: list[str]) -> PictureFilter:
    """All that the library's address finds, except these."""
    return filter_of({**wanted, "except": ",".join(excepted)}, studio.providers.titles())


async def _all_changed(
    studio: Studio, actor: Actor, what: Act, chosen: Chosen, shared: Shared = _NOTHING
) -> tuple[list[str], dict[str, Before]]:
    """Everything chosen, a bounded number in each commit; and how it was shown before, where that changed."""
    changed: list[str] = []
    before: dict[str, Before] = {}
    has_more = True
    while has_more:
        async with studio.db.transaction() as tx:
            step = await _COMMANDS[what](tx, chosen, actor, shared)
        changed += step.image_ids
        before.update(step.before if isinstance(step, Reshown) else {})
        has_more = step.has_more
    return changed, before


async def _all_put_back(studio: Studio, actor: Actor, before: dict[str, Before]) -> int:
    changed = 0
    for part in _parts(list(before), SHOWN_AT_ONCE):
        async with studio.db.transaction() as tx:
            changed += len((await put_back(tx, {image_id: before[image_id] for image_id in part}, by=actor)).image_ids)
    return changed


def _parts(image_ids: list[str], at_once: int) -> list[list[str]]:
    return [image_ids[first : first + at_once] for first in range(0, len(image_ids), at_once)]


async def _subject(studio: Studio, actor: Actor, what: Act, image_ids: list[str]) -> str:
    """How many, or one picture by its title or the beginning of its sentence, as its wall shows it: whoever pressed for another one sees it.
    What is gone has no name.
    """
    if len(image_ids) != 1:
        return _counted(len(image_ids))
    place = PictureFilter(place="trash" if what == "trash" else "wall")
    async with studio.db.reader() as reader:
        found = await are_wanted(reader, actor, place, image_ids)
    return f"{called(found[0].title or found[0].prompt)} is" if found else _counted(1)


def _counted(count: int) -> str:
    return f"{pictures(count)} {'is' if count == 1 else 'are'}"
