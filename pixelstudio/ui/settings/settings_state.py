"""The state of /settings: one's own account as it stands, and what is changed of it without a password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.core.events import Event
from pixelstudio.features.accounts import sessions
from pixelstudio.features.accounts.avatars import remove_avatar
from pixelstudio.features.accounts.events import SignedOut
from pixelstudio.features.accounts.preferences import Preferences, prefer, preferences_of
from pixelstudio.features.accounts.profile import ProfileForm, change_profile, profile_of
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.credits.statement import statement_of
from pixelstudio.features.generation.events import GenerationEnded, GenerationQueued
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded
from pixelstudio.ui.settings.views import (
    DefaultsCard,
    DeviceCard,
    LineCard,
    Option,
    ProfileCard,
    balance_words,
    defaults_card,
    device_card,
    line_card,
    profile_card,
)
from pixelstudio.ui.visitor import Visitor

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

_DIGITS_MAX: Final = 3
_MOVED_CREDITS: Final = (GenerationQueued, GenerationEnded)


class ProfileFields(TypedDict, total=False):
    """The profile form as the browser sends it."""

    display_name: str
    handle: str
    bio: str


class DefaultsFields(TypedDict, total=False):
    """The form of the composer's defaults."""

    model: str
    size: str
    images: str
    visibility: str


class SettingsState(Live, rx.State):
    """What an account is; the record of it is the database."""

    is_loaded: bool = False
    profile: ProfileCard = ProfileCard()
    models: list[Option] = []  # noqa: RUF012  # Reflex copies defaults per state
    defaults: DefaultsCard = DefaultsCard()
    devices: list[DeviceCard] = []  # noqa: RUF012  # as above
    balance: str = ""
    lines: list[LineCard] = []  # noqa: RUF012  # as above
    has_more: bool = False

    _cursor: str = ""

    @rx.var
    def fault_field(self) -> str:
        """The field the last refusal was about, or ""."""
        return self.notice.field if self.notice else ""

    @rx.var
    def fault_sentence(self) -> str:
        """What was wrong with it."""
        return self.notice.sentence if self.notice and self.notice.field else ""

    @rx.var
    def has_others(self) -> bool:
        """Whether there is any other device to sign out."""
        return len(self.devices) > 1

    @guarded("member", form=ProfileFields)
    async def save_profile(self, studio: Studio, actor: Actor, *, form: ProfileFields) -> Any:
        """Take over name, handle and lines."""
        wanted = ProfileForm(form.get("display_name", ""), form.get("handle", ""), form.get("bio", ""))
        async with studio.db.transaction() as tx:
            await change_profile(tx, wanted, by=actor)
        await self._load_profile(studio, actor)
        visitor = await self.get_state(Visitor)
        visitor.handle = self.profile.handle
        self.notice = NoticeView("note", "Your profile is saved.")

    @guarded("member")
    async def take_avatar_away(self, studio: Studio, actor: Actor) -> Any:
        """Go back to the initial."""
        async with studio.db.transaction() as tx:
            await remove_avatar(tx, by=actor)
        await self._load_profile(studio, actor)
        visitor = await self.get_state(Visitor)
        visitor.avatar = ""
        self.notice = NoticeView("note", "Your picture is removed.")

    @guarded("member", model=str)
    async def choose_model(self, studio: Studio, actor: Actor, *, model: str) -> Any:
        """Show the sizes of another model; nothing is saved yet."""
        async with studio.db.reader() as reader:
            chosen = await preferences_of(reader, actor.id)
        self.defaults = defaults_card(chosen, studio.providers.models(), model=model, key=self.defaults.key)

    @guarded("member", form=DefaultsFields)
    async def save_defaults(self, studio: Studio, actor: Actor, *, form: DefaultsFields) -> Any:
        """Remember what the composer begins with."""
        chosen = Preferences(form.get("model", ""), form.get("size", ""), _images(form.get("images", "")), form.get("visibility", ""))
        async with studio.db.transaction() as tx:
            await prefer(tx, chosen, studio.providers, by=actor)
        self.defaults = defaults_card(chosen, studio.providers.models(), key=self.defaults.key)
        self.notice = NoticeView("note", "Create begins with these from now on.")

    @guarded("member", session_id=str)
    async def sign_out(self, studio: Studio, actor: Actor, *, session_id: str) -> Any:
        """Sign one device out; its open pages leave."""
        async with studio.db.transaction() as tx:
            await sessions.end_one(tx, session_id, by=actor)
        await self._load_devices(studio, actor)
        self.notice = NoticeView("note", "That device is signed out.")

    @guarded("member")
    async def sign_out_others(self, studio: Studio, actor: Actor) -> Any:
        """Sign every other device out."""
        async with studio.db.transaction() as tx:
            ended = await sessions.end_others(tx, by=actor)
        await self._load_devices(studio, actor)
        self.notice = NoticeView("note", "The other device is signed out." if ended == 1 else f"{ended} other devices are signed out.")

    @guarded("member")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page of the statement."""
        if self.has_more:
            async with studio.db.reader() as reader:
                page = await statement_of(reader, actor.id, before=self._cursor)
            self.lines = [*self.lines, *map(line_card, page.items)]
            self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        models = studio.providers.models()
        async with studio.db.reader() as reader:
            chosen = await preferences_of(reader, actor.id)
        self.models = [Option(model.id, model.title) for model in models]
        self.defaults = defaults_card(chosen, models, key=studio.clock.now().isoformat())
        await self._load_profile(studio, actor)
        await self._load_devices(studio, actor)
        await self._load_statement(studio, actor)
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, SignedOut) for event in events):
            await self._load_devices(studio, actor)
        if any(isinstance(event, _MOVED_CREDITS) for event in events):
            await self._load_statement(studio, actor)

    async def _load_profile(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            self.profile = profile_card(await profile_of(reader, actor))

    async def _load_devices(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            views = await sessions.sessions_of(reader, actor)
        now = studio.clock.now()
        self.devices = [device_card(view, now) for view in views]

    async def _load_statement(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            page = await statement_of(reader, actor.id)
            self.balance = balance_words(await balance_of(reader, actor.id))
        self.lines = [line_card(line) for line in page.items]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)


def _images(text: str) -> int | None:
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdecimal()) or len(words) > _DIGITS_MAX:
        raise Invalid("Say how many pictures, as a whole number.", code="count_invalid", field="images")
    return int(words)
