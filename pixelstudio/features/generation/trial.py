"""The trial: what a guest may draw. A few sketches, one at a time, and nothing that costs anybody anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlmodel import col

from pixelstudio.core.errors import NotAllowed, Unavailable
from pixelstudio.core.limits import GUEST_PICTURES
from pixelstudio.features.accounts.guests import lock_guest
from pixelstudio.features.accounts.preferences import Preferences, prefer, preferences_of
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.suiting import suiting
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.providers.registry import Registry

PORTRAIT = 4 / 5
"""The shape of the frame on the front page, width / height."""


def models_to_try(registry: Registry) -> list[ImageModel]:
    """The models a guest may draw with: drawn here, and free."""
    return [model for model in registry.models() if model.is_drawn_here and not model.price_credits]


def first_try(registry: Registry, prompt: str, model_id: str = "") -> GenerationRequest:
    """One upright sketch of a sentence. Without a model the sentence picks one: what suits it.

    Raises `Unavailable` when this installation draws no sketches.
    """
    models = models_to_try(registry)
    if not models:
        raise Unavailable("Nothing can be tried here without an account.", code="nothing_to_try")
    by_id = {model.id: model for model in models}
    model = by_id.get(model_id) or suiting(prompt, models)
    size = min(model.sizes, key=lambda size: abs(size.width / size.height - PORTRAIT))
    return GenerationRequest(prompt=prompt, model=model.id, width=size.width, height=size.height)


async def remember_model(tx: Transaction, registry: Registry, model_id: str, *, by: Actor) -> None:
    """Let the choice of a guest stand for their next try, and for the account it becomes; "" leaves it to each sentence again.

    A member's choice is made in their settings, and stays as it is. Safe to repeat.
    """
    chosen = await preferences_of(tx, by.id)
    is_offered = not model_id or any(model.id == model_id for model in models_to_try(registry))
    if by.is_guest and is_offered and chosen.model != model_id:
        await prefer(tx, Preferences(model=model_id, visibility=chosen.visibility), registry, by=by)


async def refuse_beyond_trial(tx: Transaction, wanted: GenerationRequest, model: ImageModel, *, by: Actor) -> None:
    """Raises `NotAllowed` for what a guest may not draw. Locks the guest, so that two requests never count the same picture."""
    if not model.is_drawn_here or model.price_credits or wanted.count != 1:
        raise NotAllowed(
            "Without an account you can draw one sketch at a time. Create an account for the rest.", code="trial_sketches_only"
        )
    await lock_guest(tx, by)
    if await pictures_left(tx, by.id) < wanted.count:
        raise NotAllowed(f"These were your {GUEST_PICTURES} pictures. Create an account to keep them and go on.", code="trial_used_up")


async def pictures_left(reader: Reader, account_id: UserId) -> int:
    """How many pictures a guest may still ask for. What failed does not count, what was drawn does, deleted or not."""
    outcome = col(GenerationSlotRow.outcome)
    counted = (
        select(func.count())
        .select_from(GenerationSlotRow)
        .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
        .where(col(GenerationRow.account_id) == account_id, or_(outcome.is_(None), outcome == "done"))
    )
    return max(0, GUEST_PICTURES - int((await reader.exec(counted)).scalar_one()))
