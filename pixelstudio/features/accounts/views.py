"""What may leave the slice: an account as others may see it, and what its owner is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import UserId


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account, without its mail and its hash."""

    id: UserId
    handle: str
    is_maintainer: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One signed-in browser, for its owner."""

    id: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    """To the hour."""
    is_this: bool


@dataclass(frozen=True, slots=True)
class ProfileView:
    """An account as its owner sees it. `avatar_id` is "" when there is no picture."""

    email: str
    handle: str
    display_name: str
    bio: str
    avatar_id: str
    handle_rests_until: datetime | None
    """Before this moment the handle stays as it is; None when it may change now."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as everybody sees them. `avatar_id` is "" when there is no picture."""

    id: UserId
    handle: str
    display_name: str
    bio: str
    avatar_id: str
    created_at: datetime

    @property
    def name(self) -> str:
        """What they are called: their name, or their handle."""
        return self.display_name or self.handle
