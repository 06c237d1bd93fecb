"""`Shelves`: collecting a picture, on its page and from the viewer of a wall. Mixed into the states of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.limits import PAGE_SIZE_MAX
from pixelstudio.core.text import clean_line
from pixelstudio.features.gallery.collections import CollectionForm, collections_of, create, joined_by, set_collected
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui.formats import pictures
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class ShelfPlace:
    """A collection a picture can be put into."""

    id: str
    title: str
    count: str
    holds_picture: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One's collections, each saying whether it holds the picture that was asked about."""

    picture: str = ""
    places: list[ShelfPlace] = field(default_factory=list)


class BegunFields(TypedDict, total=False):
    """A collection that is begun with a picture, as the browser sends it."""

    picture: str
    shelf_title: str


class Shelves(Notices, rx.State, mixin=True):
    """Mixin of the states of walls and of a picture's page."""

    shelf: Shelf = Shelf()

    @guarded("member", which=str)
    async def open_shelf(self, studio: Studio, actor: Actor, *, which: str) -> Any:
        """One's collections, and whether each holds this picture; none for "", when it is closed."""
        async with studio.db.reader() as reader:
            self.shelf = await _shelf(reader, actor, which) if which else Shelf()

    @guarded("member", collection_id=str, image_id=str, held=bool)
    async def collect(self, studio: Studio, actor: Actor, *, collection_id: str, image_id: str, held: bool) -> Any:
        """Put a picture into a collection, or take it out."""
        async with studio.db.transaction() as tx:
            await set_collected(tx, collection_id, image_id, held, by=actor)
            self.shelf = await _shelf(tx, actor, image_id)

    @guarded("member", form=BegunFields)
    async def collect_anew(self, studio: Studio, actor: Actor, *, form: BegunFields) -> Any:
        """Begin a collection with a picture."""
        title = clean_line(form.get("shelf_title", ""))
        async with studio.db.transaction() as tx:
            collection_id = await create(tx, CollectionForm(title=title), by=actor)
            await set_collected(tx, collection_id, form.get("picture", ""), is_in=True, by=actor)
        self.notice = NoticeView("note", f"Collected in {title}.", way="See the collection", href=f"/collections/{collection_id}")


async def _shelf(reader: Reader, actor: Actor, image_id: str) -> Shelf:
    """An empty one for a picture the actor may not see, as for one that is not there."""
    if not await images_by_id(reader, actor, [image_id]):
        return Shelf()
    own = (await collections_of(reader, actor, actor.id, limit=PAGE_SIZE_MAX, about=image_id)).items
    joined = [view for view in await joined_by(reader, actor, about=image_id) if view.part == "joined"]
    return Shelf(image_id, [ShelfPlace(view.id, view.title, pictures(view.count), view.holds_picture) for view in (*own, *joined)])
