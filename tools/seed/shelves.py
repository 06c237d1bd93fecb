"""What they keep together: collections by the light their pictures are in, one inside another, and one that several fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pixelstudio.features.gallery.collaborators import invite, join
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from pixelstudio.core.ids import ImageId
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from tools.seed.world import Site


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection as somebody means it: pictures whose prompt has these words."""

    title: str
    description: str
    words: str


SHELVES: Final = (
    Shelf("Ten minutes of coral", "What dusk does to paper, glass and sand.", "at dusk"),
    Shelf("Fog mornings", "Nothing has an edge yet.", "in early fog"),
    Shelf("Under the mint moon", "For the room one sleeps in.", "mint moon"),
    Shelf("Late gold", "The hour before dinner.", "late afternoon"),
    Shelf("Winter wall", "Blue, white, and quiet.", "winter light"),
    Shelf("One lamp on", "Deep violet and a single warm light.", "warm lamp"),
    Shelf("Flat noon", "No shadows, all shape.", "at noon"),
    Shelf("After the rain", "Green, slate, and a clean sky.", "after the storm"),
)
MOST_ON_A_SHELF: Final = 7
_PUBLIC: Final = 0.7


@dataclass(frozen=True, slots=True)
class Published:
    """A picture that hangs for everybody."""

    image_id: ImageId
    handle: str
    prompt: str


async def collect(site: Site, published: Sequence[Published], people: Mapping[str, Actor], dice: Random) -> None:
    """Everybody has two or three collections of what hangs, the last of three inside the first; the first person shares one with two others."""
    for person in people.values():
        async with site.db.transaction() as tx:
            shelves = dice.sample(SHELVES, dice.choice((2, 3, 3)))
            made = [await _filled(tx, shelf, published, person, dice) for shelf in shelves[:2]]
            for shelf in shelves[2:]:
                await _filled(tx, shelf, published, person, dice, inside=made[0])
    maker, *others = people.values()
    async with site.db.transaction() as tx:
        shared = await create(
            tx, CollectionForm(title="For the hallway", description="Two each, please.", visibility="collaborative"), by=maker
        )
        for other in others[:2]:
            await invite(tx, shared, other.handle, by=maker)
            await join(tx, shared, by=other)
        for one in (maker, *others[:2]):
            for picture in [picture for picture in published if picture.handle == one.handle][:2]:
                await set_collected(tx, shared, picture.image_id, is_in=True, by=one)


async def _filled(tx: Transaction, shelf: Shelf, published: Sequence[Published], by: Actor, dice: Random, inside: str = "") -> str:
    visibility = "public" if dice.random() < _PUBLIC else "private"
    collection = await create(
        tx, CollectionForm(title=shelf.title, description=shelf.description, visibility=visibility), by=by, inside=inside
    )
    suiting = [picture for picture in published if shelf.words in picture.prompt]
    for picture in dice.sample(suiting, min(len(suiting), MOST_ON_A_SHELF)):
        await set_collected(tx, collection, picture.image_id, is_in=True, by=by)
    return collection
