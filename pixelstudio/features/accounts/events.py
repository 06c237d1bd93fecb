"""Facts about sessions, about how somebody is seen, and about what they want to come across."""

from __future__ import annotations

from dataclasses import dataclass

from pixelstudio.core.events import CACHES_TOPIC, Event, event_kind


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    """A session ended: open tabs that came by it must leave, and its account's list of sessions is another one."""

    name = "session.signed_out"
    session_digest: str
    account_id: str = ""

    def topics(self) -> tuple[str, ...]:
        return (f"session:{self.session_digest}", f"user:{self.account_id}")


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    """Somebody has another name, handle, picture or other words beside it; or is gone."""

    name = "person.changed"
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (CACHES_TOPIC,)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class WishesChanged(Event):
    """Whom or what somebody wants to come across is another now: a mute, or a rating. Told to themselves alone."""

    name = "wishes.changed"
    is_awaited = True
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}", CACHES_TOPIC)
