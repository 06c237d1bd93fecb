"""Rows of pictures and their renditions, and of what people bring for making more of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, false, text
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.core.ratings import GENERAL
from pixelstudio.db.columns import BigId, Table, UtcDateTime
from pixelstudio.imaging.fingerprints import BANDS

ID_LENGTH = 26
DIGEST_MAX = 80
_IN_TRASH = "deleted_at IS NOT NULL"
_UNSEEN = "look IS NULL AND forgotten_at IS NULL"


class ImageRow(Table, table=True):
    """One finished picture. `digest` names the original's bytes in the storage."""

    __tablename__ = "image"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (
        UniqueConstraint("generation_id", "slot"),
        Index("ix_image_owner_id_created_at_id", "owner_id", "created_at", "id"),
        Index("ix_image_owner_id_stands_at_id", "owner_id", "stands_at", "id"),
        # Of the trash alone: an index that holds what is not deleted too is taken by SQLite in the place of better ones.
        Index("ix_image_deleted_at", "deleted_at", sqlite_where=text(_IN_TRASH), postgresql_where=text(_IN_TRASH)),
        # Of those alone that nobody has looked at: what looks for them finds nothing at once where there are none.
        Index("ix_image_unseen", "id", sqlite_where=text(_UNSEEN), postgresql_where=text(_UNSEEN)),
        # With what `near` asks of all that share a band, so that it reads the wide rows of the few it finds alone.
        *(Index(f"ix_image_band_{at}_fingerprint_id", f"band_{at}", "fingerprint", "id") for at in range(BANDS)),
        CheckConstraint("visibility IN ('private', 'public')", name="visibility"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    owner_id: str = Field(foreign_key="account.id", max_length=ID_LENGTH)
    generation_id: str = Field(foreign_key="generation.id", max_length=ID_LENGTH)
    slot: int
    model: str = Field(max_length=80)
    prompt: str = Field(max_length=limits.PROMPT_MAX)
    negative_prompt: str = Field(default="", max_length=limits.NEGATIVE_PROMPT_MAX)
    title: str = Field(default="", max_length=limits.TITLE_MAX, sa_column_kwargs={"server_default": ""})
    """As its owner called it when they showed it, once more beside its post: one's own pictures are found and named by it, shown or not."""
    seed: int = Field(sa_column=Column(BigId, nullable=False))
    width: int
    height: int
    visibility: str = Field(default="private", max_length=7)
    digest: str = Field(index=True, max_length=DIGEST_MAX)
    size_bytes: int
    media_type: str = Field(max_length=40)
    thumbhash: str = Field(default="", max_length=64)
    """Base64."""
    spill: str = Field(default="", max_length=7)
    """The picture's own mean colour, `#rrggbb`."""
    fingerprint: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    """What it looks like in 64 bits, read as a signed number; None while nobody has looked. See `imaging.fingerprints`."""
    look: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """Its layout and its colours; None while nobody has looked. See `imaging.looks`."""
    band_0: int | None = None
    band_1: int | None = None
    band_2: int | None = None
    band_3: int | None = None
    """The fingerprint in bands, of those that have one to tell them by; written by `fingerprinted` alone."""
    has_film: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether there is a rendition `film`."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    stands_at: datetime = Field(sa_type=UtcDateTime)
    """Where it stands in the library: when its set was asked for, less a microsecond for each slot before it. So a set stays together, its
    first picture first, however late one comes."""
    favourite_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when its owner counts it among the favourites."""
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it is in the trash."""
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """Since when it is out of the trash too and only waits for its bytes to go."""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it may not be public: whoever looks after the installation took it out of everybody's sight."""
    rating: str = Field(default=GENERAL, max_length=9, sa_column_kwargs={"server_default": GENERAL})
    """For whom it is, see `core.ratings`."""
    least_rating: str = Field(default=GENERAL, max_length=9, sa_column_kwargs={"server_default": GENERAL})
    """What a maintainer said it is at least."""


class RenditionRow(Table, table=True):
    """A smaller version of a picture for showing: its longer side is at most `variant` pixels; or the `film` of its making."""

    __tablename__ = "rendition"  # pyright: ignore[reportAssignmentType]  # as above

    image_id: str = Field(foreign_key="image.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    variant: str = Field(primary_key=True, max_length=8)
    digest: str = Field(index=True, max_length=DIGEST_MAX)
    media_type: str = Field(max_length=40)
    width: int
    height: int
    size_bytes: int


class UploadRow(Table, table=True):
    """A mask or a logo its owner brought. `digest` names its bytes in the storage: a PNG of our own making."""

    __tablename__ = "upload"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "image_id", "digest"),
        CheckConstraint("kind IN ('logo', 'mask')", name="kind"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    kind: str = Field(max_length=4)
    image_id: str = Field(default="", max_length=ID_LENGTH)
    """The picture a mask was painted for, which may be gone meanwhile; "" for a logo."""
    digest: str = Field(index=True, max_length=DIGEST_MAX)
    width: int
    height: int
    size_bytes: int
    brought_at: datetime = Field(sa_type=UtcDateTime)
    """When it was brought last."""
