"""Shortfalls: the pictures that a set, or one of its jobs, did not bring, and what asking for them again costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
    from pixelstudio.providers.contract import ImageModel

MISSING: Final = frozenset({"failed", "cancelled"})
"""The outcomes without a picture. What is on its way has none yet, and of what is unknown nobody may ask again."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How many `pictures` did not come and may be asked for again, and what they cost together today, in whole credits."""

    pictures: int = 0
    price_credits: int = 0
    was_asked_for: bool = False
    """Whether something that did not come was asked for again already."""
    is_elsewhere: bool = False
    """Whether that was all of it: nothing came, and another set has taken its place."""


NOTHING_MISSING: Final = Shortfall()


def shortfall_of(row: GenerationRow, slots: Sequence[GenerationSlotRow], model: ImageModel | None) -> Shortfall:
    """What these slots of a set lack. Nothing can be asked of a `model` that is no longer offered (None), but that text is laid over a picture."""
    missing = [slot for slot in slots if slot.outcome in MISSING]
    is_overlay = row.overlay is not None
    again = sum(slot.retried_in is None for slot in missing) if model or is_overlay else 0
    price = model.price_of(again) if model and not is_overlay else 0
    retried = sum(slot.retried_in is not None for slot in missing)
    return Shortfall(again, price, was_asked_for=retried > 0, is_elsewhere=0 < retried == len(slots))
