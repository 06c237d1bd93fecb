"""`ApiKeys`: one's own keys of the API on /settings. A new one is shown here once, and forgotten here as soon as it has been copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.features.accounts import api_keys
from pixelstudio.ui import formats
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.api_keys import ApiKeyView
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class KeyCard:
    """One key, without itself."""

    id: str
    name: str
    facts: str


class KeyFields(TypedDict, total=False):
    """The form of a new key."""

    name: str


class ApiKeys(Notices, rx.State):
    """The keys as they stand; the record of them is the database."""

    keys: list[KeyCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    fresh: str = ""
    """A key that was just made, until it is put away."""

    @guarded("member")
    async def list_keys(self, studio: Studio, actor: Actor) -> Any:
        """Show the keys; one that was shown before is shown no more."""
        self.fresh = ""
        await self._list(studio, actor)

    @guarded("member", form=KeyFields)
    async def make_key(self, studio: Studio, actor: Actor, *, form: KeyFields) -> Any:
        """Make a key and show it this once."""
        self.fresh, self.notice = "", None
        async with studio.db.transaction() as tx:
            made = await api_keys.make_key(tx, form.get("name", ""), by=actor)
        await self._list(studio, actor)
        self.fresh = made.secret

    @guarded("member")
    async def put_away(self, _studio: Studio, _actor: Actor) -> Any:
        """The key has been copied."""
        self.fresh = ""

    @guarded("member", key_id=str)
    async def revoke_key(self, studio: Studio, actor: Actor, *, key_id: str) -> Any:
        """Make a key worth nothing, at once."""
        async with studio.db.transaction() as tx:
            await api_keys.revoke_key(tx, key_id, by=actor)
        self.fresh = ""
        await self._list(studio, actor)
        self.notice = NoticeView("note", "The key is revoked. Whatever used it is refused from now on.")

    async def _list(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            views = await api_keys.keys_of(reader, actor)
        self.keys = [_card(view, studio.clock.now()) for view in views]


def _card(view: ApiKeyView, now: datetime) -> KeyCard:
    used = f"used {formats.ago(view.used_at, now)}" if view.used_at else "not used yet"
    return KeyCard(view.id, view.name, formats.facts(f"{view.begins}…", f"made {formats.ago(view.created_at, now)}", used))
