"""Ratings of pictures: said by their owner, and by a maintainer, below whose word the owner cannot go.

A rating keeps a picture off the lists of those who do not want to come across it. It is no lock: whoever has the address and asks for it
past the veil sees it, as they may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.core.ratings import GENERAL, RATINGS, Rating, is_rating, up_to
from pixelstudio.features.images.events import ImageRated
from pixelstudio.features.images.tables import ImageRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView


async def set_rating(tx: Transaction, image_id: str, rating: str, *, by: Actor) -> None:
    """Say for whom an own picture is. Safe to repeat.

    Raises `Invalid`, `NotFound`, and `NotAllowed` for less than a maintainer said.
    """
    wanted = checked_rating(rating)
    row = await _own(tx, image_id, by)
    if _higher(wanted, row) != wanted:
        sentence = f"A maintainer marked this picture as {row.least_rating}. Settings, Decisions, says why, and lets you appeal."
        raise NotAllowed(sentence, code="rating_held")
    await _rate(tx, row, wanted)


async def set_rating_as_far(tx: Transaction, image_id: str, rating: str, *, by: Actor) -> None:
    """The same for one of many: where a maintainer said more, that stands. Raises `Invalid` and `NotFound`."""
    wanted = checked_rating(rating)
    row = await _own(tx, image_id, by)
    await _rate(tx, row, _higher(wanted, row))


def checked_rating(rating: str) -> Rating:
    """A rating as typed. Raises `Invalid`."""
    if not is_rating(rating):
        raise Invalid("Say whether the picture is general, sensitive or mature.", code="rating_invalid", field="rating")
    return rating


async def rate(tx: Transaction, image_id: str, rating: Rating, *, at_least: Rating) -> Rating:
    """Rate anybody's picture and hold its owner to `at_least`, for moderation alone; returns what it was. Safe to repeat."""
    row = await tx.get(ImageRow, image_id, for_update=True)
    if row is None:
        return GENERAL
    before, row.least_rating = cast("Rating", row.rating), at_least
    await _rate(tx, row, rating)
    return before


def is_veiled(image: ImageView, viewer: Actor | None) -> bool:
    """Whether this viewer has not said that they want to come across such a picture. One's own never is."""
    return not image.is_mine and image.rating not in up_to(viewer.sees if viewer else GENERAL)


async def _own(tx: Transaction, image_id: str, by: Actor) -> ImageRow:
    row = await tx.get(ImageRow, image_id, for_update=True) if is_id(image_id) else None
    if row is None or row.owner_id != by.id or row.deleted_at is not None:
        raise NotFound
    return row


def _higher(rating: Rating, row: ImageRow) -> Rating:
    return RATINGS[max(RATINGS.index(rating), RATINGS.index(cast("Rating", row.least_rating)))]


async def _rate(tx: Transaction, row: ImageRow, rating: Rating) -> None:
    if row.rating != rating:
        row.rating = rating
        await tx.publish(ImageRated(image_id=row.id, owner_id=row.owner_id, rating=rating))
    tx.add(row)
    await tx.flush()
