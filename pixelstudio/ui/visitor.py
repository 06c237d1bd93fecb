"""`Visitor`: who looks at the page and what they have, for the rail; and what the page they asked for was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.features.accounts.avatars import avatar_of
from pixelstudio.features.accounts.visits import is_visit_due, visit
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.footfall.days import RETURNS, VIEWS, VISITS
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.library import count_in, pictures_in
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.places import why_sign_in
from pixelstudio.ui.session import Notices, guarded, kept_of

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class Visitor(Notices, rx.State):
    """For display only: every handler asks the session anew."""

    is_known: bool = False
    """Whether the next ones are true yet; the page is drawn before its socket is open."""
    handle: str = ""
    is_guest: bool = False
    """Whether they try it without an account: what they drew comes along when they register or sign in."""
    drawn: PictureView | None = None
    """Of what comes along, what was drawn last."""
    drawn_besides: int = 0
    """How many more come along."""
    _was_told: bool = False
    """Whether it was said that what came along is kept."""
    avatar: str = ""
    """The address of their picture, or ""."""
    credits: int = 0
    reason: str = ""
    """Why they are asked to sign in, or ""."""
    is_maintainer: bool = False
    """Whether they look after this installation: then the menu leads to its page."""

    _came_from: str = ""
    _is_at: str = ""
    """The paths of the page before and of this one; the same where it was only opened anew."""

    @guarded("anyone")
    async def load(self, studio: Studio, actor: Actor | None) -> Any:
        """Say who is here, and count a member's visit of today."""
        studio.tally.add(VIEWS)
        self._came_from, self._is_at = self._is_at, self.router.url.path.rstrip("/")
        if actor is not None:
            async with studio.db.reader() as reader:
                is_due = await is_visit_due(reader, actor)
            if is_due:
                async with studio.db.transaction() as tx:
                    came = await visit(tx, actor)
                for what in {"first": (VISITS,), "returned": (VISITS, RETURNS), "again": ()}[came]:
                    studio.tally.add(what)
            async with studio.db.reader() as reader:
                self.credits = (await balance_of(reader, actor.id)).available
                avatar_id = await avatar_of(reader, actor)
            self.avatar = f"/media/avatars/{avatar_id}" if avatar_id else ""
        self._drop_old_notice()
        if actor is not None and not actor.is_guest and not self._was_told and (kept := kept_of(self)):
            self._was_told, self.notice = True, _kept_notice(kept)
        self.handle, self.is_maintainer = (actor.handle, actor.is_maintainer) if actor else ("", False)
        self.is_known = True

    @guarded("anyone")
    async def greet(self, studio: Studio, actor: Actor | None) -> Any:
        """Send a member who opens a page for strangers on to their own. A guest is still looking around."""
        studio.tally.add(VIEWS)
        self._came_from, self._is_at = self._is_at, self.router.url.path.rstrip("/")
        self.is_guest = actor is not None and actor.is_guest
        self.drawn, self.drawn_besides = None, 0
        if actor is not None and actor.is_guest:
            async with studio.db.reader() as reader:
                latest = (await pictures_in(reader, actor, PictureFilter(), limit=1)).items
                count = await count_in(reader, actor, PictureFilter())
            self.drawn, self.drawn_besides = (picture_view(latest[0]), count - 1) if latest else (None, 0)
        asked = self.router.url.query_parameters
        self.reason = why_sign_in(asked.get("next", ""), asked.get("to", ""))
        if actor is not None and not actor.is_guest:
            return rx.redirect("/create", replace=True)
        return None


def _kept_notice(kept: int) -> NoticeView:
    said, way = ("Your picture is", "See it") if kept == 1 else (f"Your {kept} pictures are", "See them")
    return NoticeView("note", f"{said} in your library.", "kept", way=way, href="/library")
