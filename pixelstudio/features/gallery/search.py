"""Search: what somebody typed, as words and filters; never a query language, so that nothing typed can be wrong.

`model: by: style: tag:` and a value ask for a field; everything else is words, all of which must be there, the last one perhaps unfinished.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.core import limits
from pixelstudio.core.text import clean_line, words_of
from pixelstudio.features.accounts.people import people_by_handle
from pixelstudio.features.gallery.signs import beginning, field_sign, newest, word_sign

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.gallery.signs import Asked

WORDS_MAX: Final = 16
BEGINNING_MIN: Final = 3
"""So many letters begin a word; fewer, unless they are of a script that needs no more, are one."""
COMMON: Final = limits.PAGE_SIZE + 1
"""A word that so many pictures have is finished: what merely begins with it is not looked for."""
_FILTER: Final = re.compile(r"\b(model|by|style|tag):(\"[^\"]*\"|\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: words, and the values of each filter, folded."""

    words: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return any((self.words, self.models, self.people, self.styles, self.tags))


def query_of(typed: str) -> Query:
    """What somebody typed, understood. Never fails."""
    line = clean_line(typed[: limits.SEARCH_MAX])
    values: dict[str, list[str]] = {"model": [], "by": [], "style": [], "tag": []}
    for name, value in _FILTER.findall(line):
        if words_of(value):
            values[name.lower()].append(value.strip('"@'))
    words = words_of(_FILTER.sub(" ", line))[:WORDS_MAX]
    joined = {name: tuple("-".join(words_of(value)) for value in found) for name, found in values.items()}
    raw = {name: tuple(value.lower() for value in found) for name, found in values.items()}
    return Query(tuple(words), joined["model"], raw["by"], joined["style"], joined["tag"])


async def asked_by(reader: Reader, query: Query) -> Asked | None:
    """What a query looks for in the index; None when it can find nothing. Reads who is named, and whether the last word is finished."""
    asked = [[word_sign(word)] for word in query.words]
    if query.words and await _is_unfinished(reader, query.words[-1]):
        asked[-1] = [beginning(asked[-1][0])]
    if query.people:
        people = await people_by_handle(reader, query.people)
        if not people:
            return None
        asked.append([field_sign("by", person.id) for person in people.values()])
    asked += [[beginning(field_sign("model", model))] for model in query.models]
    asked += [[field_sign("style", style)] for style in query.styles]
    return asked + [[field_sign("tag", tag)] for tag in query.tags]


async def _is_unfinished(reader: Reader, word: str) -> bool:
    if len(word) < BEGINNING_MIN and word.isascii():
        return False
    return len(await newest(reader, [[word_sign(word)]], at_most=COMMON)) < COMMON
