"""The keys of every page, in one table: keyboard.js acts by it and shows it, so the list is what is true.

A page adds keys of its own by marking the control a key presses: `custom_attrs=pressed_by("l", "Favourite")`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pixelstudio.ui.places import PLACES


@dataclass(frozen=True, slots=True)
class Key:
    """One key (or "Ctrl K", which is Command on a Mac) and what it does: exactly one of the fields after the words says so."""

    key: str
    words: str
    href: str = ""
    opens: str = ""
    """"palette" or "keys"."""
    focuses: str = ""
    """What the first visible element of this selector gets is the focus."""
    presses: str = ""
    """The first visible element of this selector is pressed."""
    walks: int = 0
    """The focus goes so many pictures on."""
    goes_back: bool = False
    """With `presses`: where the browser can go back within the studio, it does that instead."""
    in_fields: bool = False
    """Whether it also counts while one is typing."""

    def told(self) -> dict[str, Any]:
        """As keyboard.js takes it."""
        told: dict[str, Any] = {"goesBack": self.goes_back, "inFields": self.in_fields}
        for name in ("key", "words", "href", "opens", "focuses", "presses", "walks"):
            told[name] = getattr(self, name)
        return {name: value for name, value in told.items() if value}


KEYS: Final = (
    Key("Ctrl K", "Find a page, an act or a prompt", opens="palette", in_fields=True),
    Key("?", "These keys", opens="keys"),
    *(Key(place.key, place.word, href=place.href) for place in PLACES),
    Key("/", "Search", focuses="[data-search]"),
    Key("j", "Next picture", walks=1),
    Key("k", "Picture before", walks=-1),
    Key("Ctrl Enter", "Send what is typed", presses="form[data-quick] [type=submit]", in_fields=True),
    Key("Escape", "Back", presses="[data-back]", goes_back=True),
)
BACK: Final[dict[str, Any]] = {"data-back": ""}
"""`custom_attrs` of the link that leads back from a page."""


def pressed_by(key: str, words: str = "") -> dict[str, Any]:
    """`custom_attrs` of a control that `key` presses on its page; `words` name it in the list when its own do not."""
    shown = {"data-key-words": words} if words else {}
    return {"data-key": key, "aria-keyshortcuts": key.replace("Ctrl ", "Control+"), **shown}
