"""`Moves`: laying one collection into another, by a drop or from a list, with a way back; the same way back puts in again what was taken out.

Shared by /collections and /collections/{id}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import reflex as rx

from pixelstudio.features.gallery.collections import TakenOut, put_back
from pixelstudio.features.gallery.folders import move, places_for
from pixelstudio.features.images.curation import restore
from pixelstudio.ui.collections.views import Folder, folder_of
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

Undo: TypeAlias = tuple[str, str] | TakenOut | str
"""A collection and where it lay, a picture and where it hung, or a picture that is in the trash."""


class Moves(Notices, rx.State, mixin=True):
    """Mixin of the states whose pages show collections that can be moved."""

    moving: str = ""
    """The collection whose places are listed."""
    places: list[Folder] = []  # noqa: RUF012  # Reflex copies defaults per state

    _undo: Undo | None = None

    @guarded("member", collection_id=str)
    async def list_places(self, studio: Studio, actor: Actor, *, collection_id: str) -> Any:
        """The own collections one of them may be laid into."""
        async with studio.db.reader() as reader:
            self.places = [folder_of(place) for place in await places_for(reader, actor, collection_id)]
        self.moving = collection_id

    @guarded("member", collection_id=str, into=str)
    async def move_to(self, studio: Studio, actor: Actor, *, collection_id: str, into: str) -> Any:
        """Lay an own collection into another one, or with "" beside the outermost."""
        async with studio.db.transaction() as tx:
            before = await move(tx, collection_id, into, by=actor)
        if before != into:
            self._undo = (collection_id, before)
            self.notice = NoticeView("note", "Moved.", action="Undo")

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Lay back what was moved last, or put back what was taken out or thrown away."""
        undo, self._undo, self.notice = self._undo, None, None
        if undo is None:
            return
        async with studio.db.transaction() as tx:
            await self._take_back(tx, undo, actor)

    async def _take_back(self, tx: Transaction, undo: Undo, actor: Actor) -> None:
        if isinstance(undo, TakenOut):
            await put_back(tx, undo, by=actor)
        elif isinstance(undo, tuple):
            await move(tx, *undo, by=actor)
        else:
            await restore(tx, undo, by=actor)
