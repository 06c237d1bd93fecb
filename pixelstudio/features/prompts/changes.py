"""Changes: what became of a text, word by word, for people who decide whether to take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

ChangeKind = Literal["same", "gone", "new"]
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
