"""What they asked for: by look, a thing and a light, put together so that hardly two are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

THINGS: Final = {
    "sketch-paper": ("Coral dunes", "Waves cut from paper", "Terraced hills", "A forest of cut-out pines", "Folded mountains"),
    "sketch-bloom": ("An open rose", "A wild peony", "A poppy wide awake", "A pale magnolia", "A dahlia seen from above"),
    "sketch-horizon": (
        "Blue mountains",
        "A lake without wind",
        "The last ridge before the sea",
        "Far dunes",
        "The northern hills",
    ),
    "sketch-arches": ("Terracotta arches", "A cloister with one door", "A niche within a niche", "A doorway and a ball"),
    "sketch-silk": ("A curtain in the wind", "Folds of heavy silk", "A scarf let go", "Velvet in one breath"),
    "sketch-orbs": ("Planets adrift", "Soap bubbles", "Quiet moons", "Marbles that float"),
    "sketch-flow": ("Currents under the ice", "Wind over barley", "A river seen from a plane", "Smoke that takes its time"),
    "sketch-glass": ("Lead and coloured light", "A star of many panes", "A rose window", "The window behind the altar"),
    "sketch-poster": ("Summer concert by the lake", "Night train to the south", "An exhibition of chairs", "Open-air cinema"),
    "sketch-product": ("A jar of honey", "A bottle of olive oil", "A vase and a ball", "A flask of perfume"),
}
"""What each look draws, for it takes no more from words than colours, moods and a few shapes: a title that names something else would be untrue."""
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
