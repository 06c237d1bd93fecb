"""The library: one's own pictures by filter, page by page; how many there are, what may be asked for, and which sets they form."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

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
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

COVER: Final = 4
"""How many pictures stand for a set."""


async def pictures_in(
    reader: Reader, by: Actor, wanted: PictureFilter, *, before: str | None = None, limit: int = limits.PAGE_SIZE
) -> Page[ImageView]:
    """Own pictures that are wanted, newest set first and in it by slot (in the trash: thrown away last first), after the cursor `before`."""
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    moment = _moment_of(wanted)
    statement = select(ImageRow).where(matching(wanted, by, reader.now))
    if (after := decoded(before)) is not None:
        place = tuple_(literal(after.created_at, UtcDateTime), literal(after.id))
        statement = statement.where(tuple_(moment, col(ImageRow.id)) < place)
    statement = statement.order_by(moment.desc(), col(ImageRow.id).desc()).limit(size + 1)
    rows = list((await reader.exec(statement)).scalars())
    last = rows[size - 1] if len(rows) > size else None
    cursor = Cursor((last.deleted_at if wanted.place == "trash" else None) or last.stands_at, last.id).encoded() if last else ""
    return Page([view_of(row, by) for row in rows[:size]], cursor)


async def count_in(reader: Reader, by: Actor, wanted: PictureFilter) -> int:
    """How many own pictures are wanted."""
    return (await reader.exec(select(func.count()).select_from(ImageRow).where(matching(wanted, by, reader.now)))).scalar_one()


async def are_wanted(reader: Reader, by: Actor, wanted: PictureFilter, image_ids: Sequence[str]) -> list[ImageView]:
    """Those of these pictures that are wanted, in the same order; at most a page of ids is looked at."""
    known = [image_id for image_id in image_ids[: limits.PAGE_SIZE_MAX] if is_id(image_id)]
    statement = select(ImageRow).where(matching(wanted, by, reader.now), col(ImageRow.id).in_(known))
    statement = statement.order_by(_moment_of(wanted).desc(), col(ImageRow.id).desc())
    return [view_of(row, by) for row in (await reader.exec(statement)).scalars()]


async def ids_in(reader: Reader, by: Actor, wanted: PictureFilter, limit: int) -> list[str]:
    """The first so many own pictures that are wanted, in the same order."""
    statement = (
        select(col(ImageRow.id)).where(matching(wanted, by, reader.now)).order_by(_moment_of(wanted).desc(), col(ImageRow.id).desc())
    )
    return list((await reader.exec(statement.limit(limit))).scalars())


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
    """The sets of own pictures that are wanted, the one asked for last first, after the cursor `before`."""
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    newest = func.max(col(ImageRow.stands_at), type_=UtcDateTime)
    group = col(ImageRow.generation_id)
    statement = (
        select(group, newest.label("newest_at"), func.count().label("pictures")).where(matching(wanted, by, reader.now)).group_by(group)
    )
    if (after := decoded(before)) is not None:
        statement = statement.having(tuple_(newest, group) < tuple_(literal(after.created_at, UtcDateTime), literal(after.id)))
    rows = (await reader.exec(statement.order_by(newest.desc(), group.desc()).limit(size + 1))).all()
    covers = await _covers(reader, by, wanted, [row[0] for row in rows[:size]])
    sets = [_set_view(row.generation_id, row.newest_at, row.pictures, covers) for row in rows[:size]]
    last = sets[-1] if len(rows) > size else None
    return Page(sets, Cursor(last.newest_at, last.generation_id).encoded() if last else "")


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
