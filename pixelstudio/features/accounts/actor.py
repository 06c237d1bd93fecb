"""`Actor`: who acts, as found from a session; the argument `by` of every command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person and the session they came by. Made by `sessions.actor_for` alone."""

    id: UserId
    handle: str
    is_maintainer: bool
    session_digest: str
