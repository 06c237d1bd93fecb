"""The one row of blocked words."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import Table, UtcDateTime


class BlockedWordRow(Table, table=True):
    """A word, or several in a row, folded as `core.text.words_of` folds."""

    __tablename__ = "blocked_word"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr

    word: str = Field(primary_key=True, max_length=limits.BLOCKED_WORD_MAX)
    created_at: datetime = Field(sa_type=UtcDateTime)
