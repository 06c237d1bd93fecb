"""`PictureFilter`: which of one's own pictures are meant and in which order, and the one condition that lists, counts and acts on them.

Words are matched by `LIKE` with every sign of the language escaped: what people type is text, never a pattern or a query. A row knows its
model by id and people know it by title, so a filter brings the titles along, and a word of one asks for the ids of those that bear it.
A word for a kind of thing finds the things of that kind too (`kin`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from sqlalchemy import and_, or_, true
from sqlmodel import col

from pixelstudio.core.ids import is_id
from pixelstudio.core.limits import SEED_MAX
from pixelstudio.core.text import clean_line
from pixelstudio.features.images.kin import kin_in_text
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.features.images.visibility import in_trash_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from pixelstudio.features.accounts.actor import Actor

Place = Literal["wall", "trash"]
Shape = Literal["square", "landscape", "portrait"]
Period = Literal["day", "week", "month", "year", "before-week", "before-month", "before-year"]

EXCEPTED_MAX: Final = 1_000
SEARCH_MAX: Final = 200
WORDS_MAX: Final = 16
PERIODS: Final[dict[str, timedelta]] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_BEFORE: Final = "before-"
_ESCAPE: Final = "\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFilter:
    """Own pictures; an empty field asks for nothing. A value that is none of ours finds nothing, and never fails."""

    place: Place = "wall"
    words: str = ""
    """Each of them, or what is of its kind, must be in the title, the prompt or the title of the model; a number may be the seed instead."""
    model_titles: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Model id -> what people call it, for `words`."""
    model: str = ""
    shape: Shape | Literal[""] = ""
    period: Period | Literal[""] = ""
    """Drawn within the last day, week, month or year, or before that."""
    favourites: bool = False
    visibility: Literal["", "private", "public"] = ""
    generation_id: str = ""
    """Of one set."""
    excepted: tuple[str, ...] = ()
    """Pictures that are not meant though all else fits, `EXCEPTED_MAX` at most."""
    oldest_first: bool = False
    """The other way round: the set asked for first, or in the trash what was thrown away first. A set stands by slot either way."""


def matching(wanted: PictureFilter, by: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition on `ImageRow` for the pictures of `by` that are wanted."""
    place = in_trash_of(by) if wanted.place == "trash" else and_(visible_to(by), col(ImageRow.owner_id) == by.id)
    has_words = [_has_word(word, wanted.model_titles) for word in _words_of(wanted.words)]
    conditions = [place, *has_words, _has_shape(wanted.shape)]
    if wanted.model:
        conditions.append(col(ImageRow.model) == clean_line(wanted.model))
    if wanted.period:
        conditions.append(_drawn(wanted.period, now))
    if wanted.favourites:
        conditions.append(col(ImageRow.favourite_at).is_not(None))
    if wanted.visibility:
        conditions.append(col(ImageRow.visibility) == wanted.visibility)
    if wanted.generation_id:
        conditions.append(col(ImageRow.generation_id) == (wanted.generation_id if is_id(wanted.generation_id) else ""))
    if wanted.excepted:
        conditions.append(col(ImageRow.id).not_in([image_id for image_id in wanted.excepted[:EXCEPTED_MAX] if is_id(image_id)]))
    return and_(*conditions)


def filter_of(fields: Mapping[str, str], model_titles: Mapping[str, str]) -> PictureFilter:
    """The filter an address or a form names, by the short names that stand in the library's address. What is not understood asks for nothing.

    `model_titles` is what people call each model by its id, so that the words find it.
    """
    period, shape, visibility = fields.get("when", ""), fields.get("shape", ""), fields.get("who", "")
    return PictureFilter(
        place="trash" if fields.get("view") == "trash" else "wall",
        words=fields.get("q", "")[:SEARCH_MAX],
        model_titles=model_titles,
        model=fields.get("model", "")[:SEARCH_MAX],
        shape=cast("Shape", shape) if shape in get_args(Shape) else "",
        period=cast("Period", period) if period in get_args(Period) else "",
        favourites=fields.get("favourites") == "1",
        visibility=cast("Literal['private', 'public']", visibility) if visibility in {"private", "public"} else "",
        generation_id=fields.get("set", "")[:SEARCH_MAX],
        excepted=tuple(fields.get("except", "").split(",")[:EXCEPTED_MAX]) if fields.get("except") else (),
        oldest_first=fields.get("sort") == "oldest",
    )


def _words_of(text: str) -> list[str]:
    return clean_line(text[:SEARCH_MAX]).split()[:WORDS_MAX]


def _has_word(word: str, model_titles: Mapping[str, str]) -> ColumnElement[bool]:
    """Whatever its case. SQLite folds no letter beyond ASCII, so words with such letters are asked for in each case they are written in."""
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    texts = (col(ImageRow.prompt), col(ImageRow.title))
    found = [said.icontains(spelling, autoescape=True, escape=_ESCAPE) for spelling in sorted(spellings) for said in texts]
    if kin := kin_in_text(word):
        told = " " + col(ImageRow.prompt) + " " + col(ImageRow.title) + " "
        found += [told.icontains(one, autoescape=True, escape=_ESCAPE) for one in kin]
    if word.isascii() and word.isdecimal() and len(word) <= len(str(SEED_MAX)):
        found.append(col(ImageRow.seed) == int(word))
    if called := [model for model, title in model_titles.items() if word.casefold() in title.casefold()]:
        found.append(col(ImageRow.model).in_(called))
    return or_(*found)


def _drawn(period: Period, now: datetime) -> ColumnElement[bool]:
    begin = now - PERIODS[period.removeprefix(_BEFORE)]
    return col(ImageRow.created_at) <= begin if period.startswith(_BEFORE) else col(ImageRow.created_at) > begin


def _has_shape(shape: str) -> ColumnElement[bool]:
    width, height = col(ImageRow.width), col(ImageRow.height)
    match shape:
        case "square":
            return width == height
        case "landscape":
            return width > height
        case "portrait":
            return width < height
        case _:
            return true()
