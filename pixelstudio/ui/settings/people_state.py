"""`HiddenPeople`: whom and what one does not come across, on /settings. Who was let be again stays in sight until the page is left, to be taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import reflex as rx

from pixelstudio.features.accounts.mutes import muted_by, set_mute
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.accounts.wishes import go_up_to
from pixelstudio.features.gallery.blocks import blocked_by
from pixelstudio.features.gallery.follows import block
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class HiddenPerson:
    """Somebody who is muted or blocked, or was so a moment ago."""

    person: PersonCard
    how: Literal["muted", "blocked"]
    is_hidden: bool = True


class HiddenPeople(Notices, rx.State):
    """The lists as they stand; the record of them is the database."""

    sees: str = "general"
    people: list[HiddenPerson] = []  # noqa: RUF012  # Reflex copies defaults per state

    @guarded("member")
    async def list_people(self, studio: Studio, actor: Actor) -> Any:
        """Show how far one goes, whom one has muted, then whom one has blocked."""
        self.sees = actor.sees
        async with studio.db.reader() as reader:
            muted, blocked = await muted_by(reader, actor), await blocked_by(reader, actor)
        self.people = [
            *(HiddenPerson(person_card(person), "muted") for person in muted),
            *(HiddenPerson(person_card(person), "blocked") for person in blocked),
        ]

    @guarded("member", rating=str)
    async def go_up_to(self, studio: Studio, actor: Actor, *, rating: str) -> Any:
        """Come across pictures of this rating, and of all before it."""
        async with studio.db.transaction() as tx:
            await go_up_to(tx, rating, by=actor)
        self.sees = rating

    @guarded("member", handle=str, muted=bool)
    async def mute(self, studio: Studio, actor: Actor, *, handle: str, muted: bool) -> Any:
        """Hear of somebody again, or take that back."""
        async with studio.db.transaction() as tx:
            await set_mute(tx, (await person_named(tx, handle)).id, muted, by=actor)
        self._mark(handle, "muted", muted)

    @guarded("member", handle=str, blocked=bool)
    async def block(self, studio: Studio, actor: Actor, *, handle: str, blocked: bool) -> Any:
        """Let somebody be again, or take that back."""
        async with studio.db.transaction() as tx:
            await block(tx, (await person_named(tx, handle)).id, blocked, by=actor)
        self._mark(handle, "blocked", blocked)

    def _mark(self, handle: str, how: str, is_hidden: bool) -> None:
        self.people = [
            replace(line, is_hidden=is_hidden) if (line.person.handle, line.how) == (handle, how) else line for line in self.people
        ]
