"""The state of who shares the collection on /collections/{id}: its people, who of them is there just now, its links, what guests think."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core import limits
from pixelstudio.core.events import Event
from pixelstudio.features.gallery.collaborators import collaborators_of, invite, remove_collaborator
from pixelstudio.features.gallery.events import CollectionChanged, PresenceChanged, ProofGiven, collection_topic
from pixelstudio.features.gallery.links import LinkForm, links_of, make_link, revoke_link
from pixelstudio.features.gallery.presence import belongs_to, go, present_in, stay
from pixelstudio.features.gallery.proofs import proofs_in
from pixelstudio.ui.collections.views import Collaborator, CollectionLink, Proof, collaborator_of, link_of, marks_of, proof_of
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

_GOODBYE_S = 5.0


class LinkFields(TypedDict, total=False):
    """The form of a link as the browser sends it."""

    link_days: str
    link_use: str
    link_private: bool | str


class InviteFields(TypedDict, total=False):
    """Whom to invite."""

    handle: str


class SharingState(Live, rx.State):
    """Who shares one collection; told to its people alone, links and opinions to whoever made it."""

    people: list[Collaborator] = []  # noqa: RUF012  # Reflex copies defaults per state
    present: list[PersonCard] = []  # noqa: RUF012  # as above
    links: list[CollectionLink] = []  # noqa: RUF012  # as above
    made: str = ""
    """The address of a link just made: shown once."""
    proofs: list[Proof] = []  # noqa: RUF012  # as above
    marks: dict[str, list[int]] = {}  # noqa: RUF012  # as above
    invited: int = 0
    """Grows with each invitation, so that the field begins anew."""
    is_loaded: bool = False

    _members_only: ClassVar[bool] = False
    _looks_again: ClassVar[bool] = True
    """Who could not say goodbye goes from the page too."""

    @guarded("anyone", background=True)
    async def be_here(self, studio: Studio, actor: Actor | None) -> None:
        """Be counted among those who look, for as long as the page is open: from the moment one belongs here until one no longer does."""
        if actor is None or actor.is_guest:
            return
        here, tab = self._asked(), ""
        try:
            while True:
                tab = await _still_here(studio, actor, here, tab)
                await asyncio.sleep(limits.PRESENCE_BEAT_S)
        finally:
            if tab:
                async with asyncio.timeout(_GOODBYE_S), studio.db.transaction() as tx:
                    await go(tx, tab)

    @guarded("member", form=InviteFields)
    async def invite_person(self, studio: Studio, actor: Actor, *, form: InviteFields) -> Any:
        """Invite somebody by their handle."""
        async with studio.db.transaction() as tx:
            await invite(tx, self._asked(), form.get("handle", ""), by=actor)
        await self._snapshot(studio, actor)
        self.invited += 1

    @guarded("member", person_id=str)
    async def remove_person(self, studio: Studio, actor: Actor, *, person_id: str) -> Any:
        """Take somebody out of the collection."""
        async with studio.db.transaction() as tx:
            await remove_collaborator(tx, self._asked(), person_id, by=actor)
        await self._snapshot(studio, actor)

    @guarded("member", form=LinkFields)
    async def make_a_link(self, studio: Studio, actor: Actor, *, form: LinkFields) -> Any:
        """Make a link, and show it once."""
        days = form.get("link_days", "")
        wanted = LinkForm(
            days=int(days) if days.isdecimal() and len(days) < 4 else -1,  # no wish of ours has more digits
            is_proofing=form.get("link_use") == "proof",
            shows_private=form.get("link_private") in {True, "on"},
        )
        async with studio.db.transaction() as tx:
            link = await make_link(tx, self._asked(), wanted, by=actor)
        await self._snapshot(studio, actor)
        self.made = f"{self.router.url.origin}/shared/{link.secret}"

    @guarded("member", link_id=str)
    async def revoke_a_link(self, studio: Studio, actor: Actor, *, link_id: str) -> Any:
        """Make a link worth nothing."""
        async with studio.db.transaction() as tx:
            await revoke_link(tx, link_id, by=actor)
        await self._snapshot(studio, actor)
        self.made = ""
        self.notice = NoticeView("note", "The link leads nowhere any more.")

    @guarded("member")
    async def put_link_away(self, _studio: Studio, _actor: Actor) -> Any:
        """Forget the link that was shown."""
        self.made = ""

    def _topics(self) -> tuple[str, ...]:
        return (collection_topic(self._asked()),)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None or actor.is_guest:
            self.reset()
            self.is_loaded = True
            return
        here = self._asked()
        async with studio.db.reader() as reader:
            people = await collaborators_of(reader, actor, here)
            links, proofs = await links_of(reader, actor, here), await proofs_in(reader, actor, here)
        self.people = [collaborator_of(view) for view in people]
        self.links = [link_of(view) for view in links]
        self.proofs, self.marks = [proof_of(view) for view in proofs], marks_of(proofs)
        await self._look_who_is_here(studio, actor)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        here = self._asked()
        if any(isinstance(event, (CollectionChanged, ProofGiven)) and event.collection_id == here for event in events):
            await self._snapshot(studio, actor)
        elif actor is not None and (not events or any(isinstance(event, PresenceChanged) for event in events)):
            await self._look_who_is_here(studio, actor)

    async def _look_who_is_here(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            present = [person_card(person) for person in await present_in(reader, actor, self._asked())]
        if present != self.present:
            self.present = present

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]


async def _still_here(studio: Studio, actor: Actor, collection_id: str, tab: str) -> str:
    """Who only looks in takes no place in the write lane."""
    if not tab:
        async with studio.db.reader() as reader:
            if not await belongs_to(reader, actor, collection_id):
                return ""
    async with studio.db.transaction() as tx:
        return await stay(tx, collection_id, tab, by=actor)
