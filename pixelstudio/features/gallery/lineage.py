"""Lineage: the pictures one was made from, those that were made from it, and the one it went by.

It leads to one's own pictures and to what hangs on the walls, and to nothing else: a link shows one picture, and must not lead to others.
Where a parent is not shown, nothing is said of what it was made from either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.gallery.tables import PostRow
from pixelstudio.features.gallery.visibility import is_on_walls
from pixelstudio.features.generation.descent import made_from, parent_of
from pixelstudio.features.generation.tuning import tuning_of
from pixelstudio.features.images.neighbours import of_sets
from pixelstudio.features.images.pictures import images_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import Tuning
    from pixelstudio.features.images.views import ImageView

DEPTH: Final = 3
"""As many generations of parents are shown."""
REMIXES: Final = 8
_LOOKED_AT: Final = 60
"""So many pictures made from one are looked at; of a picture remixed by hundreds the latest that hang are shown."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Around one picture: what it was made from, the first of all before the others, and what was made from it, the latest first."""

    parents: tuple[ImageView, ...] = ()
    remixes: tuple[ImageView, ...] = ()


async def lineage_of(reader: Reader, viewer: Actor | None, image: ImageView) -> Lineage:
    """The lineage of a picture this viewer sees; at most a dozen small queries."""
    parents: list[ImageView] = []
    here = image
    while len(parents) < DEPTH:
        parent_id = await parent_of(reader, here.generation_id)
        found = await _shown(reader, viewer, list((await images_by_id(reader, viewer, [parent_id])).values()))
        if not found:
            break
        here = found[0]
        parents.insert(0, here)
    children = await of_sets(reader, viewer, await made_from(reader, image.id, _LOOKED_AT), _LOOKED_AT)
    return Lineage(tuple(parents), tuple((await _shown(reader, viewer, children))[:REMIXES]))


async def tuning_for(reader: Reader, viewer: Actor | None, image: ImageView) -> Tuning:
    """How a picture this viewer sees was tuned; of the one it went by only where the viewer is led there."""
    tuning = await tuning_of(reader, image.generation_id)
    if not image.is_mine:
        tuning = replace(tuning, mask="")
    went_by = await images_by_id(reader, viewer, [tuning.reference])
    return tuning if await _shown(reader, viewer, list(went_by.values())) else tuning.without_reference()


async def _shown(reader: Reader, viewer: Actor | None, images: Sequence[ImageView]) -> list[ImageView]:
    others = [image.id for image in images if not image.is_mine]
    hanging: set[str] = set()
    if others:
        named = select(col(PostRow.image_id)).where(col(PostRow.image_id).in_(others), *is_on_walls(viewer))
        hanging = set((await reader.exec(named)).scalars())
    return [image for image in images if image.is_mine or image.id in hanging]
