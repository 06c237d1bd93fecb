"""The places of the studio: what the rail, the phone's bar, the palette and the keys lead to. A page that is listed here exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.ui.components.icon import IconName


@dataclass(frozen=True, slots=True)
class Place:
    """One place."""

    word: str
    href: str
    icon: IconName
    key: str
    """The key that leads there."""
    what: str = ""
    """What one finds there, where the word does not say it."""


CREATE: Final = Place("Create", "/create", "wand-sparkles", "g")
LIBRARY: Final = Place("Library", "/library", "images", "w")
QUEUE: Final = Place("Queue", "/queue", "list-video", "q")
EXPLORE: Final = Place("Explore", "/explore", "compass", "e")
FEED: Final = Place("Feed", "/feed", "users", "f", "New from people you follow")
COLLECTIONS: Final = Place("Collections", "/collections", "bookmark", "b", "Pictures you hang together")
INBOX: Final = Place("Inbox", "/inbox", "inbox", "i")
ARENA: Final = Place("Arena", "/arena", "blend", "a", "Compare models side by side")
PROMPTS: Final = Place("Prompts", "/prompts", "clipboard-list", "p", "Words to begin with, and to keep")
VERIFY: Final = Place("Verify", "/verify", "circle-check", "v", "See whether a picture was made here")

GROUPS: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    ("Pictures", (CREATE, EXPLORE, FEED)),
    ("Yours", (LIBRARY, QUEUE, INBOX)),
    ("Tools", (PROMPTS, ARENA, VERIFY)),
)
"""As the rail has them, a little apart, and what each group is called by who reads the page aloud."""
RAIL: Final = tuple(place for _, places in GROUPS for place in places)
PLACES: Final = tuple(place for at in RAIL for place in ((at, COLLECTIONS) if at is LIBRARY else (at,)))
"""What the keys and the palette lead to, in the order of the rail: also what a place there has as a tab."""
OF_OTHERS: Final = "See what others made"
"""The words of the link to Explore for somebody who does not know the place yet."""
UNDER: Final = {COLLECTIONS.href: LIBRARY.href}
"""A page that has no place of its own on the rail and the phone's bar, and the place whose tabs lead there."""
LIBRARY_TABS: Final = (
    ("Pictures", LIBRARY.href),
    ("Sets", f"{LIBRARY.href}?view=sets"),
    ("Collections", COLLECTIONS.href),
    ("Trash", f"{LIBRARY.href}?view=trash"),
)
"""All one keeps, the same on the library and on the page of one's collections."""
NEWEST_SHOWN: Final = ("See it in Explore", "/explore?sort=newest")
"""The words of the link to what was just shown to everybody, and where it leads."""
BAR: Final = (EXPLORE, LIBRARY, CREATE, QUEUE)
"""In the order of the phone's bar, where the account comes last: four at most, so that there are five."""

_WHY: Final = {
    CREATE: "Sign in to create.",
    LIBRARY: "Sign in to see your pictures.",
    COLLECTIONS: "Sign in to see your collections.",
    FEED: "Sign in to see what the people you follow show.",
    QUEUE: "Sign in to see what is being drawn for you.",
    INBOX: "Sign in to read your inbox.",
    ARENA: "Sign in to compare models.",
    PROMPTS: "Sign in to see your prompts.",
}
_WHAT_FOR: Final = {
    "like": "Sign in or create an account, and your like counts.",
    "comment": "Sign in to write a comment.",
    "see": "Sign in to see marked pictures.",
    "claim": "Sign in, and you come back to claim this installation.",
}
"""By the word the door's address has for what somebody was about to do, under `to`."""


def why_sign_in(path: str, act: str = "") -> str:
    """Why somebody who asked for `path`, or was about to do `act` there, was led to the door; "" for whoever came there by themselves."""
    if act in _WHAT_FOR:
        return _WHAT_FOR[act]
    place = next((place for place in _WHY if path == place.href or path.startswith((f"{place.href}/", f"{place.href}?"))), None)
    return _WHY[place] if place else "Sign in to go on." if path else ""
