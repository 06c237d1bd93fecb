"""The state of /library: one's own pictures, page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.core.limits import PAGE_SIZE_MAX
from pixelstudio.features.generation.events import PictureDrawn
from pixelstudio.features.images.events import ImageDeleted
from pixelstudio.features.images.pictures import images_by_id, page_of
from pixelstudio.ui.live import Live
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

PAGE: Final = 30


class LibraryState(Live, rx.State):
    """What hangs there. Coming back, as much is loaded as was seen, so that the way down is not lost."""

    pages: list[list[PictureView]] = []  # noqa: RUF012  # Reflex copies defaults per state
    has_more: bool = False
    is_loaded: bool = False

    _cursor: str = ""

    @rx.var
    def is_empty(self) -> bool:
        """Whether there is no picture at all."""
        return not any(self.pages)

    @guarded("member")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page, below."""
        if self.has_more:
            self.pages.append(await self._page(studio, actor, self._cursor, PAGE))

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        seen = sum(len(page) for page in self.pages)
        self.pages = [await self._page(studio, actor, "", min(max(PAGE, seen), PAGE_SIZE_MAX))]
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        gone = {event.image_id for event in events if isinstance(event, ImageDeleted)}
        come = [event.image_id for event in events if isinstance(event, PictureDrawn)]
        if gone:
            self._forget(gone)
        if come:
            async with studio.db.reader() as reader:
                found = await images_by_id(reader, actor, come)
            new = [picture_view(found[image_id]) for image_id in reversed(come) if image_id in found]
            self.pages = [new, *self.pages] if new else self.pages

    def _forget(self, gone: Collection[str]) -> None:
        """Take pictures off the wall."""
        self.pages = [[view for view in page if view.id not in gone] for page in self.pages]

    async def _page(self, studio: Studio, actor: Actor, before: str, limit: int) -> list[PictureView]:
        async with studio.db.reader() as reader:
            page = await page_of(reader, actor, before=before, limit=limit)
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)
        return [picture_view(image) for image in page.items]
