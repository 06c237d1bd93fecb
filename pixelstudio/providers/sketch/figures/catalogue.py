"""Every figure by its name, as `sights` names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from pixelstudio.providers.sketch.figures.buildings import castle, church, city, farm, house, lighthouse, tower, village, windmill
from pixelstudio.providers.sketch.figures.craft import balloon, boat, ship
from pixelstudio.providers.sketch.figures.living import bird, tree, walker
from pixelstudio.providers.sketch.figures.outlines import Figure

FIGURES: Final[dict[str, Callable[[np.random.Generator], Figure]]] = {
    each.__name__: each
    for each in (lighthouse, castle, windmill, church, village, farm, city, tower, house, tree, walker, ship, boat, balloon, bird)
}
