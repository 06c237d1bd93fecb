"""Changes: what became of a text, word by word, for people who decide whether to take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

ChangeKind = Literal["same", "gone", "new"]
AROUND: Final = 4
_PIECES: Final = re.compile(r"\s*\w+(?:['’-]\w+)*|\s*[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words that stayed, went or came. All that stayed and went, in order, is the text before; what stayed and came, the text after."""

    kind: ChangeKind
    words: str


def changes(before: str, after: str) -> list[Change]:
    """What became of `before`. What went stands before what came in its place."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    told: list[Change] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            told.append(Change("same", "".join(old[old_from:old_to])))
            continue
        if old_from < old_to:
            told.append(Change("gone", "".join(old[old_from:old_to])))
        if new_from < new_to:
            told.append(Change("new", "".join(new[new_from:new_to])))
    return told


def shortened(told: Sequence[Change], around: int = AROUND) -> list[Change]:
    """The same changes, with runs that stayed cut to so many words beside what changed."""
    return [
        Change("same", _cut(change.words, around if at else 0, around if at < len(told) - 1 else 0)) if change.kind == "same" else change
        for at, change in enumerate(told)
    ]


def _cut(words: str, first: int, last: int) -> str:
    """The first and the last few words of a run, and an ellipsis for what is left out."""
    pieces = _PIECES.findall(words)
    if len(pieces) <= first + last + 1:
        return words
    return f"{''.join(pieces[:first])} …{''.join(pieces[len(pieces) - last :])}"
