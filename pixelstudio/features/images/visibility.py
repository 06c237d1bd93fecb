"""Who may see a picture: one predicate, used by every query of this slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, or_, true
from sqlmodel import col

from pixelstudio.core.ratings import GENERAL, RATINGS, up_to
from pixelstudio.features.accounts.mutes import is_heard
from pixelstudio.features.images.tables import ImageRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Mapped

    from pixelstudio.features.accounts.actor import Actor


def visible_to(viewer: Actor | None) -> ColumnElement[bool]:
    """Pictures this viewer may see: public ones and their own, never deleted ones; a maintainer also what maintainers took out of sight,
    for it may be appealed.
    """
    is_public = col(ImageRow.visibility) == "public"
    if viewer is not None and viewer.is_maintainer:
        is_public = or_(is_public, col(ImageRow.withdrawn_at).is_not(None))
    allowed = is_public if viewer is None else or_(is_public, col(ImageRow.owner_id) == viewer.id)
    return and_(col(ImageRow.deleted_at).is_(None), allowed)


def in_trash_of(owner: Actor | None) -> ColumnElement[bool]:
    """Pictures in this person's trash; nobody else sees them, and nothing but the trash shows them."""
    is_in_trash = and_(col(ImageRow.deleted_at).is_not(None), col(ImageRow.forgotten_at).is_(None))
    return and_(is_in_trash, col(ImageRow.owner_id) == owner.id) if owner else false()


def hangs(viewer: Actor | None, image_id: Mapped[str]) -> ColumnElement[bool]:
    """Whether the picture named by a column of another slice's row is there, whoever may see it: in no trash, not withdrawn, of a rating
    this viewer wants to come across, by nobody they have muted.

    Not for anybody's eyes by itself: whoever asks has found out already that its owner shows it.
    """
    is_there = (col(ImageRow.id) == image_id, col(ImageRow.deleted_at).is_(None), col(ImageRow.withdrawn_at).is_(None))
    return exists().where(*is_there, suits(viewer), is_heard(viewer, col(ImageRow.owner_id)))


def shows_picture(viewer: Actor | None, image_id: Mapped[str | None]) -> ColumnElement[bool]:
    """Whether the picture named by a column of another slice's row is one this viewer may see."""
    return exists().where(col(ImageRow.id) == image_id, visible_to(viewer))


def suits(viewer: Actor | None) -> ColumnElement[bool]:
    """Pictures of a rating this viewer wants to come across unasked; one's own whatever their rating."""
    wanted = up_to(viewer.sees if viewer else GENERAL)
    if wanted == RATINGS:
        return true()
    is_wanted = col(ImageRow.rating).in_(wanted)
    return or_(is_wanted, col(ImageRow.owner_id) == viewer.id) if viewer else is_wanted


def is_met_by(
    viewer: Actor | None, image_id: Mapped[str] | Mapped[str | None], *, openly: bool = False, though_muted: bool = False
) -> ColumnElement[bool]:
    """Whether a list shows this viewer the picture named by a column of another slice's row: one they may see, of a rating they
    want to come across, by nobody they have muted.

    `openly`: of what everybody may see, not even one's own private ones. `though_muted`: where one went to see just this person's.
    """
    met = [col(ImageRow.id) == image_id, visible_to(None if openly else viewer), suits(viewer)]
    return exists().where(*met) if though_muted else exists().where(*met, is_heard(viewer, col(ImageRow.owner_id)))
