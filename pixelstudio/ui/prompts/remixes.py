"""What a remix changed, as it is shown: runs of words, and settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.features.gallery.remixes import ChangedSetting
from pixelstudio.features.prompts.changes import changes, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.features.gallery.remixes import Remix
    from pixelstudio.features.prompts.changes import Change


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that stayed, went or came."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class RemixView:
    """What was changed. No parts: the words are the same."""

    parts: list[Part] = field(default_factory=list)
    settings: list[ChangedSetting] = field(default_factory=list)


def remix_view(changed: Remix, *, in_short: bool = False) -> RemixView:
    """A remix; `in_short` for a narrow place, with a few words around each change."""
    return RemixView(_parts(shortened(changed.words) if in_short else changed.words), list(changed.settings))


def parts_of(before: str, after: str) -> list[Part]:
    """The change from one text to another, word by word."""
    return _parts(changes(before, after))


def short_parts_of(before: str, after: str) -> list[Part]:
    """The same for a narrow place; nothing where there is no change."""
    return _parts(shortened(changes(before, after))) if before != after else []


def _parts(told: Iterable[Change]) -> list[Part]:
    return [Part(change.kind, change.words) for change in told]
