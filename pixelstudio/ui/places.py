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


CREATE: Final = Place("Create", "/create", "wand-sparkles", "g")
LIBRARY: Final = Place("Library", "/library", "images", "w")
QUEUE: Final = Place("Queue", "/queue", "list-video", "q")
ARENA: Final = Place("Arena", "/arena", "blend", "a")
PROMPTS: Final = Place("Prompts", "/prompts", "bookmark", "p")
VERIFY: Final = Place("Verify", "/verify", "circle-check", "v")

PLACES: Final = (CREATE, LIBRARY, ARENA, PROMPTS, QUEUE, VERIFY)
"""In the order of the rail."""
BAR: Final = (LIBRARY, CREATE, QUEUE)
"""In the order of the phone's bar, where the account comes last: four at most, so that there are five."""
