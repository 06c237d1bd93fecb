"""What hangs for whom: where everybody may look, among one's likes, and what somebody liked last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from pixelstudio.features.gallery.blocks import is_near
from pixelstudio.features.gallery.signs import FOUND_MAX
from pixelstudio.features.gallery.tables import PostLikeRow, PostRow
from pixelstudio.features.images.visibility import is_met_by

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from pixelstudio.features.accounts.actor import Actor


def is_on_walls(viewer: Actor | None, post: Any = PostRow, *, though_muted: bool = False) -> tuple[ColumnElement[bool], ...]:
    """What hangs where everybody may look: listed and public, not even one's own private ones; and nobody blocked either way.

    A person who is muted hangs on their own wall alone. `post` has the columns of a row, or of some of them.
    """
    is_met = is_met_by(viewer, post.image_id, openly=True, though_muted=though_muted)
    return (post.is_listed == true(), is_met, is_near(viewer, post.account_id))


def is_liked_still(viewer: Actor | None) -> tuple[ColumnElement[bool], ...]:
    """What one likes stays among one's likes when it is shown by its link alone: whoever likes it has the link."""
    return (is_met_by(viewer, col(PostRow.image_id), openly=True), is_near(viewer, col(PostRow.account_id)))


def liked_last(viewer: Actor | None) -> Any:
    """The pictures somebody liked last: `FOUND_MAX` of them at most are searched; nobody likes anything without an account."""
    likes: Any = aliased(PostLikeRow)
    liked = select(likes.image_id).where(likes.liker_id == (viewer.id if viewer else ""))
    return liked.order_by(likes.created_at.desc(), likes.image_id.desc()).limit(FOUND_MAX)
