"""Onlookers: of a viewer only what shapes a question about what they may see. Who they are is told each time it is asked.

So everybody of one sort shares the words of a question, and never its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from pixelstudio.db.questions import told
from pixelstudio.features.accounts.actor import Actor

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.core.ratings import Rating


class Onlooker(NamedTuple):
    """A sort of viewers with an account, or of guests."""

    is_maintainer: bool
    sees: Rating

    def named(self) -> Actor:
        """An actor of this sort for the predicates a question is built of, whose id is told as `viewer`."""
        return Actor(cast("UserId", told("viewer")), "", is_maintainer=self.is_maintainer, session_digest="", sees=self.sees)


def onlooker(viewer: Actor | None) -> Onlooker | None:
    """Of which sort they are; None for a stranger."""
    return Onlooker(viewer.is_maintainer, viewer.sees) if viewer else None


def seen_by(sort: Onlooker | None) -> Actor | None:
    """Whom a question for this sort is built for."""
    return sort.named() if sort else None
