"""How often this process looks for garbage in cycles: seldom, for it loads a lot that stays and makes little that does not."""

from __future__ import annotations

import gc
from typing import Final

# Python's own 700 costs a quarter of the start: some hundred rounds over modules that are only just being loaded.
YOUNG: Final = 50_000


def collect_seldom() -> None:
    """Call before anything large is imported."""
    gc.set_threshold(YOUNG, 20, 50)


def keep_what_is_loaded() -> None:
    """Call once everything is loaded: no later round looks at it again, so none takes long."""
    gc.collect()
    gc.freeze()
