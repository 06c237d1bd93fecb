"""Overlays: text or a logo over an own picture, asked for like a drawing. A new picture comes of it; it costs nothing, and the old one stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.errors import NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.generation.events import GenerationQueued
from pixelstudio.features.generation.generations import refuse_flood
from pixelstudio.features.generation.jobs import RENDER
from pixelstudio.features.generation.overlaying import file_of_logo
from pixelstudio.features.generation.standing import just_submitted
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.pictures import image_for
from pixelstudio.imaging.overlay import Overlay, checked
from pixelstudio.jobs import queue

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.studio import Studio

OVERLAY_LANE: Final = "overlay"
OVERLAYS_AT_ONCE: Final = 2
"""The lane's places: none of them is taken from what is drawn."""
TIMEOUT_S: Final = 60.0


async def lay_over(tx: Transaction, studio: Studio, image_id: str, overlay: Overlay, *, by: Actor) -> SetView:
    """Ask for an own picture with text or a logo over it, in this one commit: a set of one, whose job waits in a lane of its own.

    Raises `Invalid` for what cannot be laid over, `NotFound` for a picture or a logo that is not one's own, `NotAllowed` for guests, and
    `TooMany`. Not safe to repeat: each one is a picture.
    """
    wanted = checked(overlay)
    image = await image_for(tx, by, image_id)
    if by.is_guest:
        raise NotAllowed("Create an account first: then your pictures are yours to change.", image_id=image_id)
    if not image.is_mine:
        raise NotFound
    if wanted.logo and await file_of_logo(tx, wanted.logo, by.id) is None:
        raise NotFound("This logo is gone. Choose another one.", code="logo_gone")
    await refuse_flood(tx, studio, by, 1)
    row = _row(image, wanted, by, tx)
    tx.add(row)
    await tx.flush()
    job = queue.NewJob(
        kind=RENDER,
        lane=OVERLAY_LANE,
        user_id=by.id,
        batch_id=row.id,
        params={"generation_id": row.id, "slots": [0]},
        timeout_s=TIMEOUT_S,
    )
    (job_id,) = await queue.enqueue_many(tx, [job], studio.hands)
    slot = GenerationSlotRow(generation_id=row.id, slot=0, job_id=job_id, seed=image.seed)
    tx.add(slot)
    await tx.flush()
    await tx.publish(GenerationQueued(generation_id=row.id, account_id=by.id, count=1))
    return just_submitted(row, [slot], next((model for model in studio.providers.models() if model.id == row.model), None))


async def overlay_of(reader: Reader, generation_id: str) -> Overlay | None:
    """What was laid over a picture to make this set, without the logo's id; None for a drawing. Not for anybody's eyes: it asks for no viewer."""
    kept = select(col(GenerationRow.overlay)).where(col(GenerationRow.id) == generation_id)
    found = (await reader.exec(kept)).scalar_one_or_none()
    return replace(Overlay.from_json(found), logo="") if found else None


def _row(image: ImageView, overlay: Overlay, by: Actor, tx: Transaction) -> GenerationRow:
    return GenerationRow(
        id=new_id(),
        account_id=by.id,
        prompt=image.prompt,
        negative_prompt=image.negative_prompt,
        model=image.model,
        seed=image.seed,
        width=image.width,
        height=image.height,
        count=1,
        price_credits_each=0,
        parent_id=image.id,
        overlay=overlay.to_json(),
        created_at=tx.now,
    )
