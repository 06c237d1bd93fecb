"""Remixes: what a picture changed of the one it was made from: its words, and its settings by the names people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.gallery.lineage import tuning_for
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.prompts.changes import Change, changes

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.lineage import Lineage
    from pixelstudio.features.generation.views import Tuning
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.providers.registry import Registry

SETTING_MAX: Final = 60
GOES_BY: Final = "Goes by"
STRENGTH: Final = "Strength"
MASK: Final = "Mask"
PAINTED: Final = "painted"
# What a setting says that was left empty.
_EMPTY: Final = {"Without": "nothing", "Style": "none", "Seed": "new", GOES_BY: "no picture", MASK: "none"}
_USUAL: Final = "usual"


@dataclass(frozen=True, slots=True)
class Making:
    """How a picture is made: its prompt without its style, and its settings by name; "" is what is left empty."""

    prompt: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """One setting, as it was and as it is."""

    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Remix:
    """What was changed. No words: they are the same."""

    words: tuple[Change, ...] = ()
    settings: tuple[ChangedSetting, ...] = ()


def making_of(image: ImageView, tuning: Tuning, model: ImageModel | None) -> Making:
    """How a finished picture was made; `model` is None when this installation no longer offers it."""
    prompt, style = parted(image.prompt)
    settings = {
        "Without": image.negative_prompt,
        "Model": model.title if model else image.model,
        "Style": style.title if style.words else "",
        "Size": f"{image.width} × {image.height}",
        "Seed": str(image.seed) if model is None or model.supports_seed else "",
        "Steps": "" if tuning.steps is None else str(tuning.steps),
        "Guidance": "" if tuning.guidance is None else f"{tuning.guidance:g}",
        GOES_BY: tuning.reference,
        MASK: PAINTED if tuning.mask else "",
        STRENGTH: "" if tuning.strength is None else f"{tuning.strength * 100:g} %",
    }
    return Making(prompt, settings)


def remix(before: Making, after: Making) -> Remix:
    """What became of `before`. How far a picture may be left is told only of two that go by one."""
    both_go_by = bool(before.settings[GOES_BY] and after.settings[GOES_BY])
    changed = (
        _changed(word, was, after.settings[word])
        for word, was in before.settings.items()
        if was != after.settings[word] and (word != STRENGTH or both_go_by)
    )
    words = changes(before.prompt, after.prompt) if before.prompt != after.prompt else ()
    return Remix(tuple(words), tuple(changed))


async def remix_in(reader: Reader, viewer: Actor | None, lineage: Lineage, image: ImageView, registry: Registry) -> Remix | None:
    """What a picture changed of the last of its parents; None where this viewer is led to none."""
    if not lineage.parents:
        return None
    models = {model.id: model for model in registry.models()}
    parent = lineage.parents[-1]
    before, after = [making_of(one, await tuning_for(reader, viewer, one), models.get(one.model)) for one in (parent, image)]
    return remix(before, after)


def _changed(word: str, was: str, now: str) -> ChangedSetting:
    if word == GOES_BY:
        return ChangedSetting(
            word, "a picture" if was else _EMPTY[word], ("another picture" if was else "a picture") if now else _EMPTY[word]
        )
    return ChangedSetting(word, _said(word, was), _said(word, now))


def _said(word: str, value: str) -> str:
    return clip(clean_line(value), SETTING_MAX) or _EMPTY.get(word, _USUAL)
