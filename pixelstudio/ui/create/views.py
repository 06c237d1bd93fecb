"""What /create shows: choices for the composer, sets with their slots, and the little that changes with every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pixelstudio.features.generation.standing import TOO_LATE
from pixelstudio.ui import formats
from pixelstudio.ui.pictures import PictureView, picture_view

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.generation.views import SetView, SlotView
    from pixelstudio.providers.contract import ImageModel

TITLE_MAX: Final = 160
STOPPING: Final = "Stopping."
_TWELFTHS: Final = 12
_IN_A_ROW: Final = 5
_SMALL: Final = 6
HAZE_PX: Final = 14


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """One size of a model; `value` is what the form sends."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One model, and what the composer must know of it."""

    id: str = ""
    title: str = ""
    note: str = ""
    price_credits: int = 0
    max_images: int = 1
    takes_negative: bool = False
    why_no_negative: str = ""
    takes_seed: bool = True
    why_no_seed: str = ""
    sizes: list[SizeChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the composer starts with. A new `key` makes the form take it over."""

    key: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    model: str = ""
    size: str = ""
    seed: str = ""
    images: str = "4"


@dataclass(frozen=True, slots=True)
class SlotCard:
    """One wanted picture, in words. `key` finds its progress in `Steps`."""

    key: str
    state: str
    title: str
    words: str
    ratio: str
    alt: str
    picture: PictureView | None


@dataclass(frozen=True, slots=True)
class SetCard:
    """One submit: its wall label, how far it is, and its pictures."""

    id: str
    title: str
    facts: str
    columns: str
    span: str
    """Twelfths of the wall it takes: small sets hang side by side."""
    is_small: bool
    progress: str
    is_open: bool
    is_bare: bool
    """Ended without any picture: shown small."""
    slots: list[SlotCard]


@dataclass(frozen=True, slots=True)
class Step:
    """How far one drawing is. `preview` is the address of its latest picture, or empty."""

    step: int
    steps: int
    preview: str
    haze: str


def model_choice(model: ImageModel) -> ModelChoice:
    """What the composer shows of `model`."""
    return ModelChoice(
        id=model.id,
        title=model.title,
        note=model.note,
        price_credits=model.price_credits,
        max_images=model.max_images,
        takes_negative=model.supports_negative_prompt,
        why_no_negative=model.why_no_negative_prompt or f"{model.title} has no negative prompt",
        takes_seed=model.supports_seed,
        why_no_seed=model.why_no_seed,
        sizes=[SizeChoice(f"{s.width}x{s.height}", f"{s.label} {formats.size(s.width, s.height)}".strip()) for s in model.sizes],
    )


def set_card(view: SetView, now: datetime) -> SetCard:
    """One set as the page shows it."""
    columns, span = _hanging(len(view.slots), view.width / view.height)
    is_open = any(slot.state in {"waiting", "drawing"} for slot in view.slots)
    return SetCard(
        id=view.id,
        title=formats.clipped(view.prompt, TITLE_MAX),
        facts=formats.facts(*view.facts, formats.ago(view.created_at, now)),
        columns=str(columns),
        span=str(span),
        is_small=span < _SMALL,
        progress=progress_words([slot.state for slot in view.slots]),
        is_open=is_open,
        is_bare=not is_open and not any(slot.image for slot in view.slots),
        slots=[slot_card(view, slot) for slot in view.slots],
    )


def without(cards: Sequence[SetCard], image_id: str) -> list[SetCard]:
    """The sets without a picture that is gone; a set whose last one it was goes with it."""
    rest = [replace(card, slots=[slot for slot in card.slots if not slot.picture or slot.picture.id != image_id]) for card in cards]
    return [card for card in rest if card.slots]


def slot_card(view: SetView, slot: SlotView) -> SlotCard:
    """One slot in words: its place in line, or why there is no picture."""
    return SlotCard(
        key=slot_key(view.id, slot.slot),
        state=slot.state,
        title=_slot_title(slot),
        words=_slot_words(slot),
        ratio=f"{view.width / view.height:.4f}",
        alt=formats.clipped(view.prompt, TITLE_MAX),
        picture=picture_view(slot.image) if slot.image else None,
    )


def slot_key(generation_id: str, slot: int) -> str:
    """What names a slot on the page."""
    return f"{generation_id}:{slot}"


def step_of(slot: SlotView) -> Step:
    """How far a drawing is, from a snapshot."""
    return Step(slot.step, slot.steps, slot.preview_url, haze(slot.step, slot.steps))


def haze(step: int, steps: int) -> str:
    """How soft a preview is shown: it gets sharper as it gets truer."""
    return f"{HAZE_PX * max(0, steps - step) / max(1, steps):.1f}px"


def _slot_title(slot: SlotView) -> str:
    match slot.state:
        case "waiting":
            return _place_in_line(slot.position)
        case "drawing":
            return "Drawing"
        case "failed":
            return "Not drawn"
        case "cancelled":
            return "Cancelled"
        case "unknown":
            return "Nobody knows yet"
        case "done":
            return ""


def _place_in_line(position: int | None) -> str:
    match position:
        case None:
            return "In line"
        case 1:
            return "Next in line"
        case _:
            return f"{formats.ordinal(position)} in line"


def _slot_words(slot: SlotView) -> str:
    """What the title does not say yet: why it failed, why it waits. How far a drawing is changes too often to be said here."""
    if slot.state == "drawing":
        return slot.sentence if slot.sentence == TOO_LATE or (not slot.steps and slot.sentence == STOPPING) else ""
    if slot.state == "unknown":
        return f"{slot.sentence} {formats.held(slot.credits_held, slot.held_until)}".strip()
    if slot.state == "waiting" and slot.position is not None:
        return ""
    return slot.sentence.removeprefix("In line.").removeprefix("Cancelled.").strip()


def progress_words(states: list[str]) -> str:
    """How far a set is, in one line."""
    counts = {state: states.count(state) for state in ("done", "drawing", "waiting", "failed", "cancelled", "unknown")}
    if counts["drawing"] or counts["waiting"]:
        return f"{counts['done']} of {len(states)} done"
    ended = [f"{counts['done']} of {len(states)} done"]
    otherwise = (("failed", "not drawn"), ("cancelled", "cancelled"), ("unknown", "not known"))
    ended += [f"{counts[state]} {word}" for state, word in otherwise if counts[state]]
    return ", ".join(ended)


def _hanging(count: int, ratio: float) -> tuple[int, int]:
    """Pictures in a row, and the twelfths of the wall they take: rows are full when they can be, and all pictures of one height."""
    row = 3 if ratio > 1.2 else 4
    if count <= row:
        return max(1, count), max(1, count) * _TWELFTHS // row
    return min(range(row, _IN_A_ROW + 1), key=lambda columns: (-count % columns, columns)), _TWELFTHS
