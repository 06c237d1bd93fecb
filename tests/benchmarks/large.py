"""The gallery's lists among many pictures: each as its page asks for it the first time, and some of what is kept, on a full studio made by `make seed-large`, on SQLite and Postgres.

`LARGE_SQLITE` and `LARGE_POSTGRES` name full databases to measure, `SMALL_SQLITE` and `SMALL_POSTGRES` ones with ten thousand pictures;
what is not named is not measured, and when nothing is, a small one is made and measured alone.

Before anything counts, each list is asked for in every way there is, twice: by then whatever of it lies on the disk alone has been read,
there as among few, whose database is in memory as a whole. The longest of these times is told, not judged. How much longer it takes among
many is said of those times alone which brought as many pictures from both: where few have seventeen to show, forty are no growth.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from pixelstudio.caching.cache import Cache
from pixelstudio.caching.memory import MemoryStore
from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import UserId
from pixelstudio.core.pages import Page
from pixelstudio.core.settings import Settings
from pixelstudio.db.engine import Database
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.exhibits import KINDS
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import standing_of
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.images.copies import near, seen_as
from pixelstudio.imaging.looks import colour_of
from tests.benchmarks.figures import Figure
from tools.seed.large import NOW, fill

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from pathlib import Path

    from pixelstudio.db.transaction import Reader
    from pixelstudio.imaging.looks import Colour

SMALL: Final = 10_000
ROUNDS: Final = 25
WAYS: Final = 8
"""In so many a list is asked for at most: by four words or palettes, of each the first page and the next."""
_BEFORE: Final = 2 * WAYS
PAGE_BOUND_MS: Final = 15.0
LOOK_BOUND_MS: Final = 150.0
GROWTH_BOUND: Final = 1.5
_PALETTES: Final = (
    ("#2f5d8a",),
    ("#c8553d", "#f2e3c6"),
    ("#1b1b2f", "#e43f5a", "#f7f7f7"),
    ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"),
)
_PLACES: Final = (("SQLite", "SMALL_SQLITE", "LARGE_SQLITE"), ("Postgres", "SMALL_POSTGRES", "LARGE_POSTGRES"))


if TYPE_CHECKING:
    Ask: TypeAlias = "Callable[[Reader, _Studio, int, str], Awaitable[Any]]"


@dataclass(frozen=True, slots=True)
class _Studio:
    """An open database, whose eyes it is looked at with, and at what."""

    db: Database
    cache: Cache
    viewer: Actor
    busy: str
    """Whoever has most pictures."""
    images: list[str]
    marks: dict[str, str]
    """Where the last page of each list ended."""
    asks: dict[str, list[_Ask]]


@dataclass(frozen=True, slots=True)
class _Ask:
    """One time a list was asked for, and how many pictures it brought."""

    took_ms: float
    brought: int


@dataclass(frozen=True, slots=True)
class _Subject:
    """A list as a page asks for it: its first page and the one after it in turn."""

    name: str
    bound_ms: float | None
    ask: Ask


async def measure(folder: Path) -> list[Figure]:
    """Each list's p95 where there are many, and how many times slower it is than where there are few."""
    figures: list[Figure] = []
    bounds = {subject.name: subject.bound_ms for subject in _SUBJECTS}
    places = [place for place in _PLACES if any(os.environ.get(name) for name in place[1:])] or [("SQLite", "", "")]
    for database, small, large in places:
        few, *more = await _asked(filter(None, (os.environ.get(small) or await _small(folder), os.environ.get(large))))
        for subject, asks in (more[0] if more else few).items():
            bound = bounds.get(subject)
            counted, new = ([ask.took_ms for ask in part] for part in (asks[_BEFORE:], asks[:_BEFORE]))
            figures.append(Figure(f"{database}: {subject}, p95", round(float(np.percentile(counted, 95)), 1), "ms", bound))
            figures.append(Figure(f"{database}: {subject}, longest while it is new", round(max(new), 1), "ms"))
            if more:
                most = GROWTH_BOUND if bound == PAGE_BOUND_MS else None
                figures.append(Figure(f"{database}: {subject}, times that of 10,000", round(_growth(few[subject], asks), 2), "x", most))
    return figures


def _growth(few: Sequence[_Ask], many: Sequence[_Ask]) -> float:
    """The median of how many times longer the same took among many, of what brought as many pictures."""
    pairs = zip(few[_BEFORE:], many[_BEFORE:], strict=True)
    return float(np.median([more.took_ms / less.took_ms for less, more in pairs if less.brought == more.brought]))


async def _small(folder: Path) -> str:
    settings = Settings(_env_file=None, data_dir=folder)  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself
    await fill(settings, SMALL)
    return settings.effective_database_url


async def _asked(urls: Iterable[str]) -> list[dict[str, list[_Ask]]]:
    """Each list, round after round, of one database and of the next in turn: so a machine that is slow for a while is slow for both."""
    studios = [await _opened(url) for url in urls]
    try:
        for turn in range(_BEFORE + ROUNDS):
            for subject in _SUBJECTS:
                for studio in studios:
                    await _ask(studio, subject, turn)
            for studio in studios:
                await _like(studio, turn)
    finally:
        for studio in studios:
            await studio.cache.close()
            await studio.db.close()
    return [studio.asks for studio in studios]


async def _opened(url: str) -> _Studio:
    db = await Database.open(url, FrozenClock(NOW), Bus())
    async with db.reader() as reader:
        busy, one = [await person_named(reader, handle) for handle in ("person0000", "person0001")]
        images: Any = select(col(PostRow.image_id)).order_by(col(PostRow.number).desc()).limit(_BEFORE + ROUNDS)
        found = list((await reader.exec(images)).scalars())
    viewer = Actor(UserId(one.id), one.handle, is_maintainer=False, session_digest="")
    return _Studio(db, Cache(db.bus, MemoryStore(), KINDS), viewer, busy.id, found, {}, defaultdict(list))


async def _ask(studio: _Studio, subject: _Subject, turn: int) -> None:
    before = studio.marks.get(subject.name, "") if turn % 2 else ""
    async with studio.db.reader() as reader:
        began = time.perf_counter()
        page = await subject.ask(reader, studio, turn // 2, before)
        took_ms = (time.perf_counter() - began) * 1_000
    if isinstance(page, Page):
        studio.marks[subject.name] = page.next_cursor
    studio.asks[subject.name].append(_Ask(took_ms, len(page.items) if isinstance(page, Page) else 1))


async def _like(studio: _Studio, turn: int) -> None:
    began = time.perf_counter()
    async with studio.db.transaction() as tx:
        await set_like(tx, studio.images[turn], turn % 2 == 0, by=studio.viewer)
    studio.asks["like and its heat"].append(_Ask((time.perf_counter() - began) * 1_000, 1))


def _wall(*, is_kept: bool = False, **fields: Any) -> Ask:
    async def ask(reader: Reader, studio: _Studio, turn: int, before: str) -> Any:
        chosen: dict[str, Any] = {name: value(turn) if callable(value) else value for name, value in fields.items()}
        return await wall(reader, studio.viewer, WallFilter(**chosen), before=before, cache=studio.cache if is_kept else None)

    return ask


async def _feed(reader: Reader, studio: _Studio, _turn: int, before: str) -> Any:
    return await wall(reader, studio.viewer, WallFilter(sort="newest", followed_by=studio.viewer.id), before=before)


async def _profile(reader: Reader, studio: _Studio, _turn: int, before: str) -> Any:
    return await wall(reader, studio.viewer, WallFilter(sort="newest", person_id=studio.busy), before=before)


async def _similar(reader: Reader, studio: _Studio, turn: int, before: str) -> Any:
    return await wall(reader, studio.viewer, WallFilter(sort="newest", like=studio.images[turn]), before=before)


async def _standing(reader: Reader, studio: _Studio, _turn: int, _before: str) -> Any:
    return await standing_of(reader, studio.viewer, await person_named(reader, "person0000"), studio.cache)


async def _copies(reader: Reader, studio: _Studio, turn: int, _before: str) -> Any:
    seen = await seen_as(reader, studio.viewer, studio.images[turn])
    return await near(reader, studio.viewer, seen.bits) if seen else None


def _palette(turn: int) -> tuple[Colour, ...]:
    return tuple(colour for colour in map(colour_of, _PALETTES[turn % len(_PALETTES)]) if colour)


def _words(*words: str) -> Callable[[int], str]:
    return lambda turn: words[turn % len(words)]


_SUBJECTS: Final = (
    *(_Subject(f"explore, trending {period}", PAGE_BOUND_MS, _wall(period=period)) for period in ("24h", "48h", "7d", "30d")),
    _Subject("explore, most liked", PAGE_BOUND_MS, _wall(sort="liked")),
    _Subject("explore, newest", PAGE_BOUND_MS, _wall(sort="newest")),
    _Subject("feed of 500 people", PAGE_BOUND_MS, _feed),
    _Subject("profile, pictures", PAGE_BOUND_MS, _profile),
    _Subject("profile, counts", PAGE_BOUND_MS, _standing),
    _Subject("search, a frequent word", PAGE_BOUND_MS, _wall(sort="newest", words=_words("at", "and", "light", "blue"))),
    _Subject("search, a rare word", PAGE_BOUND_MS, _wall(sort="newest", words=_words("dusk tag:tag7", "bellarab", "tag:tag250"))),
    _Subject("search, two words and a person", PAGE_BOUND_MS, _wall(sort="newest", words="blue light by:person0000")),
    _Subject("search, the beginning of a word", PAGE_BOUND_MS, _wall(sort="newest", words=_words("lig", "mount", "pear"))),
    _Subject(
        "search, what is of a kind", PAGE_BOUND_MS, _wall(sort="newest", words=_words("flower", "coast tag:tag7", "animal", "evening"))
    ),
    _Subject("search, ranked by likes", None, _wall(sort="liked", words="light")),
    _Subject("palette", LOOK_BOUND_MS, _wall(sort="newest", palette=_palette)),
    _Subject("similar pictures", LOOK_BOUND_MS, _similar),
    _Subject("explore, kept", PAGE_BOUND_MS, _wall(is_kept=True)),
    _Subject("palette, kept", LOOK_BOUND_MS, _wall(is_kept=True, palette=(colour_of(_PALETTES[0][0]),))),
    _Subject("copies of a file", LOOK_BOUND_MS, _copies),
)
