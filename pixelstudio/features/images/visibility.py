"""Who may see a picture: one predicate, used by every query of this slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, or_
from sqlmodel import col

from pixelstudio.features.images.tables import ImageRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Mapped

    from pixelstudio.features.accounts.actor import Actor


def visible_to(viewer: Actor | None) -> ColumnElement[bool]:
    """Pictures this viewer may see: public ones and their own, never deleted ones."""
    is_public = col(ImageRow.visibility) == "public"
    allowed = is_public if viewer is None else or_(is_public, col(ImageRow.owner_id) == viewer.id)
    return and_(col(ImageRow.deleted_at).is_(None), allowed)


def in_trash_of(owner: Actor | None) -> ColumnElement[bool]:
    """Pictures in this person's trash; nobody else sees them, and nothing but the trash shows them."""
    is_in_trash = and_(col(ImageRow.deleted_at).is_not(None), col(ImageRow.forgotten_at).is_(None))
    return and_(is_in_trash, col(ImageRow.owner_id) == owner.id) if owner else false()


def hangs(image_id: Mapped[str]) -> ColumnElement[bool]:
    """Whether the picture named by a column of another slice's row is there, whoever may see it: in no trash, and not withdrawn.

    Not for anybody's eyes by itself: whoever asks has found out already that its owner shows it.
    """
    return exists().where(col(ImageRow.id) == image_id, col(ImageRow.deleted_at).is_(None), col(ImageRow.withdrawn_at).is_(None))


def shows_picture(viewer: Actor | None, image_id: Mapped[str | None]) -> ColumnElement[bool]:
    """Whether the picture named by a column of another slice's row is one this viewer may see."""
    return exists().where(col(ImageRow.id) == image_id, visible_to(viewer))
