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
    halved: str = ""
    """Where it is at half its width, of a picture that is the largest thing of a page: decoding it keeps a first visit waiting."""
    look: str = ""
    """The id of its model, of a picture whose sentence can be taken up."""

    @property
    def src_set(self) -> str:
        """Both widths, for the browser to choose from."""
        return f"{self.halved} {self.width // 2}w, {self.src} {self.width}w"

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
    "/art/coral-dunes.webp",
    "X4kWHgh3d/d3d4h3d4d4h3h4iXyQVwc=",
    "#af6a60",
    "Sunset over coral dunes",
    "Cut paper",
    seed=89,
    halved="/art/coral-dunes-480.webp",
)
MINT_MOON: Final = Art(
    "/art/mint-moon.webp", "j+YJDgBUilaId1iId5Bpa6dnE3w/8fc=", "#28345a", "Night over blue mountains, a mint moon", "Horizon", seed=21
)

# Of nearly every look one, for the wall of the landing.
WALL: Final = (
    Art(
        "/art/terracotta-arches.webp",
        "pGkOBgL5laiGeOdHeIZ4eHd4+Uh0dgc=",
        "#be896f",
        "Terracotta arches in late afternoon light",
        "Arches",
        look="sketch-arches",
        seed=2,
        width=640,
        height=800,
    ),
    Art(
        "/art/folded-flower.webp",
        "nogKBwJGRWd5d2d1gId4OHiYh6AXB3kA",
        "#a35e6c",
        "A single flower folded from red paper",
        "Bloom",
        look="sketch-bloom",
        seed=3,
        width=640,
        height=640,
    ),
    Art(
        "/art/rose-window.webp",
        "32cGLQKHpYiH+Mh5iIyBV3iIf5MH",
        "#966280",
        "A rose window in violet and amber",
        "Stained glass",
        look="sketch-glass",
        seed=6,
        width=640,
        height=960,
    ),
    Art(
        "/art/mint-waves.webp",
        "D8cJDoQ2p2iKhYiIhwe3h4iIC2y8wMY=",
        "#254150",
        "Still water at night under a mint moon",
        "Horizon",
        look="sketch-horizon",
        seed=5,
        width=800,
        height=640,
    ),
    Art(
        "/art/violet-orbs.webp",
        "LGkGHwKrUz9vZplN0HbkSZxupm34q5AK",
        "#d9a49a",
        "Violet orbs on a coral evening",
        "Orbs",
        look="sketch-orbs",
        seed=2,
        width=640,
        height=640,
    ),
    Art(
        "/art/emerald-silk.webp",
        "4RkSHgZ2d/d3iIh3eIeId4h3dstg9yo=",
        "#a0945d",
        "Emerald silk in the wind, a gold hem",
        "Silk",
        look="sketch-silk",
        seed=4,
        width=640,
        height=800,
    ),
    Art(
        "/art/blue-hills.webp",
        "pfcVFoJ4d3iPeId3eHd3iHeHeGVv9XY=",
        "#90949e",
        "Blue hills of cut paper under a pale sun",
        "Cut paper",
        look="sketch-paper",
        seed=7,
        width=800,
        height=640,
    ),
    Art(
        "/art/lighthouse.webp",
        "jQcKDQQKhnmEWJdIt3CamAh8ldBY",
        "#332f3d",
        "A lighthouse poster, coral and navy",
        "Poster",
        look="sketch-poster",
        seed=3,
        width=640,
        height=960,
    ),
)
