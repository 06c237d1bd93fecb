"""What may leave the slice: a set and its slots, with their state in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pixelstudio.features.generation.shortfalls import NOTHING_MISSING, Shortfall

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import GenerationId
    from pixelstudio.features.generation.reasons import Reason
    from pixelstudio.features.images.views import ImageView

SlotState = Literal["waiting", "drawing", "done", "failed", "cancelled", "unknown"]


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was chosen of a model's own settings; None where it was left to the model."""

    steps: int | None = None
    guidance: float | None = None
    reference: str = ""
    """The id of the picture it went by; "" where there was none, or none this viewer may know of."""
    strength: float | None = None
    """How far it might leave that picture, 0 to 1; there with a reference alone."""
    mask: str = ""
    """The id of the mask that says which part of that picture was drawn anew, told to its owner alone; "" for all of it."""

    def without_reference(self) -> Tuning:
        """The same, as if it had gone by no picture."""
        return replace(self, reference="", strength=None, mask="")


@dataclass(frozen=True, slots=True)
class SlotView:
    """One wanted picture. `sentence` says how it stands in words; "" when the picture says it."""

    slot: int
    state: SlotState
    sentence: str
    seed: int
    position: int | None = None
    """1 is next in line; None when it is not in line, or nobody knows yet."""
    reason: Reason | None = None
    """Why it waits; None when it does not, or nobody has looked yet."""
    step: int = 0
    steps: int = 0
    """0 while nothing is known of the drawing's progress."""
    preview_url: str = ""
    """The latest preview; another address for every new one."""
    image: ImageView | None = None
    is_called_off: bool = False
    """Whether its owner called it off while it was drawn: `sentence` says what comes of that."""
    credits_held: int = 0
    """Of an unknown one: what is held until it is decided."""
    held_until: datetime | None = None
    """When an unknown one is counted as not drawn, at the latest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen for a set beside its words."""

    model: str
    width: int
    height: int
    count: int


@dataclass(frozen=True, slots=True)
class SetView:
    """One submit and its slots, in order. Pictures deleted since are left out."""

    id: GenerationId
    prompt: str
    """The whole of it, as it was drawn: what a style added is at its end."""
    negative_prompt: str
    model: str
    model_title: str
    facts: tuple[str, ...]
    """Short facts to show in a row: model, size, seed."""
    width: int
    height: int
    seed: int
    count: int
    price_credits: int
    credits_used: int
    """Of the slots that became new pictures, whether they were deleted since or not."""
    credits_returned: int
    """Of the slots that ended without one, or with one there was before; both together are the price once the set has ended."""
    created_at: datetime
    is_ended: bool
    slots: tuple[SlotView, ...]
    cursor: str
    """Leads to the sets before this one."""
    tuning: Tuning = Tuning()
    parent: str = ""
    """The id of the picture it was made from, which may be gone meanwhile."""
    ended_at: datetime | None = None
    shortfall: Shortfall = NOTHING_MISSING
    """Which of its pictures did not come, as far as they may be asked for again."""
    in_trash: int = 0
    """How many of the deleted ones can be taken back still."""
