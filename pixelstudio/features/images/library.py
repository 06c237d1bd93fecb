"""The library: one's own pictures by filter, page by page; how many there are, what may be asked for, and which sets they form.

The index is read from either end. A set stands in it by slot from its newest end; read from the oldest one, it is turned round.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, literal, select, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import GenerationId, is_id
from pixelstudio.core.pages import Cursor, Page, decoded
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.images.filters import PictureFilter, matching
from pixelstudio.features.images.pictures import view_of
from pixelstudio.features.images.renditions import stored_of
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.features.images.views import ImageView, PictureSetView, StoredBytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Mapped

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

COVER: Final = 4
"""How many pictures stand for a set."""


async def pictures_in(
    reader: Reader, by: Actor, wanted: PictureFilter, *, before: str | None = None, limit: int = limits.PAGE_SIZE
) -> Page[ImageView]:
    """Own pictures that are wanted, newest set first and in it by slot (in the trash: thrown away last first), after the cursor `before`.

    Oldest first the last set of a page is whole, so that a page may be longer than `limit` by what is left of that.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    key = (_moment_of(wanted), col(ImageRow.id))
    statement = select(ImageRow).where(matching(wanted, by, reader.now))
    if (after := decoded(before)) is not None:
        statement = statement.where(_is_beyond(wanted, key, literal(after.created_at, UtcDateTime), literal(after.id)))
    statement = statement.order_by(*_ordered(wanted, *key)).limit(size + (limits.IMAGES_MAX if _turns_sets(wanted) else 1))
    rows = list((await reader.exec(statement)).scalars())
    while _turns_sets(wanted) and size < len(rows) and rows[size].generation_id == rows[size - 1].generation_id:
        size += 1
    last = rows[size - 1] if len(rows) > size else None
    cursor = Cursor((last.deleted_at if wanted.place == "trash" else None) or last.stands_at, last.id).encoded() if last else ""
    return Page([view_of(row, by) for row in _as_shown(wanted, rows[:size])], cursor)


async def count_in(reader: Reader, by: Actor, wanted: PictureFilter) -> int:
    """How many own pictures are wanted."""
    return (await reader.exec(select(func.count()).select_from(ImageRow).where(matching(wanted, by, reader.now)))).scalar_one()


async def are_wanted(reader: Reader, by: Actor, wanted: PictureFilter, image_ids: Sequence[str]) -> list[ImageView]:
    """Those of these pictures that are wanted, in the same order; at most a page of ids is looked at."""
    known = [image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)]
    statement = select(ImageRow).where(matching(wanted, by, reader.now), col(ImageRow.id).in_(known))
    rows = (await reader.exec(statement.order_by(*_ordered(wanted, _moment_of(wanted), col(ImageRow.id))))).scalars()
    return [view_of(row, by) for row in _as_shown(wanted, rows)]


async def ids_in(reader: Reader, by: Actor, wanted: PictureFilter, limit: int) -> list[str]:
    """The first so many own pictures that are wanted, in the same order."""
    statement = select(col(ImageRow.id), col(ImageRow.generation_id)).where(matching(wanted, by, reader.now))
    statement = statement.order_by(*_ordered(wanted, _moment_of(wanted), col(ImageRow.id)))
    return [row.id for row in _as_shown(wanted, (await reader.exec(statement.limit(limit))).all())]


async def files_of(reader: Reader, by: Actor, image_ids: Sequence[str]) -> list[StoredBytes]:
    """Where the originals of these own pictures on the wall are, in this order; what is not one's own, or no id, is left out."""
    known = [image_id for image_id in dict.fromkeys(image_ids) if is_id(image_id)]
    statement = select(ImageRow).where(col(ImageRow.id).in_(known), matching(PictureFilter(), by, reader.now))
    rows = {row.id: row for row in (await reader.exec(statement)).scalars()}
    return [stored_of(rows[image_id], rows[image_id]) for image_id in known if image_id in rows]


async def models_in(reader: Reader, by: Actor) -> list[str]:
    """The models of one's own pictures, for asking by model."""
    statement = select(col(ImageRow.model)).distinct().where(matching(PictureFilter(), by, reader.now))
    return sorted((await reader.exec(statement)).scalars())


async def sets_in(
    reader: Reader, by: Actor, wanted: PictureFilter, *, before: str | None = None, limit: int = limits.PAGE_SIZE
) -> Page[PictureSetView]:
    """The sets of own pictures that are wanted, the one asked for last first, or first, after the cursor `before`.

    A set has two pictures on the wall at least; how many of them are wanted does not matter.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    newest = func.max(col(ImageRow.stands_at), type_=UtcDateTime)
    group = col(ImageRow.generation_id)
    columns: Any = (group, newest.label("newest_at"), func.count().label("pictures"))
    statement = select(*columns).where(*_in_sets(wanted, by, reader.now)).group_by(group)
    if (after := decoded(before)) is not None:
        statement = statement.having(_is_beyond(wanted, (newest, group), literal(after.created_at, UtcDateTime), literal(after.id)))
    rows = (await reader.exec(statement.order_by(*_ordered(wanted, newest, group)).limit(size + 1))).all()
    covers = await _covers(reader, by, wanted, [row[0] for row in rows[:size]])
    sets = [_set_view(row.generation_id, row.newest_at, row.pictures, covers) for row in rows[:size]]
    last = sets[-1] if len(rows) > size else None
    return Page(sets, Cursor(last.newest_at, last.generation_id).encoded() if last else "")


async def count_sets_in(reader: Reader, by: Actor, wanted: PictureFilter) -> int:
    """How many sets `sets_in` finds."""
    group = col(ImageRow.generation_id)
    return (await reader.exec(select(func.count(group.distinct())).where(*_in_sets(wanted, by, reader.now)))).scalar_one()


def _in_sets(wanted: PictureFilter, by: Actor, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The pictures that are wanted, of those that came with others."""
    group = col(ImageRow.generation_id)
    on_the_wall = select(group).where(matching(PictureFilter(), by, now)).correlate(None)
    return matching(wanted, by, now), group.in_(on_the_wall.group_by(group).having(func.count() > 1))


async def _covers(reader: Reader, by: Actor, wanted: PictureFilter, generation_ids: Sequence[str]) -> Mapping[str, list[ImageView]]:
    """The first few pictures of each set; a set holds ten at most, so none is worth a window function."""
    statement = select(ImageRow).where(matching(wanted, by, reader.now), col(ImageRow.generation_id).in_(generation_ids))
    covers: defaultdict[str, list[ImageView]] = defaultdict(list)
    for row in (await reader.exec(statement.order_by(col(ImageRow.slot)))).scalars():
        if len(covers[row.generation_id]) < COVER:
            covers[row.generation_id].append(view_of(row, by))
    return covers


def _set_view(generation_id: str, newest_at: datetime, count: int, covers: Mapping[str, list[ImageView]]) -> PictureSetView:
    cover = covers[generation_id]
    return PictureSetView(GenerationId(generation_id), cover[0].prompt, count, newest_at, tuple(cover))


def _moment_of(wanted: PictureFilter) -> ColumnElement[datetime]:
    return col(ImageRow.deleted_at) if wanted.place == "trash" else col(ImageRow.stands_at)  # pyright: ignore[reportReturnType]  # the trash asks for no row without it


def _ordered(wanted: PictureFilter, *key: ColumnElement[Any] | Mapped[Any]) -> list[ColumnElement[Any]]:
    return [column.asc() if wanted.oldest_first else column.desc() for column in key]


def _is_beyond(wanted: PictureFilter, key: tuple[ColumnElement[Any] | Mapped[Any], ...], *place: ColumnElement[Any]) -> ColumnElement[bool]:
    """What comes after `place` in this order."""
    return tuple_(*key) > tuple_(*place) if wanted.oldest_first else tuple_(*key) < tuple_(*place)


def _turns_sets(wanted: PictureFilter) -> bool:
    return wanted.oldest_first and wanted.place == "wall"


def _as_shown(wanted: PictureFilter, rows: Iterable[Any]) -> list[Any]:
    """Rows as the index has them, each set by slot."""
    if not _turns_sets(wanted):
        return list(rows)
    return [row for _, of_set in groupby(rows, key=lambda row: row.generation_id) for row in reversed(list(of_set))]
