"""Neighbours: what hangs beside a picture in its owner's library, what was drawn with it, what else came of its prompt.

All of it is the owner's alone, public or not: a link shows one picture, and must not lead to others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import literal, select, tuple_
from sqlmodel import col

from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.images.pictures import view_of
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.features.images.visibility import visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView

OF_A_PROMPT: Final = 12
"""As many pictures of the same prompt are named."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Beside one picture: the ids of the next newer and older one ("" at the ends), its set in order, others of the same prompt."""

    newer: str = ""
    older: str = ""
    drawn_together: tuple[ImageView, ...] = ()
    same_prompt: tuple[ImageView, ...] = ()


async def neighbours_of(reader: Reader, by: Actor | None, image: ImageView) -> Neighbours:
    """What is beside an own picture; nothing beside somebody else's. Four small queries."""
    if by is None or not image.is_mine:
        return Neighbours()
    together = _own(by).where(col(ImageRow.generation_id) == image.generation_id).order_by(col(ImageRow.slot))
    is_other_set = col(ImageRow.generation_id) != image.generation_id
    same = _own(by).where(col(ImageRow.prompt) == image.prompt, is_other_set).order_by(*_newest_first()).limit(OF_A_PROMPT)
    return Neighbours(
        newer=await _beside(reader, by, image, newer=True),
        older=await _beside(reader, by, image, newer=False),
        drawn_together=await _views(reader, by, together),
        same_prompt=await _views(reader, by, same),
    )


async def of_sets(reader: Reader, viewer: Actor | None, generation_ids: Sequence[str], limit: int) -> list[ImageView]:
    """Pictures of these sets that the viewer may see, the newest first; one query."""
    statement = select(ImageRow).where(visible_to(viewer), col(ImageRow.generation_id).in_(generation_ids))
    rows = (await reader.exec(statement.order_by(*_newest_first()).limit(limit))).scalars()
    return [view_of(row, viewer) for row in rows]


async def _beside(reader: Reader, by: Actor, image: ImageView, *, newer: bool) -> str:
    here = tuple_(literal(image.stands_at, UtcDateTime), literal(image.id))
    place = tuple_(col(ImageRow.stands_at), col(ImageRow.id))
    statement = select(col(ImageRow.id)).where(_is_own(by), place > here if newer else place < here)
    nearest = [column.asc() for column in (col(ImageRow.stands_at), col(ImageRow.id))] if newer else _newest_first()
    return (await reader.exec(statement.order_by(*nearest).limit(1))).scalar_one_or_none() or ""


async def _views(reader: Reader, by: Actor, statement: Select[ImageRow]) -> tuple[ImageView, ...]:
    return tuple(view_of(row, by) for row in (await reader.exec(statement)).scalars())


def _own(by: Actor) -> Select[ImageRow]:
    return select(ImageRow).where(_is_own(by))


def _is_own(by: Actor) -> ColumnElement[bool]:
    return visible_to(by) & (col(ImageRow.owner_id) == by.id)


def _newest_first() -> list[ColumnElement[Any]]:
    return [col(ImageRow.stands_at).desc(), col(ImageRow.id).desc()]
