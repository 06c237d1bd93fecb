"""Signs: everything a picture that everybody sees is found by, in one index: folded words, fields, its colours, how light lies on it.

A post keeps its signs in `words`, a blank between two. The index is FTS5 on SQLite and GIN on Postgres; each is told ready signs, quoted,
of letters, digits, ":" and "-" alone, so that nothing anybody types can be mistaken for its language. What is found is numbers of posts,
the newest first: a sign that a million pictures share costs no more than a rare one.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import delete
from sqlmodel import col

from pixelstudio.core.text import words_of
from pixelstudio.db.script import one_step
from pixelstudio.features.gallery.spans import signs_of_day
from pixelstudio.features.gallery.tables import PostLookRow, PostRow
from pixelstudio.imaging.looks import signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.images.views import ImageView

Asked: TypeAlias = "Sequence[Sequence[str]]"
"""Of every group at least one sign must be there."""

FOUND_MAX: Final = 1_000
SIGN_MAX: Final = 60
"""Longer ones are cut, here and where they are asked for; Postgres takes no word of thousands of letters."""
SQUARE, LANDSCAPE, PORTRAIT = SHAPES = ("square", "landscape", "portrait")
_BEGINNING: Final = "*"
_WINDOWS: Final = (12, 15, 18)
"""GIN knows no order and finds everything at once: first the newest 4,096 are looked through, then more, until there is enough. For that each
post has signs that say in which of these stretches, each of two to the power of so many numbers, it stands.
"""
_SPACED: Final = "(' ' || words || ' ')"
_LOOKED_THROUGH: Final = 512
"""Among so many of the newest what is frequent is found by looking at one after the other, before GIN has collected any of it."""
_BEGINNINGS_AMONG: Final = 2_048
"""The same for what only begins with something: of that GIN collects all there is before it takes a stretch into account."""
_BEGUN_MAX: Final = 32
"""So many words that begin so are each looked for as they are."""
_BEGUN_WORDS: Final = (
    "WITH RECURSIVE begun(word) AS (SELECT (SELECT term FROM post_search_words WHERE term >= :first LIMIT 1)"
    " UNION ALL SELECT (SELECT term FROM post_search_words WHERE term >= word || char(1) LIMIT 1) FROM begun WHERE word < :beyond LIMIT :most)"
    " SELECT word FROM begun WHERE word >= :first AND word < :beyond"
)
_FEW: Final = 8
"""For more signs at once it would take too long."""
_RARE: Final = 1_000
"""As few as these are all found in less time than the next stretch would take; how many there are follows from how many one stretch has."""


def word_sign(word: str) -> str:
    """The sign of a folded word."""
    return word[:SIGN_MAX]


def field_sign(field: str, value: str) -> str:
    """The sign of a field's value: letters, digits and hyphens."""
    return f"{field}:{value}"[:SIGN_MAX]


def beginning(sign: str) -> str:
    """Whatever begins with this sign."""
    return sign + _BEGINNING


@dataclass(frozen=True, slots=True)
class Fields:
    """What a listed post is found by beside its words and its look."""

    number: int
    account_id: str
    model: str
    style: str
    tags: tuple[str, ...]
    shown_on: date
    seed: int
    width: int
    height: int


async def sign(tx: Transaction, row: PostRow, image: ImageView, tags: Sequence[str], look: bytes | None) -> None:
    """Write down what a post is found by, and by what the nearest of what is found are told, while it is listed; otherwise nothing.

    The row has its number already. Safe to repeat. Within the slice.
    """
    row.words = _signs_of_post(row, image, tags, look) if row.is_listed else ""
    tx.add(row)
    await tx.exec(delete(PostLookRow).where(col(PostLookRow.number) == row.number))
    if row.is_listed and look:
        tx.add(PostLookRow(number=row.number or 0, image_id=row.image_id, look=look))


def _signs_of_post(row: PostRow, image: ImageView, tags: Sequence[str], look: bytes | None) -> str:
    said = words_of(" ".join((row.title, row.description, *tags, image.prompt)))
    told = (row.number or 0, row.account_id, row.model, row.style, tuple(tags), row.published_at.date())
    return signs_from(Fields(*told, image.seed, image.width, image.height), said, look)


def signs_from(fields: Fields, said: Iterable[str], look: bytes | None) -> str:
    """The same, of folded words and fields."""
    model = words_of(fields.model)
    signs = [word_sign(word) for word in said]
    signs += [field_sign("by", fields.account_id), field_sign("style", fields.style)]
    signs += [field_sign("tag", tag) for tag in fields.tags]
    signs += [field_sign("model", "-".join(model[at:])) for at in range(len(model))]
    signs += [field_sign("seed", str(fields.seed)), *(field_sign("size", size) for size in _sizes(fields.width, fields.height))]
    signs += [field_sign("date", value) for value in signs_of_day(fields.shown_on)]
    signs += [*(signs_of(look) if look else ()), *(_stretch(bits, fields.number) for bits in _WINDOWS)]
    return " ".join(dict.fromkeys(signs))


def _sizes(width: int, height: int) -> tuple[str, ...]:
    """Each way to ask for a size: its sides, either of them, its shape."""
    shape = SQUARE if width == height else LANDSCAPE if width > height else PORTRAIT
    return (f"{width}x{height}", str(width), str(height), shape)


async def newest(
    reader: Reader, asked: Asked, *, besides: Asked = (), below: int | None = None, at_most: int = FOUND_MAX, enough: int | None = None
) -> list[int]:
    """The numbers of the newest listed posts that have what is asked for, the newest first; of those below a number, when one is given, and
    without those that have all of `besides`.

    Who is content with `enough` is not given older ones where that would take another look.
    """
    if reader.dialect != "postgresql":
        asked, besides = await _in_full(reader, asked, besides)
        return await _from_fts(reader, asked, besides, below, at_most)
    top, wanted = below or await _next_number(reader), enough or at_most
    signs = [sign for group in asked for sign in group]
    if len(signs) <= _FEW:
        is_begun = any(sign.endswith(_BEGINNING) for sign in signs)
        looked_at = _BEGINNINGS_AMONG if is_begun else _LOOKED_THROUGH
        found = await _looked_through(reader, asked, besides, top, looked_at, at_most)
        if is_begun and len(found) < wanted <= 2 * len(found):
            found += await _looked_through(reader, asked, besides, top - looked_at, looked_at, at_most - len(found))
        if len(found) >= wanted or top <= looked_at:
            return found
        if is_begun and enough is None and len(found) * top < _RARE * looked_at:
            return await _from_gin(reader, asked, besides, below, at_most)
    for stretch, looked_at in _stretches(top):
        found = await _from_gin(reader, [*asked, stretch], besides, below, at_most)
        if len(found) >= wanted:
            return found
        if enough is None and len(found) * top < _RARE * looked_at:
            break
    return await _from_gin(reader, asked, besides, below, at_most)


def _stretches(top: int) -> Iterator[tuple[list[str], int]]:
    """Of which signs the newest below a number have one, the narrowest stretch first, and how many numbers that is."""
    for bits in _WINDOWS:
        last = (top - 1) >> bits
        if last < 1:
            return
        first = (last - 1) << bits
        yield [_stretch(bits, at) for at in (last << bits, first)], top - first


async def _next_number(reader: Reader) -> int:
    ((number,),) = await reader.script(one_step("SELECT coalesce(max(number), 0) + 1 FROM post", {}))
    return number


def _stretch(bits: int, number: int) -> str:
    return field_sign(f"at{bits}", str(number >> bits))


async def _in_full(reader: Reader, *questions: Asked) -> list[Asked]:
    """The same with every word that begins so in the place of a beginning, unless they are many: for a beginning FTS5 collects all there is of
    it before it gives the newest. Which there are it tells itself, from one to the next.
    """
    begun: dict[str, list[str]] = {}
    for sign in {sign for asked in questions for group in asked for sign in group if sign.endswith(_BEGINNING)}:
        first = sign.removesuffix(_BEGINNING)
        told = {"first": first, "beyond": first + chr(sys.maxunicode), "most": _BEGUN_MAX + 2}
        words = [word for (word,) in await reader.script(one_step(_BEGUN_WORDS, told))]
        begun[sign] = words if 0 < len(words) <= _BEGUN_MAX else [sign]
    return [[[word for sign in group for word in begun.get(sign, [sign])] for group in asked] for asked in questions]


async def _from_fts(reader: Reader, asked: Asked, besides: Asked, below: int | None, at_most: int) -> list[int]:
    has, has_not = [
        " AND ".join("(" + " OR ".join(_quoted(sign, '"', _BEGINNING) for sign in group) + ")" for group in groups)
        for groups in (asked, besides)
    ]
    groups = f"({has}) NOT ({has_not})" if has_not else has
    older = "AND rowid < :below " if below is not None else ""
    found = f"SELECT rowid FROM post_search WHERE post_search MATCH :asked {older}ORDER BY rowid DESC LIMIT :most"  # noqa: S608  # nothing of anybody's in it
    return await _numbers(reader, found, {"asked": groups}, below, at_most)


async def _from_gin(reader: Reader, asked: Asked, besides: Asked, below: int | None, at_most: int) -> list[int]:
    """Found first, ordered afterwards: Postgres must not look through all posts by number because so few are wanted.

    Each group is a condition of its own: GIN leaps from one to where the next goes on, but goes through the whole of one sign for what
    is asked in a single condition.
    """
    groups = {f"group_{at}": " | ".join(_quoted(sign, "'", ":*") for sign in group) for at, group in enumerate(asked)}
    has = " AND ".join(f"array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:{name} AS tsquery)" for name in groups)
    left_out, named = _without(besides)
    older = "AND number < :below " if below is not None else ""
    every = f"SELECT number FROM post WHERE {has} {left_out}{older}"  # noqa: S608  # as above
    found = f"WITH found AS MATERIALIZED ({every}) SELECT number FROM found ORDER BY number DESC LIMIT :most"  # noqa: S608  # as above
    return await _numbers(reader, found, {**groups, **named}, below, at_most)


async def _looked_through(reader: Reader, asked: Asked, besides: Asked, below: int, looked_at: int, at_most: int) -> list[int]:
    """One after the other: GIN would collect everything that begins so, of all posts, before it takes an order into account."""
    has, named = _read("sign", asked)
    left_out, more = _without(besides)
    newest_first = f"number >= :least AND {has} {left_out}ORDER BY number DESC LIMIT :most"
    found = f"SELECT number FROM post WHERE number < :below AND {newest_first}"  # noqa: S608  # as above
    rows = await reader.script(one_step(found, {**named, **more, "below": below, "least": below - looked_at, "most": at_most}))
    return [number for (number,) in rows]


def _without(besides: Asked) -> tuple[str, dict[str, str]]:
    """A further condition, and what it is told: not to have all of these. No index knows what is not there; rows that were found are read."""
    has, named = _read("besides", besides)
    return (f"AND NOT ({has}) " if has else ""), named


def _read(name: str, asked: Asked) -> tuple[str, dict[str, str]]:
    """A condition for Postgres to read in the words of a row, and what it is told under names that begin with this one."""
    named: dict[str, str] = {}
    groups: list[str] = []
    for group in asked:
        signs = {
            f"{name}_{len(named) + at}": f" {sign.removesuffix(_BEGINNING)}{'' if sign.endswith(_BEGINNING) else ' '}"
            for at, sign in enumerate(group)
        }
        groups.append("(" + " OR ".join(f"strpos({_SPACED}, :{one}) > 0" for one in signs) + ")")
        named |= signs
    return " AND ".join(groups), named


async def _numbers(reader: Reader, found: str, groups: Mapping[str, str], below: int | None, at_most: int) -> list[int]:
    parameters: dict[str, Any] = {**groups, "most": at_most, **({} if below is None else {"below": below})}
    return [number for (number,) in await reader.script(one_step(found, parameters))]


def _quoted(sign: str, quote: str, beginning_mark: str) -> str:
    is_beginning = sign.endswith(_BEGINNING)
    return f"{quote}{sign.removesuffix(_BEGINNING)}{quote}" + (beginning_mark if is_beginning else "")
