"""What the landing shows of a guest's tries: each a frame that is drawn in, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixelstudio.core.limits import GUEST_PICTURES
from pixelstudio.ui import formats
from pixelstudio.ui.pictures import PictureView, picture_view

if TYPE_CHECKING:
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.jobs.progress import Progress
    from pixelstudio.providers.contract import ImageModel

TITLE_MAX = 90
_HAZE_PX = 14


@dataclass(frozen=True, slots=True)
class Choice:
    """One look to draw in."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Try:
    """One of a guest's pictures, on its way or done."""

    id: str = ""
    title: str = ""
    facts: str = ""
    state: str = ""
    """waiting, drawing, done or failed."""
    words: str = ""
    step: int = 0
    steps: int = 1
    preview: str = ""
    haze: str = "0px"
    spill: str = "gray"
    picture: PictureView | None = None


def choice_of(model: ImageModel) -> Choice:
    """A look by its name and, for whoever has not seen it, what it draws."""
    return Choice(model.id, f"{model.title}: {model.subjects}" if model.subjects else model.title)


def try_of(view: SetView) -> Try:
    """A set of one picture, as it stands."""
    slot = view.slots[0]
    image = slot.image
    return Try(
        id=view.id,
        title=formats.clipped(view.prompt, TITLE_MAX),
        facts=formats.facts(view.model_title, "Sketch (not AI)"),
        state="failed" if slot.state in {"failed", "cancelled"} else slot.state,
        words=slot.sentence,
        step=slot.step,
        steps=slot.steps or 1,
        preview=slot.preview_url,
        haze=_haze(slot.step, slot.steps),
        spill=image.spill or "gray" if image else "gray",
        picture=picture_view(image) if image else None,
    )


def stepped(shown: Try, progress: Progress) -> Try:
    """The same try, a step further."""
    preview = f"/media/live/{shown.id}/0?n={progress.number}" if progress.preview else shown.preview
    return Try(
        id=shown.id,
        title=shown.title,
        facts=shown.facts,
        state="drawing",
        words="Drawing.",
        step=progress.step,
        steps=progress.steps or 1,
        preview=preview,
        haze=_haze(progress.step, progress.steps),
    )


def left_words(left: int) -> str:
    """How many tries are left, each of one picture: two short lines on a phone."""
    if left >= GUEST_PICTURES:
        return "Three tries, no account"
    return {2: "Two tries left", 1: "One try left"}.get(left, "These were your three pictures")


def _haze(step: int, steps: int) -> str:
    return f"{_HAZE_PX * (1 - step / steps):.0f}px" if steps else "0px"
