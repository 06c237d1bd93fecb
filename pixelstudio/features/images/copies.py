"""Copies: pictures that look like another one, found by the bands of their fingerprints; and who has not been looked at yet.

However many pictures there are, a few hundred values are looked up in four indexes, and the database itself tells near from far.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select, union
from sqlmodel import col

from pixelstudio.core.ids import is_id
from pixelstudio.db.bits import bits_apart
from pixelstudio.db.questions import Question, among, told
from pixelstudio.features.accounts.onlookers import onlooker, seen_by
from pixelstudio.features.images.tables import ImageRow, RenditionRow
from pixelstudio.features.images.visibility import suits, visible_to
from pixelstudio.imaging.fingerprints import BANDS, FLAT, NEAR, as_column, bands_near, bands_of, from_column

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.onlookers import Onlooker

COPIES_MAX: Final = 200
_SEEN_AS: Final = "512"


def fingerprinted(row: ImageRow, bits: int, look: bytes) -> None:
    """Write down what a picture looks like, so that it is found by it."""
    row.fingerprint, row.look = as_column(bits), look or None
    bands = (None,) * BANDS if bits == FLAT else bands_of(bits)
    row.band_0, row.band_1, row.band_2, row.band_3 = bands


async def near(reader: Reader, viewer: Actor | None, bits: int) -> dict[str, int]:
    """The ids of pictures this viewer may see, of a rating they want to come across, that differ in at most `NEAR` bits, and in how many.

    The nearest first, `COPIES_MAX` at most.
    """
    if bits == FLAT:
        return {}
    bands = {f"band_{at}": bands_near(band) for at, band in enumerate(bands_of(bits))}
    rows = await reader.ask(_near(onlooker(viewer)), viewer=viewer.id if viewer else "", bits=as_column(bits), **bands)
    return {row.id: int(row.far) for row in rows}


@cache
def _near(sort: Onlooker | None) -> Question:
    viewer, key = seen_by(sort), cast("Any", col(ImageRow.id))
    far: Any = bits_apart(col(ImageRow.fingerprint), told("bits"))
    columns: Any = (ImageRow.band_0, ImageRow.band_1, ImageRow.band_2, ImageRow.band_3)
    pair: Any = select(key.label("id"), far.label("far"))
    found: list[Any] = [pair.where(among(col(column), f"band_{at}"), far <= NEAR) for at, column in enumerate(columns)]
    every = union(*found).subquery()
    seen = select(every.c.id, every.c.far).join(ImageRow, key == every.c.id).where(visible_to(viewer), suits(viewer))
    return Question(seen.order_by(every.c.far, every.c.id).limit(COPIES_MAX))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture looks like."""

    bits: int
    """Its fingerprint; `FLAT` when there is nothing to tell it by."""
    look: bytes


async def seen_as(reader: Reader, viewer: Actor | None, image_id: str) -> Seen | None:
    """What a picture looks like; None for one nobody has looked at, and for one this viewer may not see."""
    if not is_id(image_id):
        return None
    statement: Any = select(col(ImageRow.fingerprint), col(ImageRow.look)).where(col(ImageRow.id) == image_id, visible_to(viewer))
    found: Any = (await reader.exec(statement.where(col(ImageRow.look).is_not(None)))).one_or_none()
    return Seen(from_column(found.fingerprint), bytes(found.look)) if found else None


async def looks_of(reader: Reader, image_ids: Collection[str]) -> dict[str, bytes]:
    """The looks of these pictures, of those that have one; no query for none. Not for anybody's eyes."""
    rows = await reader.ask(_looks(), ids=image_ids) if image_ids else []
    return {row.id: bytes(row.look) for row in rows}


@cache
def _looks() -> Question:
    return Question(select(col(ImageRow.id), col(ImageRow.look)).where(among(col(ImageRow.id), "ids"), col(ImageRow.look).is_not(None)))


async def unseen(reader: Reader, at_most: int) -> list[tuple[str, str]]:
    """Pictures nobody has looked at, each with the digest of the bytes to look at."""
    statement: Any = (
        select(col(ImageRow.id), col(RenditionRow.digest))
        .join(RenditionRow, col(RenditionRow.image_id) == col(ImageRow.id))
        .where(col(ImageRow.look).is_(None), col(ImageRow.forgotten_at).is_(None), col(RenditionRow.variant) == _SEEN_AS)
    )
    rows: Any = (await reader.exec(statement.limit(at_most))).all()
    return [(row.id, row.digest) for row in rows]


async def keep_look(tx: Transaction, image_id: str, bits: int, look: bytes) -> None:
    """Write down what a picture looks like. Safe to repeat, and when it is gone meanwhile."""
    row = await tx.get(ImageRow, image_id, for_update=True)
    if row is not None:
        fingerprinted(row, bits, look)
        tx.add(row)
        await tx.flush()
