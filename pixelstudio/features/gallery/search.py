"""Search: what somebody typed, as words and filters; never a query language, so that nothing typed can be wrong.

`model: by: style: tag: seed: size: date: is:` and a value ask for a field; everything else is words, all of which must be there, the last one
perhaps unfinished. Of several values of one field a picture must have each, as it must have each word. After what has the very words comes
what is of their kind (`features/images/kin`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.text import clean_line, words_of
from pixelstudio.features.accounts.people import people_by_handle
from pixelstudio.features.gallery.signs import FOUND_MAX, SHAPES, beginning, field_sign, newest, word_sign
from pixelstudio.features.gallery.spans import span_of, span_signs
from pixelstudio.features.gallery.tables import FollowRow
from pixelstudio.features.images.kin import kin_as_words

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.signs import Asked

FIELDS: Final = ("model", "by", "style", "tag", "seed", "size", "date", "is")
MINE, FOLLOWED, LIKED = "mine", "followed", "liked"
MARKS: Final = (MINE, FOLLOWED, LIKED, *SHAPES)
"""What a picture may be for whoever asks, or for anybody."""
WORDS_MAX: Final = 16
BEGINNING_MIN: Final = 3
"""So many letters begin a word; fewer, unless they are of a script that needs no more, are one."""
COMMON: Final = limits.PAGE_SIZE + 1
"""A word that so many pictures have is finished: what merely begins with it is not looked for."""
KINDS_MAX: Final = 4
"""Of so many words of what is typed things of their kind are looked for; the others stand for themselves."""
FOLLOWED_MAX: Final = 500
"""Of more people than these, those who were followed last are looked for."""
_FILTER: Final = re.compile(rf"\b({'|'.join(FIELDS)}):(\"[^\"]*\"|\S*)", re.IGNORECASE)
_SIDES: Final = re.compile(r"(\d{1,5})(?:[x-](\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: words, and the values of each field as they stand there, without quotes."""

    words: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.words or self.fields)

    @property
    def asks_for_liked(self) -> bool:
        """Whether only what the viewer likes is meant, which no index knows."""
        return LIKED in map(_folded, self.fields.get("is", ()))


def query_of(typed: str) -> Query:
    """What somebody typed, understood. Never fails."""
    line = clean_line(typed[: limits.SEARCH_MAX])
    values: dict[str, tuple[str, ...]] = {}
    for name, value in _FILTER.findall(line):
        if words_of(value):
            values[name.lower()] = (*values.get(name.lower(), ()), value.strip('"@'))
    return Query(tuple(words_of(_FILTER.sub(" ", line))[:WORDS_MAX]), values)


async def asked_by(reader: Reader, viewer: Actor | None, query: Query) -> Asked | None:
    """What a query looks for in the index; None when it can find nothing. Reads who is named, and whether the last word is finished."""
    asked = await _as_finished(reader, viewer, query)
    return _begun(asked, query) if asked and await _is_unfinished(reader, query) else asked


async def first_found(
    reader: Reader, viewer: Actor | None, query: Query, *, below: int | None = None, at_most: int
) -> tuple[Asked | None, list[int]]:
    """What a query looks for, and the newest it finds, as `newest`. The last word is taken as finished first: what is found says whether it is."""
    asked = await _as_finished(reader, viewer, query)
    if not asked:
        return asked, []
    numbers = await newest(reader, asked, below=below, at_most=at_most)
    have_it = len(numbers) if len(asked) == 1 and below is None and len(numbers) < at_most else None
    if len(numbers) >= COMMON or not await _is_unfinished(reader, query, have_it):
        return asked, numbers
    asked = _begun(asked, query)
    return asked, await newest(reader, asked, below=below, at_most=at_most)


async def all_found(reader: Reader, viewer: Actor | None, query: Query) -> tuple[Asked | None, list[int], list[int]]:
    """What a query looks for, and the newest `FOUND_MAX` it finds: those with the very words, and those of their kind."""
    asked, numbers = await first_found(reader, viewer, query, at_most=FOUND_MAX)
    kin: Asked = with_kin(asked, query) if asked and len(numbers) < FOUND_MAX else ()
    return asked, numbers, await newest(reader, kin, besides=asked or (), at_most=FOUND_MAX - len(numbers)) if kin else []


def with_kin(asked: Asked, query: Query) -> Asked:
    """The same with what is of the kind of a word beside it. Nothing when no word says a kind of thing."""
    kin = {at: [word_sign(one) for one in kin_as_words(word)] for at, word in enumerate(query.words)}
    kinds = [at for at, signs in kin.items() if signs][:KINDS_MAX]
    return [[*group, *(kin[at] if at in kinds else ())] for at, group in enumerate(asked)] if kinds else ()


async def _as_finished(reader: Reader, viewer: Actor | None, query: Query) -> Asked | None:
    """As `asked_by`, with the last word as it stands."""
    asked = [[word_sign(word)] for word in query.words]
    for name, values in query.fields.items():
        for value in values:
            signs = await _signs_of(reader, viewer, name, value)
            if signs is None:
                return None
            asked += [signs] if signs else []
    return asked


def _begun(asked: Asked, query: Query) -> Asked:
    """The same, with whatever begins with the last word."""
    last = len(query.words) - 1
    return [*asked[:last], [beginning(asked[last][0])], *asked[last + 1 :]]


async def _signs_of(reader: Reader, viewer: Actor | None, name: str, value: str) -> list[str] | None:
    """Of which signs a picture must have one, for a value of a field; no sign when the index does not know it, None when nothing has it."""
    folded = _folded(value)
    match name:
        case "model":
            return [beginning(field_sign("model", folded))]
        case "by":
            return [field_sign("by", person.id) for person in (await people_by_handle(reader, [value.lower()])).values()] or None
        case "seed":
            is_seed = value.isdecimal() and len(value) <= len(str(limits.SEED_MAX))
            return [field_sign("seed", str(int(value)))] if is_seed else None
        case "size":
            return _size(folded)
        case "date":
            span = span_of(value, reader.now.date())
            return [field_sign("date", one) for one in span_signs(*span)] or None if span else None
        case "is":
            return await _mark(reader, viewer, folded)
        case _:
            return [field_sign(name, folded)]


def _size(folded: str) -> list[str] | None:
    """Of a shape; or with these sides, of which one may be left out."""
    if folded in SHAPES:
        return [field_sign("size", folded)]
    sides = _SIDES.fullmatch(folded)
    return [field_sign("size", "x".join(str(int(side)) for side in sides.groups() if side))] if sides else None


async def _mark(reader: Reader, viewer: Actor | None, folded: str) -> list[str] | None:
    if folded in SHAPES:
        return [field_sign("size", folded)]
    if viewer is None or folded not in MARKS:
        return None
    if folded == MINE:
        return [field_sign("by", viewer.id)]
    return await _by_followed(reader, viewer) or None if folded == FOLLOWED else []


async def _by_followed(reader: Reader, viewer: Actor) -> list[str]:
    followed = select(col(FollowRow.followed_id)).where(col(FollowRow.follower_id) == viewer.id)
    latest = followed.order_by(col(FollowRow.created_at).desc()).limit(FOLLOWED_MAX)
    return [field_sign("by", person_id) for person_id in (await reader.exec(latest)).scalars()]


async def _is_unfinished(reader: Reader, query: Query, have_it: int | None = None) -> bool:
    """Whether the last word is rather the beginning of one; `have_it` is how many have it, when that is known."""
    if not query.words or (len(query.words[-1]) < BEGINNING_MIN and query.words[-1].isascii()):
        return False
    if have_it is None:
        have_it = len(await newest(reader, [[word_sign(query.words[-1])]], at_most=COMMON))
    return have_it < COMMON


def _folded(value: str) -> str:
    return "-".join(words_of(value))
