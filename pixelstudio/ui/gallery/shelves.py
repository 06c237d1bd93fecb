"""`Shelves`: collecting a picture on its page and from the viewer, and many from the library. Mixed into the states of all their pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.core.limits import PAGE_SIZE_MAX
from pixelstudio.core.text import clean_line
from pixelstudio.features.gallery.collections import (
    COLLECTED_AT_ONCE,
    CollectionForm,
    collections_of,
    create,
    joined_by,
    set_all_collected,
)
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui.formats import pictures
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import CollectionView
    from pixelstudio.studio import Studio


Held = Literal["all", "some", "none"]
SHELVED_MAX: Final = 500
"""So many pictures are collected together."""


@dataclass(frozen=True, slots=True)
class ShelfPlace:
    """A collection pictures can be put into: how many it holds, and how many of those that were asked about."""

    id: str
    title: str
    count: str
    held: Held


@dataclass(frozen=True, slots=True)
class Shelf:
    """One's collections, each saying whether it holds the pictures that were asked about."""

    pictures: list[str] = field(default_factory=list)
    count: str = ""
    """How many they are, in words."""
    places: list[ShelfPlace] = field(default_factory=list)


class BegunFields(TypedDict, total=False):
    """A collection that is begun with pictures, as the browser sends it."""

    shelf_title: str


class Shelves(Notices, rx.State, mixin=True):
    """Mixin of the states of walls, of Create and of a picture's page."""

    shelf: Shelf = Shelf()

    @guarded("member", image_ids=list[str])
    async def open_shelf(self, studio: Studio, actor: Actor, *, image_ids: list[str]) -> Any:
        """One's collections, and whether each holds these pictures; nothing for none, when it is closed."""
        async with studio.db.reader() as reader:
            self.shelf = await shelf_of(reader, actor, image_ids)

    @guarded("member", collection_id=str, image_ids=list[str], held=bool)
    async def collect(self, studio: Studio, actor: Actor, *, collection_id: str, image_ids: list[str], held: bool) -> Any:
        """Put pictures into a collection, or take them out; who closes the sheet then reads which it was."""
        await _collected(studio, actor, collection_id, image_ids, is_in=held)
        async with studio.db.reader() as reader:
            self.shelf = await shelf_of(reader, actor, image_ids)
        for place in self.shelf.places:
            if place.id == collection_id:
                self.notice = _collected_in(place.title, place.id) if held else NoticeView("note", f"Taken out of {place.title}.")

    @guarded("member", form=BegunFields, image_ids=list[str])
    async def collect_anew(self, studio: Studio, actor: Actor, *, form: BegunFields, image_ids: list[str]) -> Any:
        """Begin a collection with pictures."""
        _ensure_few(image_ids)
        title = clean_line(form.get("shelf_title", ""))
        async with studio.db.transaction() as tx:
            collection_id = await create(tx, CollectionForm(title=title), by=actor)
            await set_all_collected(tx, collection_id, image_ids[:COLLECTED_AT_ONCE], is_in=True, by=actor)
        if len(image_ids) > COLLECTED_AT_ONCE:
            await _collected(studio, actor, collection_id, image_ids[COLLECTED_AT_ONCE:], is_in=True)
        self.notice = _collected_in(title, collection_id)


def _collected_in(title: str, collection_id: str) -> NoticeView:
    return NoticeView("note", f"Collected in {title}.", way="See the collection", href=f"/collections/{collection_id}")


async def shelf_of(reader: Reader, actor: Actor, image_ids: Sequence[str]) -> Shelf:
    """The shelf for those of these pictures that the actor may see; an empty one for none. Raises `Invalid` for too many."""
    _ensure_few(image_ids)
    seen = await images_by_id(reader, actor, image_ids)
    known = [image_id for image_id in image_ids if image_id in seen]
    if not known:
        return Shelf()
    own = (await collections_of(reader, actor, actor.id, limit=PAGE_SIZE_MAX, about=known)).items
    joined = [view for view in await joined_by(reader, actor, about=known) if view.part == "joined"]
    return Shelf(known, pictures(len(known)), [_place(view, len(known)) for view in (*own, *joined)])


def _place(view: CollectionView, asked: int) -> ShelfPlace:
    held: Held = "all" if view.holds == asked else "some" if view.holds else "none"
    return ShelfPlace(view.id, view.title, f"{view.holds} of these" if held == "some" else pictures(view.count), held)


async def _collected(studio: Studio, actor: Actor, collection_id: str, image_ids: Sequence[str], *, is_in: bool) -> None:
    """A bounded number in each commit."""
    _ensure_few(image_ids)
    for first in range(0, max(1, len(image_ids)), COLLECTED_AT_ONCE):
        async with studio.db.transaction() as tx:
            await set_all_collected(tx, collection_id, image_ids[first : first + COLLECTED_AT_ONCE], is_in, by=actor)


def _ensure_few(image_ids: Sequence[str]) -> None:
    if len(image_ids) > SHELVED_MAX:
        raise Invalid(f"At most {SHELVED_MAX} pictures are collected together. Choose fewer.", code="shelf_too_many")
