"""What a remix changed of the picture it was made from: its words, and its settings by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.features.generation.styles import parted
from pixelstudio.features.prompts.changes import changes, shortened
from pixelstudio.ui import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.features.generation.views import Tuning
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.features.prompts.changes import Change
    from pixelstudio.providers.contract import ImageModel

WITHOUT_MAX: Final = 60
GOES_BY: Final = "Goes by"
STRENGTH: Final = "Strength"
MASK: Final = "Mask"
PAINTED: Final = "painted"
# What a setting says that was left empty.
_EMPTY: Final = {"Without": "nothing", "Style": "none", "Seed": "new", GOES_BY: "no picture", MASK: "none"}
_USUAL: Final = "usual"


@dataclass(frozen=True, slots=True)
class Making:
    """How a picture is made: its prompt without its style, and its settings by the names people read; "" is what is left empty."""

    prompt: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that stayed, went or came."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """One setting, as it was and as it is."""

    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Remix:
    """What was changed. No parts: the words are the same."""

    parts: list[Part] = field(default_factory=list)
    settings: list[ChangedSetting] = field(default_factory=list)


def making_of(image: ImageView, tuning: Tuning, model: ImageModel | None) -> Making:
    """How a finished picture was made; `model` is None when this installation no longer offers it."""
    prompt, style = parted(image.prompt)
    settings = {
        "Without": image.negative_prompt,
        "Model": model.title if model else image.model,
        "Style": style.title if style.words else "",
        "Size": formats.size(image.width, image.height),
        "Seed": str(image.seed) if model is None or model.supports_seed else "",
        "Steps": "" if tuning.steps is None else str(tuning.steps),
        "Guidance": "" if tuning.guidance is None else f"{tuning.guidance:g}",
        GOES_BY: tuning.reference,
        MASK: PAINTED if tuning.mask else "",
        STRENGTH: "" if tuning.strength is None else formats.share(tuning.strength),
    }
    return Making(prompt, settings)


def remix(before: Making, after: Making) -> Remix:
    """What became of `before`. How far a picture may be left is told only of two that go by one."""
    both_go_by = bool(before.settings[GOES_BY] and after.settings[GOES_BY])
    changed = [
        _changed(word, was, after.settings[word])
        for word, was in before.settings.items()
        if was != after.settings[word] and (word != STRENGTH or both_go_by)
    ]
    return Remix(parts_of(before.prompt, after.prompt) if before.prompt != after.prompt else [], changed)


def parts_of(before: str, after: str) -> list[Part]:
    """The change from one text to another, word by word."""
    return _parts(changes(before, after))


def short_parts_of(before: str, after: str) -> list[Part]:
    """The same for a narrow place, with a few words around each change; nothing where there is none."""
    return _parts(shortened(changes(before, after))) if before != after else []


def _parts(told: Iterable[Change]) -> list[Part]:
    return [Part(change.kind, change.words) for change in told]


def _changed(word: str, was: str, now: str) -> ChangedSetting:
    if word == GOES_BY:
        return ChangedSetting(
            word, "a picture" if was else _EMPTY[word], ("another picture" if was else "a picture") if now else _EMPTY[word]
        )
    return ChangedSetting(word, _said(word, was), _said(word, now))


def _said(word: str, value: str) -> str:
    return formats.clipped(value, WITHOUT_MAX) or _EMPTY.get(word, _USUAL)
