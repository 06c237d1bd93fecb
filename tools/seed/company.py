"""What they make of each other: who follows whom, and what is liked and said under what they publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.likes import set_like

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from pixelstudio.features.accounts.actor import Actor
    from tools.seed.world import Site

LIKES: Final = (0, 0, 1, 1, 2, 2, 3, 5, 8)
"""How many like a picture, each as likely as the others."""
SAID_UNDER: Final = 0.2
WORDS: Final = (
    "The light in this one.",
    "I would hang this over my desk.",
    "How did you get the edges so soft?",
    "This is the one of the four I would keep.",
    "Reminds me of the ferry at six in the morning.",
    "More of these, please.",
    "The colours should not work together, and they do.",
    "Remixed it with a lower sun, thank you.",
)


async def meet(site: Site, people: Mapping[str, Actor], dice: Random) -> None:
    """Everybody follows two to five of the others."""
    everybody = list(people.values())
    async with site.db.transaction() as tx:
        for one in everybody:
            others = [other for other in everybody if other.id != one.id]
            for other in dice.sample(others, dice.randint(2, 5)):
                await set_follow(tx, other.id, is_followed=True, by=one)


async def look_at(site: Site, published: Sequence[str], maker: Actor, people: Mapping[str, Actor], dice: Random) -> None:
    """The others like what was published, and now and then one of them says so."""
    others = [one for one in people.values() if one.id != maker.id]
    async with site.db.transaction() as tx:
        for image_id in published:
            fans = dice.sample(others, dice.choice(LIKES))
            for fan in fans:
                await set_like(tx, image_id, is_liked=True, by=fan)
            if fans and dice.random() < SAID_UNDER:
                await write(tx, image_id, dice.choice(WORDS), by=fans[0])
