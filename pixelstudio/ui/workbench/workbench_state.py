"""The state of /components: whether it is there for whoever looks, and what its examples need to be alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import reflex as rx

from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

Example = Literal["done", "undo", "error"]

_SAID: dict[Example, NoticeView] = {
    "done": NoticeView("note", "Copied to your prompts."),
    "undo": NoticeView("note", "Three pictures moved to the trash.", action="Undo"),
    "error": NoticeView("error", "The provider refused this prompt. Nothing was charged."),
}


class WorkbenchState(Notices, rx.State):
    """The examples' own switches."""

    is_open: bool = False
    """Whether a maintainer looks; to everybody else the page is not there."""
    title: str = "Nothing here · Pixel Studio"
    tab: str = "pictures"
    size: str = "portrait"
    is_public: bool = False
    is_pressed: bool = True

    @guarded("anyone")
    async def begin(self, _studio: Studio, actor: Actor | None) -> Any:
        """Show the page to a maintainer."""
        self.is_open = actor is not None and actor.is_maintainer
        self.title = "Components · Pixel Studio" if self.is_open else "Nothing here · Pixel Studio"

    @guarded("maintainer", example=Example)
    async def say(self, _studio: Studio, _actor: Actor, *, example: Example) -> Any:
        """Show one of the notices."""
        self.notice = _SAID[example]

    @guarded("maintainer")
    async def take_back(self, _studio: Studio, _actor: Actor) -> Any:
        """What Undo does here."""
        self.notice = NoticeView("note", "They are back.")

    @guarded("maintainer", tab=Literal["pictures", "sets", "trash"])
    async def choose_tab(self, _studio: Studio, _actor: Actor, *, tab: str) -> Any:
        """Show another tab."""
        self.tab = tab

    @guarded("maintainer", size=Literal["portrait", "square", "wide"])
    async def choose_size(self, _studio: Studio, _actor: Actor, *, size: str) -> Any:
        """Choose another segment."""
        self.size = size

    @guarded("maintainer", public=bool)
    async def set_public(self, _studio: Studio, _actor: Actor, *, public: bool) -> Any:
        """Flip the switch."""
        self.is_public = public

    @guarded("maintainer")
    async def press(self, _studio: Studio, _actor: Actor) -> Any:
        """Press the chip."""
        self.is_pressed = not self.is_pressed
