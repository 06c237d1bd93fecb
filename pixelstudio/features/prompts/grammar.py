r"""The grammar of prompts: choices inside the words, resolved by a seed to plain words before anything is drawn.

    {red|blue|green}      one of these; they may be nested, and one may be empty
    {3::red|blue}         the first three times as often
    __season__            one of a list that ships with the studio
    ${c=red|blue} ... $c  a choice with a name: wherever the name stands, the same words come
    \{  \|  \_  \$        the character itself

What is kept of a set is the resolved prompt: its recipe needs neither the grammar nor the lists. A brace that is never closed, braces
without a choice in them, and names nobody gave are words like any others, for people type them.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ESCAPED: Final = re.compile(r"\\([{}|_$\\])")
_WILDCARD: Final = re.compile(r"__([a-z][a-z0-9-]{0,30})__")
_NAMED: Final = re.compile(r"\$\{([A-Za-z][A-Za-z0-9]{0,30})=")
_NAME: Final = re.compile(r"\$([A-Za-z][A-Za-z0-9]{0,30})")
_WEIGHT: Final = re.compile(r"\s*(\d{1,4}(?:\.\d{1,3})?)::")
_MARKS: Final = re.compile(r"[{$\\]|__")
_SIGN: Final = re.compile(r"\\.|[{|}]", re.DOTALL)


def resolved(text: str, seed: int, wildcards: Mapping[str, Sequence[str]]) -> str:
    """The plain words `text` becomes under `seed`; the same every time. Raises `Invalid` when choices are nested too deep or swell."""
    if not _MARKS.search(text):
        return text
    chance = random.Random(sha256(f"{seed}\0{text}".encode()).digest())  # noqa: S311  # repeatable on purpose: no secret hangs on it
    return _Resolving(chance, wildcards).words(text, 0)


@dataclass
class _Resolving:
    """One pass over one prompt."""

    chance: random.Random
    wildcards: Mapping[str, Sequence[str]]
    names: dict[str, str] = field(default_factory=dict[str, str])
    written: int = 0

    def words(self, text: str, depth: int) -> str:
        if depth > limits.CHOICES_DEPTH_MAX:
            sentence = f"Choices in braces go at most {limits.CHOICES_DEPTH_MAX} deep. Make it simpler."
            raise Invalid(sentence, code="choices_too_deep", field="prompt")
        out, braces, at = list[str](), _braces(text), 0
        while (mark := _MARKS.search(text, at)) is not None:
            out.append(text[at : mark.start()])
            piece, at = self._piece(text, mark.start(), braces, depth)
            out.append(piece)
            self._count(piece)
        out.append(text[at:])
        return "".join(out)

    def _piece(self, text: str, at: int, braces: Mapping[int, Sequence[int]], depth: int) -> tuple[str, int]:
        """What stands for the mark at `at`, and where the text goes on."""
        if escaped := _ESCAPED.match(text, at):
            return escaped[1], escaped.end()
        if (wildcard := _WILDCARD.match(text, at)) and wildcard[1] in self.wildcards:
            return self.chance.choice(self.wildcards[wildcard[1]]), wildcard.end()
        if (named := _NAMED.match(text, at)) and (marks := braces.get(at + 1)):
            words = self._chosen(text, [named.end() - 1, *marks[1:]], depth)
            self.names[named[1]] = words
            return words, marks[-1] + 1
        if (name := _NAME.match(text, at)) and name[1] in self.names:
            return self.names[name[1]], name.end()
        if (marks := braces.get(at)) and len(marks) > 2:
            return self._chosen(text, marks, depth), marks[-1] + 1
        length = 2 if text.startswith("__", at) else 1
        return text[at : at + length], at + length

    def _chosen(self, text: str, marks: Sequence[int], depth: int) -> str:
        """The words of one of the options between the marks."""
        options = [text[begin + 1 : end] for begin, end in pairwise(marks)]
        weighed = [_WEIGHT.match(option) for option in options]
        weights = [float(weight[1]) if weight else 1.0 for weight in weighed]
        if not any(weights):
            weights = [1.0] * len(options)
        words = [option[weight.end() :] if weight else option for option, weight in zip(options, weighed, strict=True)]
        return self.words(self.chance.choices(words, weights)[0].strip(), depth + 1)

    def _count(self, piece: str) -> None:
        """A name may be said again and again, each time with all its words."""
        self.written += len(piece)
        if self.written > 4 * limits.PROMPT_MAX:
            raise Invalid("The choices in this prompt become too long a text. Shorten it.", code="choices_too_long", field="prompt")


def _braces(text: str) -> dict[int, list[int]]:
    """By where a brace opens that is closed: that place, its own bars, and where it closes. Read once, however many are open."""
    closed, opened = dict[int, list[int]](), list[list[int]]()
    for sign in _SIGN.finditer(text):
        if sign[0] == "{":
            opened.append([sign.start()])
        elif sign[0] in "|}" and opened:
            opened[-1].append(sign.start())
            if sign[0] == "}":
                marks = opened.pop()
                closed[marks[0]] = marks
    return closed
