"""Pictures: hang a finished one, show it, list one's own, switch its visibility, delete it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import func, literal, select, tuple_
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import GenerationId, ImageId, UserId, is_id, new_id
from pixelstudio.core.pages import Cursor, Page, decoded
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.db.questions import Question, among
from pixelstudio.features.accounts.onlookers import onlooker, seen_by
from pixelstudio.features.conduct.strikes import refuse_paused
from pixelstudio.features.images.copies import fingerprinted
from pixelstudio.features.images.events import ImageDeleted, ImageVisibilityChanged
from pixelstudio.features.images.renditions import FILM, StoredFile, add_film, rendition_row
from pixelstudio.features.images.tables import ImageRow, RenditionRow
from pixelstudio.features.images.views import ImageView, Visibility
from pixelstudio.features.images.visibility import in_trash_of, visible_to
from pixelstudio.imaging.fingerprints import from_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pixelstudio.core.ratings import Rating
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.onlookers import Onlooker
    from pixelstudio.imaging.ingest import Ingested


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that is known of a finished picture before it has a row."""

    original: StoredFile
    renditions: Mapping[str, StoredFile]
    """By the length of the longer side: "256", "512", "1024"."""
    thumbhash: bytes
    spill: str
    fingerprint: int | None = None
    """What it looks like, as `imaging.fingerprints` has it; None when nobody has looked."""
    look: bytes = b""
    """And as `imaging.looks` has it."""

    @classmethod
    def of(cls, ingested: Ingested, digests: Mapping[str, str]) -> Portrait:
        """A picture that was taken in, whose files were stored under these digests, by variant."""
        stored = {variant: StoredFile.of(file, digests[variant]) for variant, file in ingested.files.items()}
        return cls(stored.pop("original"), stored, ingested.thumbhash, ingested.spill, ingested.fingerprint, ingested.look)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture comes from."""

    owner_id: UserId
    generation_id: GenerationId
    slot: int
    model: str
    prompt: str
    negative_prompt: str
    seed: int
    asked_at: datetime
    """When its set was asked for."""
    is_public: bool = False
    """Whether its owner shows new pictures to everybody."""


async def hang(tx: Transaction, origin: Origin, portrait: Portrait) -> ImageId:
    """Insert the rows of a finished picture, private unless its owner shows new ones.

    Its bytes must be stored already; a second one for the same slot is refused by its unique key.
    """
    original = portrait.original
    row = ImageRow(
        id=new_id(),
        owner_id=origin.owner_id,
        generation_id=origin.generation_id,
        slot=origin.slot,
        model=origin.model,
        prompt=origin.prompt,
        negative_prompt=origin.negative_prompt,
        seed=origin.seed,
        visibility="public" if origin.is_public else "private",
        width=original.width,
        height=original.height,
        digest=original.digest,
        size_bytes=original.size_bytes,
        media_type=original.media_type,
        thumbhash=base64.b64encode(portrait.thumbhash).decode("ascii"),
        spill=portrait.spill,
        created_at=tx.now,
        stands_at=origin.asked_at - timedelta(microseconds=origin.slot),
    )
    if portrait.fingerprint is not None:
        fingerprinted(row, portrait.fingerprint, portrait.look)
    tx.add(row)
    await tx.flush()
    for variant, file in portrait.renditions.items():
        tx.add(rendition_row(row.id, variant, file))
    await tx.flush()
    return ImageId(row.id)


async def hang_copy(tx: Transaction, origin: Origin, source_id: ImageId) -> ImageId | None:
    """Hang a picture's bytes, renditions and film once more, at another place of the same owner's; None when it is gone meanwhile.

    The source is locked: it is not thrown away, and its bytes do not go, before the copy counts for them.
    """
    source = await tx.get(ImageRow, source_id, for_update=True)
    if source is None or source.owner_id != origin.owner_id or not _hangs(source):
        return None
    files = {row.variant: row for row in (await tx.exec(select(RenditionRow).where(col(RenditionRow.image_id) == source_id))).scalars()}
    stored = {variant: StoredFile(row.digest, row.media_type, row.width, row.height, row.size_bytes) for variant, row in files.items()}
    film = stored.pop(FILM, None)
    original = StoredFile(source.digest, source.media_type, source.width, source.height, source.size_bytes)
    looks = None if source.fingerprint is None else from_column(source.fingerprint)
    image_id = await hang(
        tx, origin, Portrait(original, stored, base64.b64decode(source.thumbhash), source.spill, looks, source.look or b"")
    )
    await take_after(tx, image_id, source_id)
    if film is not None:
        await add_film(tx, image_id, film)
    return image_id


async def take_after(tx: Transaction, image_id: ImageId, parent_id: str) -> None:
    """Let a picture that shows another one whole be for whom that is, and as withdrawn: no word over it makes it another picture."""
    row, parent = await tx.get(ImageRow, image_id), await tx.get(ImageRow, parent_id)
    if row is None or parent is None:
        return
    row.rating, row.least_rating, row.withdrawn_at = parent.rating, parent.least_rating, parent.withdrawn_at
    if row.withdrawn_at is not None:
        row.visibility = "private"
    tx.add(row)


async def is_hanging(reader: Reader, image_id: ImageId) -> bool:
    """Whether the picture is there, and in no trash."""
    row = await reader.get(ImageRow, image_id)
    return row is not None and _hangs(row)


async def is_public(reader: Reader, image_id: str) -> bool:
    """Whether everybody with its address sees the picture. Not for anybody's eyes: this asks for no viewer."""
    row = await reader.get(ImageRow, image_id)
    return row is not None and _hangs(row) and row.visibility == "public"


def _hangs(row: ImageRow) -> bool:
    return row.deleted_at is None and row.forgotten_at is None


async def set_visibility(tx: Transaction, image_id: str, visibility: str, *, by: Actor) -> ImageView:
    """Make an own picture public or private. Safe to repeat. Raises `NotAllowed` for one that was withdrawn, and while publishing is paused."""
    if visibility not in {"private", "public"}:
        raise Invalid("A picture is either private or public. Choose one.", code="visibility_invalid", field="visibility")
    row = await _own(tx, image_id, by)
    if visibility == "public" and row.withdrawn_at is not None:
        raise NotAllowed("A maintainer took this picture out of everybody's sight. Your inbox says why.", code="withdrawn")
    if row.visibility != visibility:
        if visibility == "public":
            await refuse_paused(tx, by)
        row.visibility = visibility
        tx.add(row)
        await tx.publish(ImageVisibilityChanged(image_id=row.id, owner_id=row.owner_id, visibility=visibility))
    return view_of(row, by)


async def delete(tx: Transaction, image_id: str, *, by: Actor) -> None:
    """Put an own picture into the trash: it is gone for everybody at once, and its owner can take it back (`curation`)."""
    row = await _own(tx, image_id, by)
    row.deleted_at = tx.now
    tx.add(row)
    await tx.publish(ImageDeleted(image_id=row.id, owner_id=row.owner_id, was_public=row.visibility == "public"))


async def image_for(reader: Reader, viewer: Actor | None, image_id: str) -> ImageView:
    """One picture. Raises the same `NotFound` for a missing, a deleted and somebody else's private one."""
    return view_of(await _visible(reader, image_id, viewer), viewer)


async def owner_of(reader: Reader, viewer: Actor | None, image_id: str) -> UserId:
    """Whose picture this is. Raises `NotFound` as `image_for`."""
    return UserId((await _visible(reader, image_id, viewer)).owner_id)


async def withdraw(tx: Transaction, image_id: str) -> bool:
    """Make anybody's picture private until `give_back`: on behalf of whoever looks after the installation. Safe to repeat.

    Returns whether everybody with its address saw it.
    """
    row = await tx.get(ImageRow, image_id, for_update=True)
    if row is None:
        return False
    was_public, row.visibility, row.withdrawn_at = row.visibility == "public", "private", tx.now
    tx.add(row)
    if was_public:
        await tx.publish(ImageVisibilityChanged(image_id=row.id, owner_id=row.owner_id, visibility="private"))
    return was_public and _hangs(row)


async def give_back(tx: Transaction, image_id: str, *, is_public: bool) -> None:
    """Take a withdrawal back, and show the picture again when it was shown. Safe to repeat."""
    row = await tx.get(ImageRow, image_id, for_update=True)
    if row is None or row.withdrawn_at is None:
        return
    row.withdrawn_at = None
    tx.add(row)
    if is_public and row.visibility == "private":
        row.visibility = "public"
        await tx.publish(ImageVisibilityChanged(image_id=row.id, owner_id=row.owner_id, visibility="public"))


async def page_of(reader: Reader, by: Actor, *, before: str | None = None, limit: int = limits.PAGE_SIZE) -> Page[ImageView]:
    """The actor's own pictures, newest first, after the cursor `before`."""
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    statement = select(ImageRow).where(visible_to(by), col(ImageRow.owner_id) == by.id)
    if (after := decoded(before)) is not None:
        place = tuple_(literal(after.created_at, UtcDateTime), literal(after.id))
        statement = statement.where(tuple_(col(ImageRow.created_at), col(ImageRow.id)) < place)
    newest_first = (col(ImageRow.created_at).desc(), col(ImageRow.id).desc())
    rows = list((await reader.exec(statement.order_by(*newest_first).limit(size + 1))).scalars())
    last = rows[size - 1] if len(rows) > size else None
    return Page([view_of(row, by) for row in rows[:size]], Cursor(last.created_at, last.id).encoded() if last else "")


async def images_by_id(reader: Reader, viewer: Actor | None, image_ids: Iterable[str]) -> dict[str, ImageView]:
    """Those of these pictures that the viewer may see, by id; one query."""
    known = [image_id for image_id in image_ids if is_id(image_id)]
    rows = await reader.ask(_seen(onlooker(viewer)), ids=known, viewer=viewer.id if viewer else "") if known else []
    return {row.id: view_of(row, viewer) for row in rows}


@cache
def _seen(sort: Onlooker | None) -> Question:
    return Question(select(*map(col, _SHOWN)).where(among(col(ImageRow.id), "ids"), visible_to(seen_by(sort))))


async def in_trash_by_set(reader: Reader, by: Actor, generation_ids: Iterable[str]) -> dict[str, int]:
    """How many pictures of each of these sets are in the actor's trash; a set of which none is has no entry. One query."""
    of_set = col(ImageRow.generation_id)
    counted = select(of_set, func.count().label("thrown")).where(of_set.in_(list(generation_ids)), in_trash_of(by)).group_by(of_set)
    return {row.generation_id: row.thrown for row in await reader.exec(counted)}


async def hanging_by_id(reader: Reader, viewer: Actor | None, image_ids: Iterable[str]) -> dict[str, ImageView]:
    """Those of these pictures that hang, by id; one query. It asks for nobody's right: a query has found that their owners show them."""
    named = col(ImageRow.id).in_([image_id for image_id in image_ids if is_id(image_id)])
    statement = select(ImageRow).where(named, col(ImageRow.deleted_at).is_(None))
    return {row.id: view_of(row, viewer) for row in (await reader.exec(statement)).scalars()}


async def image_in_slot(reader: Reader, generation_id: str, slot: int) -> ImageId | None:
    """The picture that was hung for this slot. Not for anybody's eyes: this asks for no viewer."""
    statement = select(col(ImageRow.id)).where(col(ImageRow.generation_id) == generation_id, col(ImageRow.slot) == slot)
    found = (await reader.exec(statement)).scalar_one_or_none()
    return ImageId(found) if found else None


async def drawn(reader: Reader, image_id: str) -> ImageView | None:
    """A picture, in the trash too; None when there is none. Not for anybody's eyes: this asks for no viewer."""
    row = await reader.get(ImageRow, image_id)
    return view_of(row, None) if row else None


async def ensure_own(reader: Reader, image_id: str, by: Actor) -> None:
    """Raise `NotFound` unless this is a picture of one's own that is there."""
    if (await _visible(reader, image_id, by)).owner_id != by.id:
        raise NotFound


async def _visible(reader: Reader, image_id: str, viewer: Actor | None, *, for_update: bool = False) -> ImageRow:
    if not is_id(image_id):
        raise NotFound
    statement = select(ImageRow).where(col(ImageRow.id) == image_id, visible_to(viewer))
    if for_update:
        statement = statement.with_for_update(key_share=True)
    row = (await reader.exec(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def _own(tx: Transaction, image_id: str, by: Actor) -> ImageRow:
    """Locked: what a maintainer decides about it at this moment comes before or after."""
    row = await _visible(tx, image_id, by, for_update=True)
    if by.is_guest:
        raise NotAllowed("Create an account first: then your pictures are yours to show and to delete.", image_id=image_id)
    if row.owner_id != by.id:
        raise NotAllowed("Only the person who made this picture can change it.", image_id=image_id)
    return row


_SHOWN: Final = (
    ImageRow.id,
    ImageRow.owner_id,
    ImageRow.generation_id,
    ImageRow.slot,
    ImageRow.visibility,
    ImageRow.prompt,
    ImageRow.negative_prompt,
    ImageRow.model,
    ImageRow.seed,
    ImageRow.width,
    ImageRow.height,
    ImageRow.size_bytes,
    ImageRow.media_type,
    ImageRow.thumbhash,
    ImageRow.spill,
    ImageRow.has_film,
    ImageRow.created_at,
    ImageRow.stands_at,
    ImageRow.favourite_at,
    ImageRow.rating,
    ImageRow.least_rating,
    ImageRow.deleted_at,
    ImageRow.title,
)
"""What `view_of` shows of a picture: its look is not read for it."""


def view_of(row: ImageRow, viewer: Actor | None) -> ImageView:
    """What leaves the slice of a picture this viewer may see; whether it is a favourite is its owner's own affair."""
    is_mine = viewer is not None and viewer.id == row.owner_id and not viewer.is_guest
    return ImageView(
        id=ImageId(row.id),
        generation_id=GenerationId(row.generation_id),
        slot=row.slot,
        is_mine=is_mine,
        visibility=cast("Visibility", row.visibility),
        prompt=row.prompt,
        negative_prompt=row.negative_prompt,
        model=row.model,
        seed=row.seed,
        width=row.width,
        height=row.height,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        thumbhash=base64.b64decode(row.thumbhash),
        spill=row.spill,
        has_film=row.has_film,
        created_at=row.created_at,
        stands_at=row.stands_at,
        is_favourite=is_mine and row.favourite_at is not None,
        rating=cast("Rating", row.rating),
        least_rating=cast("Rating", row.least_rating) if is_mine else "general",
        deleted_at=row.deleted_at,
        title=row.title,
    )
