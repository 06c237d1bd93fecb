"""The two pictures that ship with the studio, drawn by its own sketch provider, with their blurs and what they were drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Art:
    """A picture of the house."""

    src: str
    width: int
    height: int
    blur: str
    spill: str
    prompt: str
    model_title: str
    seed: int

    def attributes(self) -> dict[str, Any]:
        """Width and height as attributes of an `img`, loaded first of all."""
        return {"width": str(self.width), "height": str(self.height), "fetchpriority": "high"}


DESERT_DUSK: Final = Art("/art/desert-dusk.webp", 640, 853, "none", "#c4875c", "Cut-paper dunes at dusk, a pale sun over coral ridges", "Cut paper", 4417)
NIGHT_FLOWER: Final = Art("/art/night-flower.webp", 1200, 1500, "none", "#2a2f4a", "A flower at night", "Bloom", 1)
