"""What /create shows of what was asked for: sets with their slots, and the little that changes with every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pixelstudio.features.generation.styles import parted, style_of
from pixelstudio.ui import formats
from pixelstudio.ui.pictures import blur, widths

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.generation.requests import GenerationRequest
    from pixelstudio.features.generation.variations import Kind
    from pixelstudio.features.generation.views import SetView, SlotView
    from pixelstudio.features.generation.waits import Outlook, Wait
    from pixelstudio.providers.contract import ImageModel

TITLE_MAX: Final = 160
_TWELFTHS: Final = 12
_IN_A_ROW: Final = 5
_SMALL: Final = 6
_ROOMY_RATIO: Final = 1.0
"""A frame that is broader is too low for a sentence in the two columns of a phone."""
_TALL: Final = 0.7
HAZE_PX: Final = 14
_NUMBERS: Final = {2: "two", 3: "three", 4: "four"}
_ASIDE: Final = {"aside": "Put aside", "again": "Trying again"}
"""What is out of the line has no place to say."""
ASKED_AGAIN: Final = "What is missing was asked for again."


@dataclass(frozen=True, slots=True)
class SlotCard:
    """One wanted picture, in words: what it shares with its set, the set says. `key` finds its progress in `Steps`."""

    key: str
    state: str
    title: str
    words: str
    nth: str
    """Which one of several that are shown it is, to be put behind the words it shares with them; empty where it is alone."""
    image: str
    """The id of its picture; empty until it is there."""
    blur: str
    """What stands in the picture's place until it is loaded; empty where its last preview does."""
    is_public: bool
    """Whether everybody with its address sees it."""


@dataclass(frozen=True, slots=True)
class SetCard:
    """One submit: its wall label, how far it is, and its pictures."""

    id: str
    title: str
    alt: str
    facts: str
    thrown: str
    """How many of its pictures are not shown because they are in the trash, in words; empty for none."""
    ratio: str
    widths: list[int]
    """Of its pictures' renditions."""
    columns: str
    span: str
    """Twelfths of the wall it takes: small sets hang side by side."""
    is_small: bool
    is_tall: bool
    """Its pictures are so tall that a phone has room for more than two of them side by side."""
    progress: str
    is_open: bool
    can_cancel: bool
    """Whether something of it is under way that was not called off yet."""
    is_bare: bool
    """Ended without any picture: shown small, but where it was larger before."""
    may_review: bool
    """Has several pictures to choose among, or will have."""
    receipt: str
    """What was paid and what came back, once it has ended, and what is held until then; empty for what is free."""
    reasons: list[str]
    """Why pictures are missing or cost nothing, each reason once, as far as no frame has room to say it."""
    slots: list[SlotCard]
    missing: str
    """What asking for the missing pictures would do, as its button says; empty when there is nothing to ask for."""
    missing_price: str
    missing_credits: int
    """The price of it, in words and as it is agreed to."""
    missing_in: str
    """The slot in whose frame it is asked for; empty where none has the room."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one drawing is. `preview` is the address of its latest picture, or empty."""

    step: int
    steps: int
    preview: str
    haze: str


def set_card(view: SetView, now: datetime, waits: Mapping[int, Wait] | None = None, *, keeps_room: bool = False) -> SetCard:
    """One set as the page shows it; `waits` are those of its slots of which something is known.

    Why pictures are missing, and the way to ask for them again, stand in their frames: what comes below a set would move all that follows.
    For the same reason one that was seen in full before `keeps_room`.
    """
    is_called_off = all(slot.state == "cancelled" for slot in view.slots)
    shown = view.slots[:1] if is_called_off else view.slots  # the others say the same
    columns, span = _hanging(len(shown), view.width / view.height)
    is_open = any(slot.state in {"waiting", "drawing"} for slot in view.slots)
    lacks = not is_open and view.shortfall.pictures > 0
    has_picture = any(slot.image for slot in view.slots)
    is_bare = not is_open and not has_picture and (is_called_off or not keeps_room)
    told = {} if is_bare or view.width / view.height > _ROOMY_RATIO else _told_in_frames(view)
    return SetCard(
        id=view.id,
        title=formats.clipped(parted(view.prompt)[0], TITLE_MAX),
        alt=formats.clipped(view.prompt, TITLE_MAX),
        ratio=f"{view.width / view.height:.4f}",
        widths=widths(view.width, view.height),
        facts=formats.facts(*_facts(view, is_small=span < _SMALL), formats.ago(view.created_at, now)),
        thrown=f"{view.in_trash} in the trash" if view.in_trash else "",
        columns=str(columns),
        span=str(span),
        is_small=span < _SMALL,
        is_tall=view.width / view.height < _TALL,
        progress=progress_words([slot.state for slot in view.slots]),
        is_open=is_open,
        can_cancel=any(slot.state in {"waiting", "drawing"} and not slot.is_called_off for slot in view.slots),
        is_bare=is_bare,
        may_review=sum(is_open or slot.image is not None for slot in view.slots) > 1,
        receipt=held(view.price_credits) if is_open else receipt(view.credits_used, view.credits_returned),
        reasons=reasons(view, told),
        slots=[slot_card(view, place, (waits or {}).get(slot.slot), told.get(slot.slot, "")) for place, slot in enumerate(shown)],
        missing=missing_words(view.shortfall.pictures, view.count, in_frame=bool(told)) if lacks else "",
        missing_price=formats.price(view.shortfall.price_credits) if lacks else "",
        missing_credits=view.shortfall.price_credits if lacks else 0,
        missing_in=next((slot_key(view.id, slot) for slot in told), "") if lacks else "",
    )


def _facts(view: SetView, *, is_small: bool) -> Iterator[str]:
    """Each in one piece, on however many lines. The seed, and over a small set the size, stand in the recipe of each picture."""
    unsaid = {f"seed {view.seed}", *([formats.size(view.width, view.height)] if is_small else [])}
    shown = (fact for fact in view.facts if fact not in unsaid)
    return (fact.replace(" ", "\N{NO-BREAK SPACE}") for fact in shown)


def missing_words(missing: int, count: int, *, in_frame: bool = False) -> str:
    """What asking again for so many pictures of a set would do; in one of their frames in few words."""
    if count == 1 or (in_frame and missing == 1):
        return "Try again"
    if missing == count:
        return "Draw both again" if count == 2 else f"Draw all {count} again"
    if in_frame:
        return f"Draw {missing} again"
    return "Draw the one that is missing" if missing == 1 else f"Draw the {missing} that are missing"


def held(credits_: int) -> str:
    """What is held for a set that is under way."""
    return f"held {credits_}" if credits_ else ""


def receipt(used: int, returned: int) -> str:
    """What a set came to, in credits."""
    if not used and not returned:
        return ""
    return f"used {used}, returned {returned}" if returned else f"used {used}"


def _told_in_frames(view: SetView) -> dict[int, str]:
    """Why pictures are missing, each sentence in the frame of the first slot it is about."""
    first: dict[str, int] = {}
    for slot in view.slots:
        if slot.image is None and (sentence := _reason(slot)):
            first.setdefault(sentence, slot.slot)
    return {slot: sentence for sentence, slot in first.items()}


def reasons(view: SetView, told: Mapping[int, str]) -> list[str]:
    """Why pictures of a set are missing, or cost nothing: each sentence once, with how many it is about when it is not about all, but for those
    that are `told` in frames.

    The last one says that they were asked for again, once all of them were.
    """
    said = Counter(sentence for slot in view.slots if (sentence := _reason(slot)) and sentence not in told.values())
    words = [sentence if count == len(view.slots) else f"{formats.pictures(count)}: {sentence}" for sentence, count in said.items()]
    return [*words, ASKED_AGAIN] if view.shortfall.was_asked_for and not view.shortfall.pictures else words


def _reason(slot: SlotView) -> str:
    match slot.state:
        case "failed" | "done":
            return slot.sentence
        case "cancelled":
            return slot.sentence.removeprefix("Cancelled.").strip()
        case "unknown":
            return f"{slot.sentence} {formats.held(slot.credits_held, slot.held_until)}".strip()
        case _:
            return ""


def waits_of(view: SetView, model: ImageModel, outlook: Outlook) -> dict[int, Wait]:
    """How long each waiting slot of a set will take, where it is in line and enough is known."""
    found = {s.slot: outlook.wait_at(model, view.width, view.height, s.position) for s in view.slots if s.position}
    return {slot: wait for slot, wait in found.items() if wait}


def watched(card: SetCard, before: SetCard) -> SetCard:
    """The set as a page is sent it that showed it as `before`: pictures whose drawing was watched need no blur."""
    seen = {slot.key for slot in before.slots if slot.state == "drawing" or (slot.image and not slot.blur)}
    return replace(card, slots=[replace(slot, blur="") if slot.key in seen else slot for slot in card.slots])


def favourites(views: Sequence[SetView]) -> dict[str, bool]:
    """Which pictures of these sets are favourites, by id; the others are not named."""
    return {slot.image.id: True for view in views for slot in view.slots if slot.image and slot.image.is_favourite}


def slot_card(view: SetView, place: int, wait: Wait | None = None, told: str = "") -> SlotCard:
    """What stands at a place of a set in words: its place in line, why it waits and how long, or why there is no picture, as far as it is `told`."""
    slot = view.slots[place]
    return SlotCard(
        key=slot_key(view.id, slot.slot),
        state=slot.state,
        title=_slot_title(slot),
        words=told or _slot_words(slot, wait),
        nth=f", {place + 1} of {len(view.slots)}" if len(view.slots) > 1 else "",
        image=slot.image.id if slot.image else "",
        blur=blur(slot.image.thumbhash) if slot.image else "",
        is_public=slot.image is not None and slot.image.visibility == "public",
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
            return _ASIDE.get(slot.reason.kind if slot.reason else "", "") or _place_in_line(slot.position)
        case "drawing":
            return "Drawing"
        case "failed":
            return "Not drawn"
        case "cancelled":
            return "Cancelled"
        case "unknown":
            return "Not known"
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


def _slot_words(slot: SlotView, wait: Wait | None) -> str:
    """What the title does not say yet: why it waits and how long, that it stops. Why it failed is said once for a set.

    How far a drawing is changes too often to be said here.
    """
    if slot.state == "drawing":
        return slot.sentence if slot.is_called_off else ""
    if slot.state != "waiting" or slot.reason is None or slot.reason.kind == "aside":
        return ""
    why = "" if slot.reason.is_told_by_place else slot.reason.sentence
    return f"{why} {formats.done_in(wait.low_s, wait.high_s) if wait else ''}".strip()


def progress_words(states: list[str]) -> str:
    """How far a set is, in one line: which of its pictures are at it, else how it ended."""
    counts = {state: states.count(state) for state in ("done", "drawing", "waiting", "failed", "cancelled", "unknown")}
    if drawing := [number for number, state in enumerate(states, 1) if state == "drawing"]:
        return f"Drawing {_numbers(drawing)} of {len(states)}"
    if counts["waiting"]:
        return f"{counts['done']} of {len(states)} done, {counts['waiting']} in line"
    ended = [f"{counts['done']} of {len(states)} done"]
    otherwise = (("failed", "not drawn"), ("cancelled", "cancelled"), ("unknown", "not known"))
    ended += [f"{counts[state]} {word}" for state, word in otherwise if counts[state]]
    return ", ".join(ended)


def _numbers(numbers: Sequence[int]) -> str:
    """Rising numbers in words, the shorter way."""
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 and last - first == len(numbers) - 1:
        return f"{first} to {last}"
    return " and ".join(part for part in (", ".join(map(str, numbers[:-1])), str(last)) if part)


def variation_words(kind: Kind, requests: Sequence[GenerationRequest], titles: Mapping[str, str]) -> str:
    """What was just asked for, while it is drawn; `titles` are those of models."""
    match kind:
        case "one":
            return "Drawing one more."
        case "subtle":
            return f"Drawing {_in_words(requests)} more."
        case "strong":
            return f"Drawing {_in_words(requests)} in another style: {style_of(requests[0].style).title}."
        case "looks":
            *others, last = (titles[request.model] for request in requests)
            return f"Drawing it by {' and '.join(part for part in (', '.join(others), last) if part)}."


def _in_words(requests: Sequence[GenerationRequest]) -> str:
    count = sum(request.count for request in requests)
    return _NUMBERS.get(count, str(count))


def _hanging(count: int, ratio: float) -> tuple[int, int]:
    """Pictures in a row, and the twelfths of the wall they take: rows are full when they can be, and all pictures of one height."""
    row = 3 if ratio > 1.2 else 4
    if count <= row:
        return max(1, count), max(1, count) * _TWELFTHS // row
    return min(range(row, _IN_A_ROW + 1), key=lambda columns: (-count % columns, columns)), _TWELFTHS
