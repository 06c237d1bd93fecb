"""What they asked for: by look, a thing and a light, put together so that hardly two are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

THINGS: Final = {
    "sketch-paper": ("Coral dunes", "A harbour of paper boats", "Terraced hills", "A forest of cut-out pines", "Two herons in the reeds"),
    "sketch-bloom": ("A single rose", "A wild peony", "Poppies after rain", "A pale magnolia", "A dahlia, seen from above"),
    "sketch-horizon": (
        "Blue mountains",
        "A lake without wind",
        "The last ridge before the sea",
        "A desert road",
        "Snow on the northern hills",
    ),
    "sketch-arches": ("Terracotta arches", "A cloister with one door", "A stair to the roof", "Courtyard with a round window"),
    "sketch-silk": ("A curtain in the wind", "Folds of heavy silk", "A scarf let go", "Velvet on a chair"),
    "sketch-orbs": ("Planets on a shelf", "Soap bubbles", "Seven quiet moons", "Marbles in a bowl of light"),
    "sketch-flow": ("Currents under the ice", "Wind over barley", "A river seen from a plane", "Smoke that takes its time"),
    "sketch-glass": ("A kingfisher window", "A tree of life in leaded glass", "A rose window", "Fishes in coloured glass"),
    "sketch-poster": ("Summer concert by the lake", "Night train to the south", "An exhibition of chairs", "Open-air cinema"),
    "sketch-product": ("A jug and three lemons", "A bottle of olive oil", "A bowl on linen", "Pears that are nearly ripe"),
}
LIGHTS: Final = (
    "at dusk, coral and sand",
    "in early fog, teal and grey",
    "under a mint moon at night",
    "in the gold of late afternoon",
    "in winter light, blue and white",
    "with one warm lamp, deep violet",
    "at noon, bright and flat",
    "after the storm, green and slate",
)


def prompt_for(chance: Random, look: str) -> str:
    """One of them."""
    return f"{chance.choice(THINGS[look])} {chance.choice(LIGHTS)}"
