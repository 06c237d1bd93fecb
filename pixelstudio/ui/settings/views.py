"""What /settings shows: the profile, the choices for the composer, devices, and the statement in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.ui import formats
from pixelstudio.ui.settings.devices import device_of, is_in_hand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pixelstudio.features.accounts.preferences import Preferences
    from pixelstudio.features.accounts.views import ProfileView, SessionView
    from pixelstudio.features.credits.ledger import Balance
    from pixelstudio.features.credits.statement import Reason, StatementLine
    from pixelstudio.providers.contract import ImageModel


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """The profile form as it begins. A new `key` makes the form take it over."""

    key: str = ""
    email: str = ""
    handle: str = ""
    display_name: str = ""
    bio: str = ""
    initial: str = ""
    avatar: str = ""
    """Address of the picture, or ""."""
    handle_rests: str = ""
    """Why the handle stays as it is for now, or ""."""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class DefaultsCard:
    """What the composer begins with, as it is chosen now."""

    key: str = ""
    model: str = ""
    size: str = ""
    images: str = ""
    visibility: str = "private"
    sizes: list[Option] = field(default_factory=list)
    max_images: int = 1


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One signed-in browser."""

    id: str
    name: str
    words: str
    is_this: bool
    is_in_hand: bool


@dataclass(frozen=True, slots=True)
class LineCard:
    """One entry of the statement."""

    what: str
    when: str
    change: str
    left: str
    aside: str
    is_gain: bool


def profile_card(view: ProfileView) -> ProfileCard:
    """The profile for its form."""
    until = view.handle_rests_until
    return ProfileCard(
        key=f"{view.handle}/{view.display_name}/{view.bio}",
        email=view.email,
        handle=view.handle,
        display_name=view.display_name,
        bio=view.bio,
        initial=view.handle[:1],
        avatar=f"/media/avatars/{view.avatar_id}" if view.avatar_id else "",
        handle_rests=f"You changed it lately. It can change again on {formats.day(until)}." if until else "",
        since=f"Here since {formats.day(view.created_at)}",
    )


def defaults_card(chosen: Preferences, models: Sequence[ImageModel], *, model: str | None = None, key: str = "") -> DefaultsCard:
    """What is chosen, with the sizes of the model; `model` is one that is being looked at instead of the chosen one."""
    wanted = chosen.model if model is None else model
    found = next((m for m in models if m.id == wanted), None)
    sizes = [Option(f"{s.width}x{s.height}", f"{s.label} {formats.size(s.width, s.height)}".strip()) for s in found.sizes] if found else []
    return DefaultsCard(
        key=key,
        model=found.id if found else "",
        size=chosen.size if any(size.value == chosen.size for size in sizes) else "",
        images=str(chosen.images) if chosen.images else "",
        visibility=chosen.visibility,
        sizes=sizes,
        max_images=found.max_images if found else max((m.max_images for m in models), default=1),
    )


def device_card(view: SessionView, now: datetime) -> DeviceCard:
    """One session in words. Its last sign of life is known to the hour."""
    signed_in = f"signed in {formats.ago(view.created_at, now)}"
    seen = "here now" if view.is_this else _seen(view, now)
    words = formats.facts(seen, signed_in)
    return DeviceCard(view.id, device_of(view.user_agent), words, view.is_this, is_in_hand(view.user_agent))


def _seen(view: SessionView, now: datetime) -> str:
    ago = formats.ago(view.seen_at, now)
    return "seen within the hour" if ago == "just now" or ago.endswith("min ago") else f"last seen {ago}"


_WHY: Final[dict[Reason, str]] = {
    "welcome": "A gift to begin with",
    "daily": "A visit",
    "gift": "A gift",
    "held": "Set aside for a picture",
    "used": "The picture came: what was set aside is spent",
    "returned": "Given back: no picture came",
}


def line_card(line: StatementLine) -> LineCard:
    """One entry in words; `change` is what it did to the credits free to spend."""
    delta = line.available_delta
    change = f"+{delta}" if delta > 0 else f"\N{MINUS SIGN}{-delta}" if delta < 0 else "0"
    return LineCard(_WHY[line.reason], formats.moment(line.at), change, str(line.available_after), str(line.held_after), delta > 0)


def balance_words(balance: Balance) -> str:
    """What there is to spend, and what is set aside."""
    free = "You have no credits" if not balance.available else f"You have {formats.price(balance.available)}"
    aside = f", and {formats.price(balance.held)} set aside for pictures on their way" if balance.held else ""
    return f"{free}{aside}."
