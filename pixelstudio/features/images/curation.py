"""Curation: favourites, visibility, title and the trash, for one own picture, for many, or for everything a filter finds.

Whatever is not one's own is as if it were not there: of many, those that are one's own are changed and told; of none, `NotFound`.
Every command is safe to repeat. One call changes at most `AT_ONCE`; the surface goes on while `Changed.has_more`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import case, select, update
from sqlmodel import col

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.conduct.strikes import refuse_paused
from pixelstudio.features.images.events import ImageDeleted, ImageFavourited, ImageForgotten, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.filters import PictureFilter, matching
from pixelstudio.features.images.tables import ImageRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from pixelstudio.core.events import Event
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

AT_ONCE: Final = 1_000
"""So many rows change in one commit; the write lane is held for some hundredths of a second."""
_WALL: Final = PictureFilter()
_TRASH: Final = PictureFilter(place="trash")

Chosen: TypeAlias = "str | Sequence[str] | PictureFilter"
"""One picture, many, or all that match."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a command came to: the pictures it changed, and whether more of those chosen wait for another call."""

    image_ids: list[str]
    has_more: bool


async def set_favourite(tx: Transaction, chosen: Chosen, favourite: bool, *, by: Actor) -> Changed:
    """Put own pictures among the favourites, or take them out."""
    is_other = col(ImageRow.favourite_at).is_(None) if favourite else col(ImageRow.favourite_at).is_not(None)
    values = {"favourite_at": tx.now if favourite else None}
    return await _change(
        tx, by, chosen, _WALL, is_other, values, lambda i, _: ImageFavourited(image_id=i, owner_id=by.id, is_favourite=favourite)
    )


async def set_visibility_of(tx: Transaction, chosen: Chosen, visibility: str, *, by: Actor, at_most: int | None = None) -> Changed:
    """Make own pictures public or private, at most `at_most` of them. Raises `NotAllowed` while the actor's publishing is paused."""
    if visibility not in {"private", "public"}:
        raise Invalid("A picture is either private or public. Choose one.", code="visibility_invalid", field="visibility")
    is_other = col(ImageRow.visibility) != visibility
    if visibility == "public":
        await refuse_paused(tx, by)
        is_other &= col(ImageRow.withdrawn_at).is_(None)

    def told(image_id: str, _was_public: bool) -> Event:
        return ImageVisibilityChanged(image_id=image_id, owner_id=by.id, visibility=visibility)

    return await _change(tx, by, chosen, _WALL, is_other, {"visibility": visibility}, told, at_most)


async def set_titles(tx: Transaction, titles: Mapping[str, str], *, by: Actor) -> None:
    """Write down how own pictures are called, by id. Their rows have been locked, by whoever shows them. Safe to repeat. One statement."""
    if titles:
        mine = (col(ImageRow.id).in_(list(titles)), col(ImageRow.owner_id) == by.id)
        await tx.exec(update(ImageRow).where(*mine).values(title=case(dict(titles), value=col(ImageRow.id))))


async def public_among(reader: Reader, image_ids: Sequence[str], *, by: Actor) -> list[str]:
    """Those of these own pictures that others may see, in the order of their ids; as many may be named as for a command. One query."""
    is_shown = _condition(image_ids, _WALL, by, reader) & (col(ImageRow.visibility) == "public")
    return list((await reader.exec(select(col(ImageRow.id)).where(is_shown).order_by(col(ImageRow.id)))).scalars())


async def throw_away(tx: Transaction, chosen: Chosen, *, by: Actor) -> Changed:
    """Put own pictures into the trash: gone for everybody at once, back with `restore` for thirty days."""
    is_other = col(ImageRow.deleted_at).is_(None)

    def told(image_id: str, was_public: bool) -> Event:
        return ImageDeleted(image_id=image_id, owner_id=by.id, was_public=was_public)

    return await _change(tx, by, chosen, _WALL, is_other, {"deleted_at": tx.now}, told)


async def restore(tx: Transaction, chosen: Chosen, *, by: Actor) -> Changed:
    """Take own pictures back from the trash, as visible as they were."""
    is_other = col(ImageRow.deleted_at).is_not(None)

    def told(image_id: str, is_public: bool) -> Event:
        return ImageRestored(image_id=image_id, owner_id=by.id, is_public=is_public)

    return await _change(tx, by, chosen, _TRASH, is_other, {"deleted_at": None}, told)


async def forget(tx: Transaction, chosen: Chosen, *, by: Actor) -> Changed:
    """Delete own pictures in the trash for ever: not even their owner sees them any more, and their bytes go within hours."""
    is_other = col(ImageRow.forgotten_at).is_(None)
    values = {"forgotten_at": tx.now}
    return await _change(tx, by, chosen, _TRASH, is_other, values, lambda i, _: ImageForgotten(image_id=i, owner_id=by.id))


async def _change(
    tx: Transaction,
    by: Actor,
    chosen: Chosen,
    place: PictureFilter,
    is_other: ColumnElement[bool],
    values: dict[str, Any],
    told: Callable[[str, bool], Event],
    at_most: int | None = None,
) -> Changed:
    most = AT_ONCE if at_most is None else at_most
    condition = _condition(chosen, place, by, tx)
    if not isinstance(chosen, PictureFilter) and not await _is_any(tx, condition):
        raise NotFound
    due = select(col(ImageRow.id), col(ImageRow.visibility)).where(condition, is_other).order_by(col(ImageRow.id)).limit(most + 1)
    found = (await tx.exec(due.with_for_update() if tx.dialect == "postgresql" else due)).all()
    changed: list[str] = [row.id for row in found[:most]]
    if changed:
        await tx.exec(update(ImageRow).where(col(ImageRow.id).in_(changed)).values(**values))
    for row in found[:most]:
        await tx.publish(told(row.id, row.visibility == "public"))
    return Changed(changed, len(found) > most)


def _condition(chosen: Chosen, place: PictureFilter, by: Actor, reader: Reader) -> ColumnElement[bool]:
    """Own pictures in the place the command is about, whatever place a filter names."""
    if isinstance(chosen, PictureFilter):
        if chosen.place != place.place:
            raise Invalid("These pictures are not where this can be done to them.", code="place_invalid", field="place")
        return matching(chosen, by, reader.now)
    image_ids = [chosen] if isinstance(chosen, str) else chosen
    if len(image_ids) > AT_ONCE:
        raise Invalid(f"At most {AT_ONCE:,} pictures can be named at once.", code="too_many_chosen", field="image_ids")
    known = [image_id for image_id in image_ids if is_id(image_id)]
    return col(ImageRow.id).in_(known) & matching(place, by, reader.now)


async def _is_any(reader: Reader, condition: ColumnElement[bool]) -> bool:
    return (await reader.exec(select(col(ImageRow.id)).where(condition).limit(1))).first() is not None
