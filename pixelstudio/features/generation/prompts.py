"""One's own prompts: each once, the latest first, found again by any words of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.ids import GenerationId
from pixelstudio.core.text import clean_line
from pixelstudio.features.generation.styles import Style, parted
from pixelstudio.features.generation.tables import GenerationRow

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

SHOWN: Final = 30
_WORDS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class PromptView:
    """A prompt that was used: the words as typed, the style behind them, the last set it was asked for, and how many sets."""

    prompt: str
    style: Style
    generation_id: GenerationId
    sets: int
    used_at: datetime


async def prompts_of(reader: Reader, by: Actor, words: str = "", limit: int = SHOWN) -> list[PromptView]:
    """The actor's own prompts that hold every one of `words`, in any order and case, the last used first."""
    told = (col(GenerationRow.created_at).desc(), col(GenerationRow.id).desc())
    same = col(GenerationRow.prompt)
    lines = (
        select(
            same,
            col(GenerationRow.id),
            col(GenerationRow.created_at),
            func.count(same).over(partition_by=same).label("sets"),
            func.row_number().over(partition_by=same, order_by=told).label("place"),
        )
        .where(col(GenerationRow.account_id) == by.id, *(same.icontains(word, autoescape=True) for word in _words(words)))
        .subquery()
    )
    latest = select(lines.c.prompt, lines.c.id, lines.c.sets, lines.c.created_at).where(lines.c.place == 1)
    newest_first = latest.order_by(lines.c.created_at.desc(), lines.c.id).limit(max(1, min(limit, limits.PAGE_SIZE)))
    rows: list[tuple[Any, ...]] = [tuple(row) for row in await reader.exec(newest_first)]
    return [PromptView(*parted(prompt), GenerationId(generation_id), sets, used_at) for prompt, generation_id, sets, used_at in rows]


def _words(text: str) -> list[str]:
    return clean_line(text).split()[:_WORDS_MAX]
