"""The states of /collections and /collections/{id}: one's own collections, and one of somebody with what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Event
from pixelstudio.features.gallery.collaborators import join, leave_collection, let_see
from pixelstudio.features.gallery.collections import (
    CollectionForm,
    change,
    collection_for,
    collections_of,
    create,
    delete_collection,
    joined_by,
    set_cover,
    take_out,
)
from pixelstudio.features.gallery.events import CollectionChanged, collection_topic
from pixelstudio.features.gallery.folders import way_to
from pixelstudio.features.images import curation
from pixelstudio.ui.collections.moves import Moves, Undo
from pixelstudio.ui.collections.views import CollectionCard, Folder, collection_card, folder_of
from pixelstudio.ui.gallery.walls import Walls
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded
from pixelstudio.ui.throwing import thrown_away

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
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


class CollectionsState(Live, Moves, rx.State):
    """One's own collections, the outermost of them, and those of others that one belongs to."""

    collections: list[CollectionCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    joined: list[CollectionCard] = []  # noqa: RUF012  # as above
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
            page = await collections_of(reader, actor, actor.id, before=self._cursor, inside="")
        self.collections = [*self.collections, *map(collection_card, page.items)]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            page = await collections_of(reader, actor, actor.id, inside="")
            joined = await joined_by(reader, actor)
        self.collections = [collection_card(view) for view in page.items]
        self.joined = [collection_card(view) for view in joined]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, CollectionChanged) for event in events):
            await self._snapshot(studio, actor)


class CollectionState(Walls, Moves, rx.State):
    """One collection as this visitor sees it; somebody else's private one is the same as none."""

    card: CollectionCard = CollectionCard()
    way: list[Folder] = []  # noqa: RUF012  # Reflex copies defaults per state
    """The collections it lies in."""
    inner: list[CollectionCard] = []  # noqa: RUF012  # as above
    """The collections that lie in it."""
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

    @guarded("member", form=CollectionFields)
    async def begin_inside(self, studio: Studio, actor: Actor, *, form: CollectionFields) -> Any:
        """Begin a collection inside this one."""
        async with studio.db.transaction() as tx:
            await create(tx, form_of(form), by=actor, inside=self._asked())
        await self._load(studio, actor)

    @guarded("member")
    async def delete_this(self, studio: Studio, actor: Actor) -> Any:
        """Delete the collection, and go back to one's others."""
        async with studio.db.transaction() as tx:
            await delete_collection(tx, self._asked(), by=actor)
        return rx.redirect("/collections")

    @guarded("member")
    async def join_this(self, studio: Studio, actor: Actor) -> Any:
        """Take the invitation up."""
        async with studio.db.transaction() as tx:
            await join(tx, self._asked(), by=actor)
        await self._load(studio, actor)
        self.notice = NoticeView("note", "You belong to it now. Open a picture of yours and press Collect.")

    @guarded("member")
    async def leave_this(self, studio: Studio, actor: Actor) -> Any:
        """Leave the collection, or decline the invitation."""
        async with studio.db.transaction() as tx:
            await leave_collection(tx, self._asked(), by=actor)
        return rx.redirect("/collections")

    @guarded("member", shows=bool)
    async def show_private(self, studio: Studio, actor: Actor, *, shows: bool) -> Any:
        """Let the people of the collection see one's own private pictures here, or no longer."""
        async with studio.db.transaction() as tx:
            await let_see(tx, self._asked(), shows, by=actor)
        await self._load(studio, actor)

    @guarded("member", image_id=str)
    async def take_out(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Take a picture out of the collection; the page has shown it already, and says how to have it back."""
        async with studio.db.transaction() as tx:
            taken = await take_out(tx, self._asked(), image_id, by=actor)
        if taken is not None:
            self._undo = taken
            self.notice = NoticeView("note", f"Taken out of {taken.title}.", action="Undo")

    @guarded("member", image_id=str)
    async def put_in_front(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Let a picture stand for the collection."""
        async with studio.db.transaction() as tx:
            await set_cover(tx, self._asked(), image_id, by=actor)

    @guarded("member", image_id=str, favourite=bool)
    async def set_favourite(self, studio: Studio, actor: Actor, *, image_id: str, favourite: bool) -> Any:
        """Put an own picture among the favourites, or take it out; the page has shown it already."""
        async with studio.db.transaction() as tx:
            await curation.set_favourite(tx, image_id, favourite, by=actor)

    @guarded("member", image_id=str)
    async def throw_away(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Put an own picture into the trash, off the walls this tab has seen; the page has shown it already, and says how to have it back."""
        async with studio.db.transaction() as tx:
            said = await thrown_away(tx, image_id, by=actor)
        self._undo = image_id
        self.notice = NoticeView("note", said, action="Undo")
        (await self.get_state(LibraryState))._forget({image_id})  # noqa: SLF001  # a public method of a state would be open to browsers

    async def _take_back(self, tx: Transaction, undo: Undo, actor: Actor) -> None:
        await super()._take_back(tx, undo, actor)
        self._tell(again=True)  # nobody is told of a private picture

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
                view = await collection_for(reader, actor, self._asked())
                inner = await collections_of(reader, actor, view.person.id, inside=view.id, limit=100)
                way = await way_to(reader, actor, view.id)
        except NotFound:
            self.card, self.way, self.inner, self.title = CollectionCard(), [], [], NO_TITLE
            return
        self.card, self.title = collection_card(view), f"{view.title} · Pixel Studio"
        self.way, self.inner = [folder_of(step) for step in way], [collection_card(one) for one in inner.items]

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
