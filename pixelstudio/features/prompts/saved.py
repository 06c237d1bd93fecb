"""Saved prompts: kept with tags, found by words and tags, changed, forked, thrown away; by their owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.core.ids import new_id
from pixelstudio.core.text import clean_line, clean_text, within
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.prompts.tables import SavedPromptRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

_WORDS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class PromptForm:
    """What a person keeps, as typed: tags in one text, separated by commas."""

    prompt: str
    negative_prompt: str = ""
    tags: str = ""


@dataclass(frozen=True, slots=True)
class SavedPrompt:
    """A saved prompt as its owner sees it."""

    id: str
    prompt: str
    negative_prompt: str
    tags: tuple[str, ...]
    forked_from: str
    """The prompt it began as, or ""."""
    changed_at: datetime


async def save(tx: Transaction, form: PromptForm, *, by: Actor) -> SavedPrompt:
    """Keep a prompt. Raises `Invalid`, and `Conflict` when there is no room for more."""
    return _view(await _kept(tx, form, by, forked_from=None))


async def change(tx: Transaction, prompt_id: str, form: PromptForm, *, by: Actor) -> SavedPrompt:
    """Change an own one. Raises `Invalid` and `NotFound`. Safe to repeat."""
    row = await own_row(tx, SavedPromptRow, prompt_id, by=by)
    row.prompt, row.negative_prompt, row.tags = _texts(form)
    row.changed_at = tx.now
    tx.add(row)
    await tx.flush()
    return _view(row)


async def fork(tx: Transaction, prompt_id: str, *, by: Actor) -> SavedPrompt:
    """Begin another one with the words of an own one; it remembers where it comes from. Raises as `save`, and `NotFound`."""
    source = await own_row(tx, SavedPromptRow, prompt_id, by=by)
    form = PromptForm(source.prompt, source.negative_prompt, source.tags)
    return _view(await _kept(tx, form, by, forked_from=source.id))


async def delete(tx: Transaction, prompt_id: str, *, by: Actor) -> None:
    """Forget an own one; forks of it stay. Raises `NotFound`."""
    await tx.delete(await own_row(tx, SavedPromptRow, prompt_id, by=by))


async def saved_prompts_of(reader: Reader, by: Actor, words: str = "", tag: str = "") -> list[SavedPrompt]:
    """The actor's own ones that hold every one of `words` and carry `tag`, the last changed first."""
    found = [_holds(word) for word in clean_line(words).split()[:_WORDS_MAX]]
    if clean := _tag(tag):
        found.append(col(SavedPromptRow.tags).icontains(f",{clean},", autoescape=True))
    statement = select(SavedPromptRow).where(col(SavedPromptRow.account_id) == by.id, *found)
    newest_first = (col(SavedPromptRow.changed_at).desc(), col(SavedPromptRow.id))
    rows = (await reader.exec(statement.order_by(*newest_first).limit(limits.SAVED_PROMPTS_PER_PERSON))).scalars()
    return [_view(row) for row in rows]


async def tags_of(reader: Reader, by: Actor) -> list[str]:
    """Every tag the actor has given, in order."""
    rows = await reader.exec(select(col(SavedPromptRow.tags)).where(col(SavedPromptRow.account_id) == by.id))
    return sorted({tag for tags in rows.scalars() for tag in _parted(tags)})


async def _kept(tx: Transaction, form: PromptForm, by: Actor, *, forked_from: str | None) -> SavedPromptRow:
    prompt, negative_prompt, tags = _texts(form)
    if await _how_many(tx, by) >= limits.SAVED_PROMPTS_PER_PERSON:
        sentence = f"You have saved {limits.SAVED_PROMPTS_PER_PERSON} prompts. Delete one to make room."
        raise Conflict(sentence, code="too_many_saved_prompts", field="prompt")
    row = SavedPromptRow(
        id=new_id(),
        account_id=by.id,
        prompt=prompt,
        negative_prompt=negative_prompt,
        tags=tags,
        forked_from=forked_from,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def _how_many(reader: Reader, by: Actor) -> int:
    statement = select(func.count()).select_from(SavedPromptRow).where(col(SavedPromptRow.account_id) == by.id)
    count: int = (await reader.exec(statement)).scalar_one()
    return count


def _texts(form: PromptForm) -> tuple[str, str, str]:
    prompt, negative_prompt = clean_text(form.prompt), clean_text(form.negative_prompt)
    if not prompt:
        raise Invalid("Type the prompt to keep first.", code="prompt_empty", field="prompt")
    within(prompt, limits.PROMPT_MAX, "A prompt has", code="prompt_too_long", field="prompt")
    within(negative_prompt, limits.NEGATIVE_PROMPT_MAX, "A negative prompt has", code="negative_prompt_too_long", field="negative_prompt")
    return prompt, negative_prompt, _tags(form.tags)


def _tags(text: str) -> str:
    """Between commas, each once, in the order they were given; "" for none."""
    tags: list[str] = list(dict.fromkeys(filter(None, map(_tag, text.split(",")))))
    if len(tags) > limits.TAGS_PER_PROMPT or any(len(tag) > limits.TAG_MAX for tag in tags):
        sentence = f"A prompt has at most {limits.TAGS_PER_PROMPT} tags of {limits.TAG_MAX} characters each."
        raise Invalid(sentence, code="tags_invalid", field="tags")
    return f",{','.join(tags)}," if tags else ""


def _tag(text: str) -> str:
    return clean_line(text.replace(",", " ")).removeprefix("#").strip().casefold()


def _parted(tags: str) -> tuple[str, ...]:
    return tuple(filter(None, tags.split(",")))


def _holds(word: str) -> ColumnElement[bool]:
    in_tags = col(SavedPromptRow.tags).icontains(word.removeprefix("#"), autoescape=True)
    return or_(col(SavedPromptRow.prompt).icontains(word, autoescape=True), in_tags)


def _view(row: SavedPromptRow) -> SavedPrompt:
    return SavedPrompt(row.id, row.prompt, row.negative_prompt, _parted(row.tags), row.forked_from or "", row.changed_at)
