"""What the command palette offers: the pages, and acts that are a button somewhere on the page. Own prompts come from the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pixelstudio.ui.components.icon import IconName
from pixelstudio.ui.components.strokes import STROKES
from pixelstudio.ui.places import PLACES


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. It is offered where its page or its button is there for whoever looks."""

    words: str
    icon: IconName
    href: str = ""
    opens: str = ""
    presses: str = ""
    """The first element of this selector is pressed; without one the entry is not offered."""
    also: str = ""
    """Other words it is found by."""
    key: str = ""
    members: bool | None = None
    """For members only, for strangers only, or for both."""
    is_for_desks: bool = False
    """About keys or the rail, which a phone has not."""

    def told(self) -> dict[str, Any]:
        """As palette.js takes it."""
        told: dict[str, Any] = {"icon": "".join(STROKES[self.icon])}
        for name in ("words", "href", "opens", "presses", "also", "key"):
            told[name] = getattr(self, name)
        if self.members is not None:
            told["members"] = self.members
        if self.is_for_desks:
            told["desk"] = True
        return {name: value for name, value in told.items() if value != ""}


ENTRIES: Final = (
    *(Entry(place.word, place.icon, href=place.href, also=f"go page {place.what}", key=place.key, members=True) for place in PLACES),
    Entry("Likes", "heart", href="/likes", also="liked hearts favourites", members=True),
    Entry("Settings", "settings", href="/settings", also="account profile sessions", members=True),
    Entry("Sign in", "key-round", href="/login", also="log in", members=False),
    Entry("Create account", "user-round-plus", href="/register", also="register join", members=False),
    Entry("Keys", "keyboard", opens="keys", also="shortcuts help", key="?", is_for_desks=True),
    Entry("Day", "sun", presses="[data-light=light]", also="light mode theme"),
    Entry("Night", "moon", presses="[data-light=dark]", also="dark mode theme"),
    Entry("Light as the system has it", "monitor", presses="[data-light=system]", also="mode theme"),
    Entry(
        "Fold the rail",
        "panel-left-close",
        presses="[data-rail=wide] .shell:not(.narrow) [data-rail-to=narrow]",
        also="sidebar collapse",
        is_for_desks=True,
    ),
    Entry(
        "Unfold the rail",
        "panel-left-open",
        presses="[data-rail=narrow] .shell:not(.narrow) [data-rail-to=wide]",
        also="sidebar expand",
        is_for_desks=True,
    ),
    Entry("Sign out", "log-out", presses="form[action='/auth/sign-out'] button", also="log out", members=True),
)
