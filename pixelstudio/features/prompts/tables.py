"""Rows of prompts worth keeping, of changed templates, and of what a language model wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from pixelstudio.core import limits
from pixelstudio.db.columns import Table, UtcDateTime

ID_LENGTH = 26
TAGS_MAX = limits.TAGS_PER_PROMPT * (limits.TAG_MAX + 1) + 1


class SavedPromptRow(Table, table=True):
    """A prompt its owner wants to find again."""

    __tablename__ = "saved_prompt"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a declared_attr
    __table_args__ = (Index("ix_saved_prompt_account_id_changed_at_id", "account_id", "changed_at", "id"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    prompt: str = Field(max_length=limits.PROMPT_MAX)
    negative_prompt: str = Field(default="", max_length=limits.NEGATIVE_PROMPT_MAX)
    tags: str = Field(default="", max_length=TAGS_MAX)
    """Each between commas, `,dusk,harbour,`, so that one is found whole."""
    forked_from: str | None = Field(default=None, foreign_key="saved_prompt.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class PromptTemplateRow(Table, table=True):
    """What the maintainer wrote in the place of a shipped template."""

    __tablename__ = "prompt_template"  # pyright: ignore[reportAssignmentType]  # as above

    kind: str = Field(primary_key=True, max_length=8)
    id: str = Field(primary_key=True, max_length=40)
    words: str = Field(default="", max_length=limits.TEMPLATE_WORDS_MAX)
    negative: str = Field(default="", max_length=limits.TEMPLATE_WORDS_MAX)
    guidance_scale: float | None = None
    steps: int | None = None
    changed_at: datetime = Field(sa_type=UtcDateTime)


class WrittenPromptRow(Table, table=True):
    """What a language model made of a brief, kept so that the same question is not paid for twice, and counted against the day's budget."""

    __tablename__ = "written_prompt"  # pyright: ignore[reportAssignmentType]  # as above

    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    question: str = Field(primary_key=True, max_length=64)
    """Digest of the model, the brief and the templates as they were."""
    prompt: str = Field(max_length=limits.PROMPT_MAX)
    negative_prompt: str = Field(default="", max_length=limits.NEGATIVE_PROMPT_MAX)
    guidance_scale: float
    steps: int
    tokens: int
    """What it cost; estimated where the endpoint did not say."""
    written_at: datetime = Field(sa_type=UtcDateTime, index=True)
