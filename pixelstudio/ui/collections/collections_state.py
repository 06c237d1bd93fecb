"""The states of /collections and /collections/{id}: one's own collections, and one of somebody with what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Event
from pixelstudio.features.gallery.collections import (
    CollectionForm,
    change,
    collection_for,
    collections_of,
    create,
    delete_collection,
    set_collected,
    set_cover,
)
from pixelstudio.features.gallery.events import CollectionChanged, collection_topic
from pixelstudio.ui.collections.views import CollectionCard, collection_card
from pixelstudio.ui.gallery.walls import Walls
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

NO_TITLE = "Collection · Pixel Studio"


class CollectionFields(TypedDict, total=False):
    """The form of a collection as the browser sends it."""

    collection_title: str
    collection_description: str
    collection_visibility: str


def form_of(fields: CollectionFields) -> CollectionForm:
    """What the form says."""
    return CollectionForm(
        title=fields.get("collection_title", ""),
        description=fields.get("collection_description", ""),
        visibility=fields.get("collection_visibility", "private"),
    )


class CollectionsState(Live, rx.State):
    """One's own collections."""

    collections: list[CollectionCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    is_loaded: bool = False
    has_more: bool = False

    _cursor: str = ""

    @guarded("member", form=CollectionFields)
    async def begin_collection(self, studio: Studio, actor: Actor, *, form: CollectionFields) -> Any:
        """Begin a collection, and go to it."""
        async with studio.db.transaction() as tx:
            await create(tx, form_of(form), by=actor)
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "Your collection is there. Open a picture and press Collect.")

    @guarded("member")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page."""
        async with studio.db.reader() as reader:
            page = await collections_of(reader, actor, actor.id, before=self._cursor)
        self.collections = [*self.collections, *map(collection_card, page.items)]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            page = await collections_of(reader, actor, actor.id)
        self.collections = [collection_card(view) for view in page.items]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, CollectionChanged) for event in events):
            await self._snapshot(studio, actor)


class CollectionState(Walls, rx.State):
    """One collection as this visitor sees it; somebody else's private one is the same as none."""

    card: CollectionCard = CollectionCard()
    title: str = NO_TITLE
    """Of the browser's tab."""

    @rx.var
    def source(self) -> str:
        """Where the wall's pictures come from; "" while there is no collection."""
        return f"/api/gallery/collections/{self.card.id}" if self.card.id else ""

    @rx.var
    def path(self) -> str:
        """The page's own address."""
        return f"/collections/{self.card.id}"

    @guarded("member", form=CollectionFields)
    async def change_collection(self, studio: Studio, actor: Actor, *, form: CollectionFields) -> Any:
        """Take over title, words and who sees it."""
        async with studio.db.transaction() as tx:
            await change(tx, self._asked(), form_of(form), by=actor)
        await self._load(studio, actor)
        self.notice = NoticeView("note", "Your collection is saved.")

    @guarded("member")
    async def delete_this(self, studio: Studio, actor: Actor) -> Any:
        """Delete the collection, and go back to one's others."""
        async with studio.db.transaction() as tx:
            await delete_collection(tx, self._asked(), by=actor)
        return rx.redirect("/collections")

    @guarded("member", image_id=str)
    async def take_out(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Take a picture out of the collection."""
        async with studio.db.transaction() as tx:
            await set_collected(tx, self._asked(), image_id, is_in=False, by=actor)

    @guarded("member", image_id=str)
    async def put_in_front(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Let a picture stand for the collection."""
        async with studio.db.transaction() as tx:
            await set_cover(tx, self._asked(), image_id, by=actor)

    def _topics(self) -> tuple[str, ...]:
        return (*super()._topics(), collection_topic(self._asked()))

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        await self._load(studio, actor)
        await super()._snapshot(studio, actor)

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        if any(isinstance(event, CollectionChanged) for event in events):
            await self._load(studio, actor)
            self._tell(again=True)
        await super()._apply(studio, actor, events)

    async def _load(self, studio: Studio, actor: Actor | None) -> None:
        try:
            async with studio.db.reader() as reader:
                self.card = collection_card(await collection_for(reader, actor, self._asked()))
            self.title = f"{self.card.title} · Pixel Studio"
        except NotFound:
            self.card, self.title = CollectionCard(), NO_TITLE

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
