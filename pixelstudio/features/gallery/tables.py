"""Rows of the gallery: pictures that are shown, what people make of them, and whom they follow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import BigId, Table, UtcDateTime

ID_LENGTH = 26


class PostRow(Table, table=True):
    """A picture as its owner shows it. Whether anybody sees it is its image's affair; `is_listed` says whether walls and search show it."""

    __tablename__ = "post"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        Index("ix_post_published_at_image_id", "published_at", "image_id"),
        Index("ix_post_likes_image_id", "likes", "image_id"),
        Index("ix_post_account_id_published_at_image_id", "account_id", "published_at", "image_id"),
        *(Index(f"ix_post_heat_{period}_image_id", f"heat_{period}", "image_id") for period in ("24h", "48h", "7d", "30d")),
    )

    number: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    """Under which the full-text index knows it; never told to anybody."""
    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", unique=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", max_length=ID_LENGTH)
    title: str = Field(max_length=limits.TITLE_MAX)
    description: str = Field(default="", max_length=limits.DESCRIPTION_MAX)
    alt: str = Field(max_length=limits.ALT_MAX)
    model: str = Field(max_length=80)
    style: str = Field(default="", max_length=40)
    is_listed: bool = False
    published_at: datetime = Field(sa_type=UtcDateTime)
    """Since when it is listed; before, since when it has a row."""
    likes: int = 0
    comments: int = 0
    heat_24h: float = 0.0
    heat_48h: float = 0.0
    heat_7d: float = 0.0
    heat_30d: float = 0.0
    """See `heat`."""
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What it is found by while it is listed, as `signs` has it. Migration 0010 makes the index: FTS5 with triggers on SQLite, GIN on Postgres."""


class PostLookRow(Table, table=True):
    """The look of a listed post's picture, once more: the newest thousand of a sign are a few pages here, and as many rows as that there."""

    __tablename__ = "post_look"  # pyright: ignore[reportAssignmentType]  # as above

    number: int = Field(sa_column=Column(BigId, ForeignKey("post.number", ondelete="CASCADE"), primary_key=True, autoincrement=False))
    image_id: str = Field(max_length=ID_LENGTH)
    look: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PostTagRow(Table, table=True):
    """One tag of one picture."""

    __tablename__ = "post_tag"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_post_tag_tag_image_id", "tag", "image_id"),)

    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    tag: str = Field(primary_key=True, max_length=limits.TAG_MAX)


class PostLikeRow(Table, table=True):
    """Somebody likes a picture."""

    __tablename__ = "post_like"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_post_like_liker_id_created_at_image_id", "liker_id", "created_at", "image_id"),)

    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    liker_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CommentRow(Table, table=True):
    """A comment, or an answer in the thread of `parent_id`. A deleted one keeps its place, without its words and its writer."""

    __tablename__ = "comment"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        Index("ix_comment_image_id_parent_id_created_at_id", "image_id", "parent_id", "created_at", "id"),
        Index("ix_comment_parent_id_created_at_id", "parent_id", "created_at", "id"),
        Index("ix_comment_writer_id_created_at", "writer_id", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", max_length=ID_LENGTH)
    writer_id: str | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", max_length=ID_LENGTH)
    parent_id: str | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE", max_length=ID_LENGTH)
    words: str = Field(max_length=limits.COMMENT_MAX)
    likes: int = 0
    answers: int = 0
    """How many are in its thread and not deleted."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CommentLikeRow(Table, table=True):
    """Somebody likes a comment."""

    __tablename__ = "comment_like"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_comment_like_liker_id", "liker_id"),)

    comment_id: str = Field(foreign_key="comment.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    liker_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)


class FollowRow(Table, table=True):
    """Somebody follows somebody."""

    __tablename__ = "follow"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_follow_followed_id_follower_id", "followed_id", "follower_id"),)

    follower_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    followed_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)


class BlockRow(Table, table=True):
    """Somebody wants nothing to do with somebody: neither sees what the other one shows or says."""

    __tablename__ = "block"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_block_blocked_id_account_id", "blocked_id", "account_id"),)

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    blocked_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CreatorRow(Table, table=True):
    """What is counted of one person; made when there is something to count."""

    __tablename__ = "creator"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    followers: int = 0
    following: int = 0
    likes: int = 0
    """Of all their pictures."""


class LeaningRow(Table, table=True):
    """What counts for somebody on their own order of everybody's pictures; see `leanings`."""

    __tablename__ = "leaning"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    fresh: int
    popular: int
    novel: int
    following: int


class SavedSearchRow(Table, table=True):
    """A search somebody keeps under a name."""

    __tablename__ = "saved_search"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        Index("ix_saved_search_account_id_created_at_id", "account_id", "created_at", "id"),
        Index("ix_saved_search_is_told_id", "is_told", "id"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    name: str = Field(max_length=limits.SEARCH_NAME_MAX)
    words: str = Field(max_length=limits.SEARCH_MAX)
    is_told: bool = False
    """Whether its owner is told when something new matches."""
    looked_at: datetime = Field(sa_type=UtcDateTime)
    """When it was last looked at what is new, a minute of which is looked at again; at first a minute ahead."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class CollectionRow(Table, table=True):
    """Pictures that somebody hangs together, their own and others'."""

    __tablename__ = "collection"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        Index("ix_collection_account_id_changed_at_id", "account_id", "changed_at", "id"),
        Index("ix_collection_parent_id", "parent_id"),
        CheckConstraint("visibility IN ('private', 'unlisted', 'public')", name="visibility"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    title: str = Field(max_length=limits.COLLECTION_TITLE_MAX)
    description: str = Field(default="", max_length=limits.COLLECTION_DESCRIPTION_MAX)
    visibility: str = Field(default="private", max_length=8)
    """Without those who are invited; `seen_by` says all of it."""
    is_collaborative: bool = False
    """Private but for those who are invited."""
    cover_id: str | None = Field(default=None, foreign_key="image.id", ondelete="SET NULL", max_length=ID_LENGTH)
    parent_id: str | None = Field(default=None, max_length=ID_LENGTH)
    """The collection of the same person in which it lies. No foreign key: SQLite adds none to a table without making it anew."""
    shows_private: bool = False
    """Whether its collaborators see, here alone, the private pictures of whoever made it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def seen_by(self) -> str:
        """Who sees it, as views and forms have it."""
        return "collaborative" if self.is_collaborative else self.visibility


class CollectionPictureRow(Table, table=True):
    """One picture of a collection."""

    __tablename__ = "collection_picture"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        UniqueConstraint("collection_id", "image_id"),
        Index("ix_collection_picture_collection_id_number", "collection_id", "number"),
        Index("ix_collection_picture_image_id", "image_id"),
    )

    number: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    """The order in which they were put in."""
    collection_id: str = Field(foreign_key="collection.id", ondelete="CASCADE", max_length=ID_LENGTH)
    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", max_length=ID_LENGTH)


class CollaboratorRow(Table, table=True):
    """Somebody invited to a collection; once they have joined they put in pictures of their own."""

    __tablename__ = "collaborator"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_collaborator_account_id_collection_id", "account_id", "collection_id"),)

    collection_id: str = Field(foreign_key="collection.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    invited_at: datetime = Field(sa_type=UtcDateTime)
    joined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shows_private: bool = False
    """Whether the others of the collection see, here alone, this person's private pictures."""


class CollectionLinkRow(Table, table=True):
    """A secret link to a collection. Only its digest is kept."""

    __tablename__ = "collection_link"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_collection_link_collection_id_created_at", "collection_id", "created_at"), UniqueConstraint("digest"))

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    collection_id: str = Field(foreign_key="collection.id", ondelete="CASCADE", max_length=ID_LENGTH)
    digest: str = Field(max_length=64)
    is_proofing: bool = False
    """Whether whoever has it may say what they think of each picture."""
    shows_private: bool = False
    """Whether it shows the private pictures of whoever made the collection."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PresenceRow(Table, table=True):
    """A tab of somebody's in which a collection is open just now."""

    __tablename__ = "presence"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("ix_presence_collection_id_seen_at", "collection_id", "seen_at"), Index("ix_presence_account_id", "account_id"))

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    collection_id: str = Field(foreign_key="collection.id", ondelete="CASCADE", max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class ProofRow(Table, table=True):
    """What one guest of a proofing link thinks of one picture. It stays when the link goes."""

    __tablename__ = "proof"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        UniqueConstraint("link_id", "guest_key", "image_id"),
        Index("ix_proof_collection_id_changed_at", "collection_id", "changed_at"),
        Index("ix_proof_image_id", "image_id"),
        CheckConstraint("verdict IN ('', 'approved', 'changes')", name="verdict"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    collection_id: str = Field(foreign_key="collection.id", ondelete="CASCADE", max_length=ID_LENGTH)
    link_id: str = Field(max_length=ID_LENGTH)
    """No foreign key: what was said outlives the link it was said by."""
    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", max_length=ID_LENGTH)
    guest: str = Field(max_length=limits.PROOF_NAME_MAX)
    """As they typed their name."""
    guest_key: str = Field(max_length=limits.PROOF_NAME_MAX * 2)
    """The name, folded: who types it again is the same guest."""
    is_loved: bool = False
    verdict: str = Field(default="", max_length=8)
    words: str = Field(default="", max_length=limits.PROOF_WORDS_MAX)
    changed_at: datetime = Field(sa_type=UtcDateTime)
