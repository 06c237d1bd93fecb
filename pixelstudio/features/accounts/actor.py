"""`Actor`: who acts, as found from a session; the argument `by` of every command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixelstudio.core.ratings import GENERAL

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.core.ratings import Rating


@dataclass(frozen=True, slots=True)
class Actor:
    """Who came with a session: a member, or a guest who tries it out. Made by the doors of this slice alone."""

    id: UserId
    handle: str
    """Empty for a guest."""
    is_maintainer: bool
    session_digest: str
    is_guest: bool = False
    sees: Rating = GENERAL
    """How far they want to go when they come across others' pictures."""
