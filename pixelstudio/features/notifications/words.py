"""Notifications in words, for the inbox and for letters: what somebody did, or what the house says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pixelstudio.features.notifications.inbox import Kind

_SAID: Final[dict[Kind, str]] = {
    "like": "likes your picture",
    "comment": "wrote under your picture",
    "answer": "answered you under",
    "mention": "mentioned you under",
    "follow": "follows you",
    "invitation": "invites you to a collection",
    "proof": "A guest said what they think of your pictures",
    "match": "shows what you search for",
    "decision": "A maintainer took something of yours out of the gallery",
    "rated": "A maintainer marked a picture of yours",
    "appeal": "Your appeal was decided",
}


def in_words(kind: Kind) -> str:
    """What is said of a kind, behind the name of whoever did it."""
    return _SAID[kind]
