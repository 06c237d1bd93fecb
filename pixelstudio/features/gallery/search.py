"""Search: what somebody typed, as words and filters; never a query language, so that nothing typed can be wrong.

`model: by: style: tag:` and a value ask for a field; everything else is words, all of which must be there, the last one perhaps unfinished.
Words are folded by `core.text.words_of` on both databases; SQLite's FTS5 and Postgres are only told ready words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, false, func, text
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.text import clean_line, words_of
from pixelstudio.features.accounts.people import people_by_handle
from pixelstudio.features.gallery.tables import PostRow, PostTagRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader

WORDS_MAX: Final = 16
FOUND_MAX: Final = 1_000
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
    return Query(tuple(words), raw["model"], raw["by"], joined["style"], joined["tag"])


async def found_by(reader: Reader, statement: Select[Any], query: Query) -> Select[Any]:
    """The rows of a query over posts that were asked for. Reads who is named, and nothing else."""
    conditions: list[ColumnElement[bool]] = []
    if query.words:
        conditions.append(_has_words(reader.dialect, query))
    if query.people:
        ids = [person.id for person in (await people_by_handle(reader, query.people)).values()]
        conditions.append(col(PostRow.account_id).in_(ids) if ids else false())
    conditions += [func.lower(col(PostRow.model)).contains(model, autoescape=True) for model in query.models]
    conditions += [func.lower(col(PostRow.style)) == style for style in query.styles]
    of_post = col(PostTagRow.image_id) == col(PostRow.image_id)
    conditions += [exists().where(of_post, col(PostTagRow.tag) == tag) for tag in query.tags]
    return statement.where(*conditions)


def _has_words(dialect: str, query: Query) -> ColumnElement[bool]:
    """Letters and digits only, each word quoted: there is no sign left that either language could mistake.

    On SQLite words alone find the newest `FOUND_MAX` of what holds them: a word that a million pictures share costs no more than a rare one.
    """
    words = query.words
    if dialect == "postgresql":
        asked = " & ".join(f"'{word}':*" for word in words)
        vector = "array_to_tsvector(string_to_array(post.words, ' '))"
        return text(f"{vector} @@ CAST(:asked AS tsquery)").bindparams(asked=asked)  # pyright: ignore[reportReturnType]  # a condition in text
    asked = " ".join(f'"{word}"*' for word in words)
    newest = f" ORDER BY rowid DESC LIMIT {FOUND_MAX}" if query == Query(words=words) else ""
    found = f"post.number IN (SELECT rowid FROM post_search WHERE post_search MATCH :asked{newest})"  # noqa: S608  # nothing of anybody's in it
    return text(found).bindparams(asked=asked)  # pyright: ignore[reportReturnType]  # as above
