"""Spending: what each provider's pictures came to this month, and the most its owner allows.

Counted in credits, as they were charged: a drawing on its way counts as if it had come, and who asks meanwhile waits for it to be counted,
so that many at once do not pass the bound together. One that was called off after it was sent counts too: its provider may charge for what it had begun, and asking and calling off in turn
must not pass the bound. The month is that of the calendar, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from pixelstudio.core.errors import Unavailable
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.generation.requests import Quote
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

WARN_FROM: Final = 0.8
"""The share of what is allowed from which whoever looks after the installation is told."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What one provider's pictures came to this month, and what is allowed, both in whole credits."""

    provider: str
    spent: int
    allowed: int

    @property
    def is_near(self) -> bool:
        """Whether somebody should know."""
        return self.spent >= WARN_FROM * self.allowed


async def ensure_allowed(tx: Transaction, studio: Studio, model: ImageModel, price: Quote) -> None:
    """Raise `Unavailable` when this set would pass what the owner allows at its provider this month.

    Where something is bounded, whatever costs waits here for another's commit, at whichever provider: two sets of one comparison, asked for
    in one order here and in another there, would otherwise wait for each other.
    """
    caps = studio.settings.spending_caps
    if not caps or not price.total:
        return
    await tx.serialise("spending")
    allowed = caps.get(model.provider)
    if allowed is None:
        return
    spent = await _spent(tx, _models_of(studio, model.provider))
    if spent + price.total > allowed:
        sentence = (
            f"This studio has used nearly all it may spend at {model.maker} this month. Nothing was charged. Ask for fewer pictures, or choose "
            "another model."
        )
        raise Unavailable(sentence, code="spending_cap_reached", provider=model.provider, spent=spent, allowed=allowed)


async def spending_of(reader: Reader, studio: Studio) -> list[Spending]:
    """How each provider with a bound stands. For maintainers."""
    caps = studio.settings.spending_caps
    return [Spending(provider, await _spent(reader, _models_of(studio, provider)), allowed) for provider, allowed in caps.items()]


async def _spent(reader: Reader, models: Collection[str]) -> int:
    outcome = col(GenerationSlotRow.outcome)
    was_stopped = and_(outcome == "cancelled", col(GenerationSlotRow.sentence) != "")
    counts = (or_(outcome.is_(None), outcome == "done", was_stopped), col(GenerationSlotRow.is_copy).is_(False))
    begins = reader.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    statement = (
        select(func.coalesce(func.sum(col(GenerationRow.price_credits_each)), 0))
        .select_from(GenerationSlotRow)
        .join(GenerationRow, col(GenerationRow.id) == col(GenerationSlotRow.generation_id))
        .where(col(GenerationRow.model).in_(models), col(GenerationRow.created_at) >= begins, *counts)
    )
    return int((await reader.exec(statement)).scalar_one())


def _models_of(studio: Studio, provider: str) -> list[str]:
    return [model.id for model in studio.providers.models() if model.provider == provider]
