"""The pictures that ship with the studio: drawn by its own sketch provider, shown before anybody has drawn one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

from pixelstudio.ui.pictures import blur


@dataclass(frozen=True, slots=True)
class Art:
    """A picture of the house: where its file is, what stands in its place until then, and what it was drawn from."""

    src: str
    thumbhash: str
    """Base64."""
    spill: str
    prompt: str
    model_title: str
    seed: int
    width: int = 960
    height: int = 1200

    @property
    def ratio(self) -> float:
        """Width / height."""
        return self.width / self.height

    @property
    def blur(self) -> str:
        """The blur behind it, as a CSS image."""
        return blur(base64.b64decode(self.thumbhash))

    def attributes(self) -> dict[str, Any]:
        """Width and height as attributes of an `img`, loaded first of all."""
        return {"width": str(self.width), "height": str(self.height), "fetchpriority": "high"}


CORAL_DUNES: Final = Art(
    "/art/coral-dunes.webp", "X4kWHgh3d/d3d4h3d4d4h3h4iXyQVwc=", "#af6a60", "Sunset over coral dunes", "Cut paper", seed=89
)
MINT_MOON: Final = Art(
    "/art/mint-moon.webp", "j+YJDgBUilaId1iId5Bpa6dnE3w/8fc=", "#28345a", "Night over blue mountains, a mint moon", "Horizon", seed=21
)
