"""The state of /shared/{secret}: a collection for whoever has its link, and what a guest thinks of its pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.limits import PROOF_NAME_MAX
from pixelstudio.core.text import clean_line
from pixelstudio.features.gallery.links import shared_by
from pixelstudio.features.gallery.proofs import Opinion, give, proofs_by
from pixelstudio.ui.collections.views import Proof, proof_of
from pixelstudio.ui.gallery.walls import WallNews
from pixelstudio.ui.people import PersonCard, person_card
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

NO_TITLE = "Shared pictures · Pixel Studio"


@dataclass(frozen=True, slots=True)
class SharedCard:
    """What stands at the head of the page; without a title the link leads nowhere."""

    title: str = ""
    description: str = ""
    person: PersonCard = field(default_factory=PersonCard)
    is_proofing: bool = False


class SharedState(Notices, rx.State):
    """One collection as a link shows it. Nobody has to be signed in."""

    shared: SharedCard = SharedCard()
    guest: str = ""
    """Who speaks, as they say."""
    proofs: dict[str, Proof] = {}  # noqa: RUF012  # Reflex copies defaults per state
    """By picture."""
    news: WallNews = WallNews()
    title: str = NO_TITLE
    source: str = ""
    """Where the wall's pictures come from; "" while the link leads nowhere."""
    path: str = ""
    """The page's own address."""
    is_loaded: bool = False

    @guarded("anyone")
    async def begin(self, studio: Studio, _actor: Actor | None) -> Any:
        """Open the link."""
        try:
            async with studio.db.reader() as reader:
                view = await shared_by(reader, self._asked())
        except NotFound:
            self.reset()
        else:
            self.shared = SharedCard(view.title, view.description, person_card(view.person), view.is_proofing)
            self.title = f"{view.title} · Pixel Studio"
            self.news = WallNews(self.news.number + 1, again=True)
            self.path = f"/shared/{self._asked()}"
            self.source = f"/api/gallery{self.path}"
        self.is_loaded = True

    @guarded("anyone", name=str)
    async def say_who(self, studio: Studio, _actor: Actor | None, *, name: str) -> Any:
        """Who speaks from now on; shows what they said before."""
        guest = clean_line(name)
        if not guest or len(guest) > PROOF_NAME_MAX:
            raise Invalid(f"Say who you are, in at most {PROOF_NAME_MAX} characters.", code="proof_name_invalid", field="guest")
        async with studio.db.reader() as reader:
            proofs = await proofs_by(reader, self._asked(), guest)
        self.guest, self.notice = guest, None
        self.proofs = {view.image_id: proof_of(view) for view in proofs}

    @guarded("anyone", image_id=str, loved=bool, verdict=str, words=str)
    async def judge(self, studio: Studio, _actor: Actor | None, *, image_id: str, loved: bool, verdict: str, words: str) -> Any:
        """What the guest thinks of a picture, all of it."""
        opinion = Opinion(is_loved=loved, verdict=verdict, words=words)
        async with studio.db.transaction() as tx:
            view = await give(tx, self._asked(), image_id, self.guest, opinion)
        self.notice = None
        self.proofs = {**self.proofs, view.image_id: proof_of(view)}

    def _asked(self) -> str:
        """The secret in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
