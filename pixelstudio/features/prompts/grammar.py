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


def has_choices(text: str, wildcards: Mapping[str, Sequence[str]]) -> bool:
    """Whether the words may come out differently."""
    return resolved(text, 0, wildcards) != text


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
        out: list[str] = []
        at = 0
        while (mark := _MARKS.search(text, at)) is not None:
            out.append(text[at : mark.start()])
            piece, at = self._piece(text, mark.start(), depth)
            out.append(piece)
            self._count(piece)
        out.append(text[at:])
        return "".join(out)

    def _piece(self, text: str, at: int, depth: int) -> tuple[str, int]:
        """What stands for the mark at `at`, and where the text goes on."""
        if escaped := _ESCAPED.match(text, at):
            return escaped[1], escaped.end()
        if (wildcard := _WILDCARD.match(text, at)) and wildcard[1] in self.wildcards:
            return self.chance.choice(self.wildcards[wildcard[1]]), wildcard.end()
        if named := _NAMED.match(text, at):
            return self._named(text, named, depth)
        if (name := _NAME.match(text, at)) and name[1] in self.names:
            return self.names[name[1]], name.end()
        if text[at] == "{" and (end := _closing(text, at)) is not None:
            options = _options(text[at + 1 : end])
            if len(options) > 1:
                return self.words(self._chosen(options), depth + 1), end + 1
        length = 2 if text.startswith("__", at) else 1
        return text[at : at + length], at + length

    def _named(self, text: str, named: re.Match[str], depth: int) -> tuple[str, int]:
        end = _closing(text, named.start() + 1)
        if end is None:
            return text[named.start()], named.start() + 1
        words = self.words(self._chosen(_options(text[named.end() : end])), depth + 1)
        self.names[named[1]] = words
        return words, end + 1

    def _chosen(self, options: Sequence[str]) -> str:
        weighed = [_WEIGHT.match(option) for option in options]
        weights = [float(weight[1]) if weight else 1.0 for weight in weighed]
        if not any(weights):
            weights = [1.0] * len(options)
        words = [option[weight.end() :] if weight else option for option, weight in zip(options, weighed, strict=True)]
        return self.chance.choices(words, weights)[0].strip()

    def _count(self, piece: str) -> None:
        """A name may be said again and again, each time with all its words."""
        self.written += len(piece)
        if self.written > 4 * limits.PROMPT_MAX:
            raise Invalid("The choices in this prompt become too long a text. Shorten it.", code="choices_too_long", field="prompt")


def _closing(text: str, opening: int) -> int | None:
    """The brace that closes the one at `opening`; None when there is none."""
    depth, at = 0, opening
    while at < len(text):
        match text[at]:
            case "\\":
                at += 1
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if depth == 0:
                    return at
            case _:
                pass
        at += 1
    return None


def _options(inside: str) -> list[str]:
    """What stands between the bars of one pair of braces, those of inner pairs left alone."""
    options, depth, begun, at = list[str](), 0, 0, 0
    while at < len(inside):
        match inside[at]:
            case "\\":
                at += 1
            case "{":
                depth += 1
            case "}":
                depth -= 1
            case "|" if depth == 0:
                options.append(inside[begun:at])
                begun = at + 1
            case _:
                pass
        at += 1
    return [*options, inside[begun:]]
