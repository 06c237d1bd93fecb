"""`Unread`: how many lines of one's inbox are not read, for the rail of every page; heard while the page is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.notifications.events import InboxChanged
from pixelstudio.features.notifications.inbox import UNREAD_MAX, unread_of
from pixelstudio.ui.live import Live

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class Unread(Live, rx.State):
    """For display only."""

    count: str = ""
    """"" for none."""

    _members_only: ClassVar[bool] = False

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        unread = 0
        if actor is not None and not actor.is_guest:
            async with studio.db.reader() as reader:
                unread = await unread_of(reader, actor)
        self.count = f"{UNREAD_MAX}+" if unread > UNREAD_MAX else str(unread or "")

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, (InboxChanged, WishesChanged)) for event in events):
            await self._snapshot(studio, actor)
