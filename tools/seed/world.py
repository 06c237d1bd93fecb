"""The plan of the world, and its writing into a database: sets in the order of their days, each in a commit of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.ids import GenerationId, ImageId, UserId, new_id
from pixelstudio.db.engine import Database
from pixelstudio.db.transaction import Transaction
from pixelstudio.features.accounts import registration
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.passwords import hashed
from pixelstudio.features.accounts.profile import ProfileForm, change_profile
from pixelstudio.features.gallery.posts import publish_many
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.curation import set_favourite
from pixelstudio.features.images.pictures import Origin, Portrait, hang
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe
from pixelstudio.providers.sketch.catalogue import MODELS, PROVIDER
from pixelstudio.storage.contract import Storage
from tools.seed.drawings import SIDE, Drawing, drawn
from tools.seed.people import PASSWORD, PEOPLE, Inhabitant
from tools.seed.prompts import prompt_for

DAYS: Final = 60
AT_ONCE: Final = 8
"""So many pictures are under way: enough that no child waits for one, and few enough to be held in memory."""
_DAY_S: Final = 86_400
_PUBLIC: Final = 0.6
_FAVOURITE: Final = 0.12


@dataclass(frozen=True, slots=True)
class Set:
    """A set that somebody asked for, so many seconds after the world began."""

    handle: str
    after_s: float
    drawings: tuple[Drawing, ...]
    is_public: bool
    favourites: tuple[int, ...]
    """Their slots."""


def plan(seed: int = 7) -> list[Set]:
    """Everybody's sets by time. The same seed gives the same world."""
    chance = Random(seed)  # noqa: S311  # a world that comes out the same, not a secret
    sets = [one for person in PEOPLE for one in _sets_of(chance, person)]
    return sorted(sets, key=lambda one: one.after_s)


def _sets_of(chance: Random, person: Inhabitant) -> Iterator[Set]:
    # Everybody has two or three looks they keep coming back to.
    favoured = chance.sample(MODELS, 3)
    left = person.pictures
    while left:
        count = min(left, chance.choice((1, 2, 2, 3, 4, 4)))
        left -= count
        model = chance.choice(favoured) if chance.random() < 0.7 else chance.choice(MODELS)
        size = model.sizes[0] if chance.random() < 0.6 else chance.choice(model.sizes)
        scale = SIDE / max(size.width, size.height)
        width, height = round(size.width * scale), round(size.height * scale)
        prompt, first = prompt_for(chance, model.id), chance.randrange(2**31)
        drawings = tuple(Drawing(model.id, prompt, first + slot, width, height) for slot in range(count))
        favourites = tuple(slot for slot in range(count) if chance.random() < _FAVOURITE)
        yield Set(person.handle, chance.uniform(0, DAYS * _DAY_S), drawings, chance.random() < _PUBLIC, favourites)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the world is built. The database's clock is `clock`, the children are of a `workshop`, and `kept` holds what was drawn before."""

    clock: FrozenClock
    db: Database
    children: ChildPool
    storage: Storage
    kept: Path
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


async def settle(site: Site) -> Mapping[str, Actor]:
    """Register everybody; by handle."""
    password_hash = await hashed(PASSWORD)
    settled: dict[str, Actor] = {}
    for person in PEOPLE:
        form = registration.checked(person.email, person.handle, PASSWORD)
        async with site.db.transaction() as tx:
            account = await registration.register(tx, form, password_hash)
            actor = Actor(UserId(account.id), account.handle, is_maintainer=False, session_digest="")
            await change_profile(tx, ProfileForm(person.name, person.handle, person.bio), by=actor)
        settled[person.handle] = actor
    return settled


async def add(site: Site, one: Set, by: Actor, portraits: Sequence[Portrait]) -> list[ImageId]:
    """Write the rows of a set whose bytes are stored, as if it had been drawn at the clock's time. Returns the pictures it published."""
    first = one.drawings[0]
    async with site.db.transaction() as tx:
        row = set_row(tx, first, by.id, len(portraits))
        tx.add(row)
        await tx.flush()
        images = [await _hung(tx, row, slot, drawing, portraits[slot]) for slot, drawing in enumerate(one.drawings)]
        if one.is_public:
            await publish_many(tx, images, "", by=by)
        if one.favourites:
            await set_favourite(tx, [images[slot] for slot in one.favourites], favourite=True, by=by)
    return images if one.is_public else []


async def portraits_of(site: Site, drawings: Sequence[Drawing], at: datetime) -> list[Portrait]:
    """Draw and take in, side by side, as if asked for at that time: PNGs, their renditions and placeholders, the bytes stored."""
    return await asyncio.gather(*[_portrait(site, drawing, at) for drawing in drawings])


async def _portrait(site: Site, drawing: Drawing, at: datetime) -> Portrait:
    async with site.room:
        data = await drawn(site.children, drawing, site.kept)
        ingested = await ingest(site.children, data, _recipe(drawing, at))
        digests = await asyncio.gather(*[site.storage.put(file.data) for file in ingested.files.values()])
    return Portrait.of(ingested, dict(zip(ingested.files, digests, strict=True)))


def set_row(tx: Transaction, first: Drawing, owner: UserId, count: int) -> GenerationRow:
    """The row of a set that was asked for and drawn at the clock's time."""
    return GenerationRow(
        id=new_id(),
        account_id=owner,
        prompt=first.prompt,
        model=first.look,
        seed=first.seed,
        width=first.width,
        height=first.height,
        count=count,
        price_credits_each=0,
        created_at=tx.now,
        ended_at=tx.now,
    )


async def _hung(tx: Transaction, row: GenerationRow, slot: int, drawing: Drawing, portrait: Portrait) -> ImageId:
    origin = Origin(UserId(row.account_id), GenerationId(row.id), slot, drawing.look, drawing.prompt, "", drawing.seed, row.created_at)
    image_id = await hang(tx, origin, portrait)
    # No job drew it, and the queue would long have forgotten one that had: a number of its own, of those no job ever has.
    tx.add(
        GenerationSlotRow(generation_id=row.id, slot=slot, job_id=-drawing.seed - 1, seed=drawing.seed, image_id=image_id, outcome="done")
    )
    await tx.flush()
    return image_id


def _recipe(drawing: Drawing, at: datetime) -> Recipe:
    return Recipe(
        prompt=drawing.prompt,
        negative_prompt="",
        model=drawing.look,
        provider=PROVIDER,
        seed=drawing.seed,
        width=drawing.width,
        height=drawing.height,
        created_at=at,
    )
