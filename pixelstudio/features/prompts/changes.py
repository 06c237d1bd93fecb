"""Changes: what became of a text, word by word, for people who decide whether to take it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Run = tuple[bool, Sequence[str], Sequence[str]]
    """Whether it stayed, and the pieces before and after."""

ChangeKind = Literal["same", "gone", "new"]
AROUND: Final = 4
WEIGHED_MAX: Final = 50_000
"""So many pairs of equal words are weighed: prompts that mean something have some thousands, and what is made of commas held up everybody."""
_PIECES: Final = re.compile(r"\s*\w+(?:['’-]\w+)*|\s*[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words that stayed, went or came. All that stayed and went, in order, is the text before; what stayed and came, the text after."""

    kind: ChangeKind
    words: str


def changes(before: str, after: str) -> list[Change]:
    """What became of `before`. What went stands before what came in its place. Of texts too alike in themselves only both ends are compared."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    told: list[Change] = []
    for is_same, gone, came in _runs(old, new) if _weight(old, new) <= WEIGHED_MAX else _ends(old, new):
        if is_same:
            told.append(Change("same", "".join(gone)))
            continue
        if gone:
            told.append(Change("gone", "".join(gone)))
        if came:
            told.append(Change("new", "".join(came)))
    return told


def _weight(old: Sequence[str], new: Sequence[str]) -> int:
    of_new = Counter(new)
    return sum(count * of_new[piece] for piece, count in Counter(old).items())


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", old[old_from:old_to], new[new_from:new_to]


def _ends(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """The same beginning, what is between, the same end."""
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    cuts = (0, first, len(old) - last, len(old)), (0, first, len(new) - last, len(new))
    for part, is_same in enumerate((True, False, True)):
        gone, came = (pieces[cut[part] : cut[part + 1]] for pieces, cut in zip((old, new), cuts, strict=True))
        if gone or came:
            yield is_same, gone, came


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


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
