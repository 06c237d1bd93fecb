"""`SavedSearches`: one's own searches beside /search: kept under a name, told of, deleted with the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.features.gallery.searches import SavedSearchView, forget_search, save_search, searches_of, tell_of
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class SearchFields(TypedDict, total=False):
    """A search to keep, and its name."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One search."""

    id: str
    name: str
    href: str
    is_told: bool


class SavedSearches(Notices, rx.State):
    """The searches as they stand; the record of them is the database."""

    searches: list[SearchLine] = []  # noqa: RUF012  # Reflex copies defaults per state
    is_member: bool = False

    _deleted: SavedSearchView | None = None

    @guarded("anyone")
    async def list_searches(self, studio: Studio, actor: Actor | None) -> Any:
        """Show the searches of a member."""
        self.searches, self.is_member, self._deleted = [], actor is not None and not actor.is_guest, None
        if actor is not None and self.is_member:
            await self._list(studio, actor)

    @guarded("member", form=SearchFields)
    async def save(self, studio: Studio, actor: Actor, *, form: SearchFields) -> Any:
        """Keep what is searched for."""
        async with studio.db.transaction() as tx:
            view = await save_search(tx, form.get("name", ""), form.get("words", ""), by=actor)
        await self._list(studio, actor)
        self.notice = NoticeView("note", f"Kept as {view.name}.")

    @guarded("member", search_id=str, told=bool)
    async def set_told(self, studio: Studio, actor: Actor, *, search_id: str, told: bool) -> Any:
        """Be told when something new matches, or not."""
        async with studio.db.transaction() as tx:
            await tell_of(tx, search_id, told, by=actor)
        await self._list(studio, actor)

    @guarded("member", search_id=str)
    async def delete(self, studio: Studio, actor: Actor, *, search_id: str) -> Any:
        """Delete a search."""
        async with studio.db.transaction() as tx:
            self._deleted = await forget_search(tx, search_id, by=actor)
        await self._list(studio, actor)
        self.notice = NoticeView("note", f"{self._deleted.name} is deleted.", "search_deleted", action="Undo")

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Keep the search again that was deleted last."""
        self.notice = None
        if self._deleted is None:
            return
        again, self._deleted = self._deleted, None
        async with studio.db.transaction() as tx:
            await save_search(tx, again.name, again.words, by=actor, is_told=again.is_told)
        await self._list(studio, actor)

    async def _list(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            views = await searches_of(reader, actor)
        self.searches = [SearchLine(view.id, view.name, f"/search?{urlencode({'q': view.words})}", view.is_told) for view in views]
