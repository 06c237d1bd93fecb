"""Preferences: what the composer begins with for a person, and who sees their new pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixelstudio.core.errors import Invalid
from pixelstudio.features.accounts.tables import PreferenceRow

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.providers.registry import Registry


@dataclass(frozen=True, slots=True)
class Preferences:
    """Empty and None mean: as the studio has it. `size` is "1024x1280"; `visibility` "private" or "public"."""

    model: str = ""
    size: str = ""
    images: int | None = None
    visibility: str = "private"


async def preferences_of(reader: Reader, account_id: UserId) -> Preferences:
    """What this person chose; a model that is gone since is for the reader to pass over."""
    row = await reader.get(PreferenceRow, account_id)
    return Preferences(row.model, row.size, row.images, row.visibility) if row else Preferences()


async def prefer(tx: Transaction, chosen: Preferences, registry: Registry, *, by: Actor) -> None:
    """Remember what the actor chose. Raises `Invalid` naming the field that fits no model."""
    if chosen.visibility not in {"private", "public"}:
        raise Invalid("A picture is either private or public. Choose one.", code="visibility_invalid", field="visibility")
    if chosen.model:
        _refuse_unfit(chosen, registry.model(chosen.model))
    elif chosen.size:
        raise Invalid("Choose a model first: each has its own sizes.", code="size_without_model", field="size")
    elif chosen.images is not None and not 1 <= chosen.images <= max(model.max_images for model in registry.models()):
        raise _too_many_images(max(model.max_images for model in registry.models()))
    await tx.serialise(f"preference:{by.id}")
    row = await tx.get(PreferenceRow, by.id) or PreferenceRow(account_id=by.id)
    row.model, row.size, row.images, row.visibility = chosen.model, chosen.size, chosen.images, chosen.visibility
    tx.add(row)
    await tx.flush()


def _refuse_unfit(chosen: Preferences, model: ImageModel) -> None:
    sizes = {f"{size.width}x{size.height}" for size in model.sizes}
    if chosen.size and chosen.size not in sizes:
        raise Invalid(f"{model.title} does not draw this size. Choose another one.", code="size_not_offered", field="size")
    if chosen.images is not None and not 1 <= chosen.images <= model.max_images:
        raise _too_many_images(model.max_images)


def _too_many_images(most: int) -> Invalid:
    return Invalid(f"Ask for 1 to {most} pictures.", code="count_invalid", field="images")
