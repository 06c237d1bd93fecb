"""Nearness: pictures of a palette, or like another picture: the newest that share its signs, ordered by what they look like.

The signs find at most `FOUND_MAX` at a time, the strictest first, and looser ones only while there are few; so a million pictures take as
long as ten thousand. The order is worked out in a thread, away from the event loop.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.db.questions import Question, among
from pixelstudio.features.gallery.signs import newest
from pixelstudio.features.gallery.tables import PostLookRow
from pixelstudio.features.images.copies import looks_of, near, seen_as
from pixelstudio.imaging.looks import BLANK, asked_for, asked_like, off_palette, unlike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.signs import Asked
    from pixelstudio.imaging.looks import Colour

ENOUGH: Final = 200
"""So many found strictly are not looked for loosely any more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for: colours, or the picture to be like; and what else a picture must have."""

    palette: tuple[Colour, ...] = ()
    like: str = ""
    asked: Asked = field(default_factory=list[list[str]])


async def nearest(reader: Reader, viewer: Actor | None, wish: Wish) -> dict[str, float]:
    """How far pictures are from what is wished, as numbers below nought, by id; whether they hang for this viewer is for whoever asks to ask.

    Nothing for a picture to be like that this viewer may not see, as for one that is not there.
    """
    like, copies = b"", dict[str, int]()
    if wish.like:
        source = await seen_as(reader, viewer, wish.like)
        if source is None or source.look == BLANK:
            return {}
        like, copies = source.look, await near(reader, viewer, source.bits)
    numbers = await _numbers(reader, wish, asked_like(like) if like else asked_for(wish.palette))
    looks = {row.image_id: bytes(row.look) for row in await reader.ask(_looks(), numbers=numbers)}
    looks |= {} if wish.asked else await looks_of(reader, copies)
    looks.pop(wish.like, None)
    return await asyncio.to_thread(_ordered, looks, _measure(wish.palette, like))


@cache
def _looks() -> Question:
    return Question(select(col(PostLookRow.image_id), col(PostLookRow.look)).where(among(col(PostLookRow.number), "numbers")))


async def _numbers(reader: Reader, wish: Wish, stages: list[list[list[str]]]) -> list[int]:
    numbers: dict[int, None] = {}
    for stage in stages:
        if len(numbers) < ENOUGH:
            numbers |= dict.fromkeys(await newest(reader, [*wish.asked, *stage], enough=ENOUGH))
    return list(numbers)


def _measure(palette: Sequence[Colour], like: bytes) -> Callable[[bytes], float]:
    def off(look: bytes) -> float:
        by = [unlike(like, look)] if like else []
        return math.fsum([*by, *([off_palette(palette, look)] if palette else [])])

    return off


def _ordered(looks: dict[str, bytes], off: Callable[[bytes], float]) -> dict[str, float]:
    away = {image_id: off(look) for image_id, look in looks.items()}
    return {image_id: -round(gap, 3) for image_id, gap in away.items() if math.isfinite(gap)}
