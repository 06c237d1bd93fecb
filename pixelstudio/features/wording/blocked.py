"""Blocked words: by whole words, whatever their case and accents; whoever writes one is told which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed
from pixelstudio.core.text import words_of
from pixelstudio.db.questions import Question
from pixelstudio.features.logbook.entries import note
from pixelstudio.features.wording.tables import BlockedWordRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

WORDS_MAX: Final = 1_000
"""As many are read at each publication."""
_ALL: Final = Question(select(col(BlockedWordRow.word)).order_by(col(BlockedWordRow.word)))


async def refuse_blocked(reader: Reader, text: str, field: str) -> None:
    """Raises `Invalid` naming the first blocked word of a text and the field it stands in."""
    said = f" {' '.join(words_of(text))} "
    for word in await blocked_words(reader):
        if f" {word} " in said:
            raise Invalid(f"The word “{word}” is not shown here. Say it in another way.", code="word_blocked", field=field)


async def blocked_words(reader: Reader) -> list[str]:
    """All of them, in the order of the alphabet."""
    return [row.word for row in await reader.ask(_ALL)]


async def block_word(tx: Transaction, text: str, *, by: Actor) -> str:
    """Add a word, or several in a row; returns it as it is kept. Safe to repeat. Raises `Invalid`, `NotAllowed` and `Conflict`."""
    _refuse_others(by)
    word = " ".join(words_of(text))
    if not word or len(word) > limits.BLOCKED_WORD_MAX:
        sentence = f"A blocked word has 1 to {limits.BLOCKED_WORD_MAX} letters and digits."
        raise Invalid(sentence, code="blocked_word_invalid", field="word")
    await tx.serialise("blocked-words")
    if await tx.get(BlockedWordRow, word) is None:
        if len(await blocked_words(tx)) >= WORDS_MAX:
            raise Conflict(f"The list holds {WORDS_MAX:,} words. Take one out first.", code="too_many_blocked_words", field="word")
        tx.add(BlockedWordRow(word=word, created_at=tx.now))
        await note(tx, "word.blocked", word, by=by)
    return word


async def unblock_word(tx: Transaction, word: str, *, by: Actor) -> None:
    """Take a word out of the list. Safe to repeat."""
    _refuse_others(by)
    known = " ".join(words_of(word))
    if (await tx.exec(delete(BlockedWordRow).where(col(BlockedWordRow.word) == known))).rowcount:
        await note(tx, "word.unblocked", known, by=by)


def _refuse_others(by: Actor) -> None:
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can do that.")
