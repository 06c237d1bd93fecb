"""What /image shows of a picture beside the picture itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant
from pixelstudio.ui.pictures import blur
from pixelstudio.ui.prompts.remixes import Part, Remix, short_parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.gallery.lineage import Lineage
    from pixelstudio.features.generation.views import Tuning
    from pixelstudio.features.images.neighbours import Neighbours
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.imaging.overlay import Overlay
    from pixelstudio.providers.contract import ImageModel

TITLE_MAX: Final = 90
ALT_MAX: Final = 80
PROMPT_CARRIED: Final = 600
"""So much of a prompt fits into an address everywhere."""
_KINDS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/avif": "AVIF"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The recipe in words, the file in words, and the colour of the picture's light."""

    title: str = ""
    prompt: str = ""
    model: str = ""
    maker: str = ""
    without: str = ""
    seed: str = ""
    steps: str = ""
    guidance: str = ""
    went_by: str = ""
    """The id of the picture it went by, where this viewer may know of it."""
    strength: str = ""
    size: str = ""
    over: str = ""
    """What was laid over it, in words."""
    file: str = ""
    drawn: str = ""
    drawn_words: str = ""
    spill: str = ""
    film: str = ""
    """The address of the film of its making, or ""."""
    join: str = ""
    """Where a stranger goes on with this prompt: it is not lost on the way in."""
    recipe: str = ""
    """All of the recipe as text, to be copied."""


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture in a strip."""

    id: str
    alt: str
    blur: str
    ratio: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """A picture of the tree of what was made from what. `inset` is its depth for CSS."""

    thumb: Thumb
    says: str
    inset: str
    parts: list[Part] = field(default_factory=list)
    """What another picture changed of the words of the one above it, in short; nothing where they are the same, or none is above it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What leads on from a picture of one's own. Ids are "" at the ends of the library; a set of one is no set."""

    newer: str = ""
    older: str = ""
    drawn_together: list[Thumb] = field(default_factory=list)
    same_prompt: list[Thumb] = field(default_factory=list)
    family: list[Kin] = field(default_factory=list)
    """Parents, this picture, and what was made from it; empty when it stands alone."""
    remix: Remix = field(default_factory=Remix)
    """What it changed of the last of its parents."""


def facts_of(image: ImageView, tuning: Tuning, model: ImageModel | None, overlay: Overlay | None = None) -> Facts:
    """The facts of `image`; `model` is None when this installation no longer offers it."""
    facts = Facts(
        title=formats.clipped(image.prompt, TITLE_MAX),
        prompt=image.prompt,
        model=model.title if model else image.model,
        maker=model.note if model else "",
        without=image.negative_prompt,
        seed=str(image.seed) if model is None or model.supports_seed else "",
        steps="" if tuning.steps is None else str(tuning.steps),
        guidance="" if tuning.guidance is None else f"{tuning.guidance:g}",
        went_by=tuning.reference,
        strength="" if tuning.strength is None else formats.share(tuning.strength),
        size=formats.size(image.width, image.height),
        over=f"{overlay.words}, {overlay.place.replace('-', ' ')}" if overlay else "",
        file=f"{_KINDS.get(image.media_type, 'Picture')}, {formats.weight(image.size_bytes)}",
        drawn=instant(image.created_at),
        drawn_words=formats.moment(image.created_at),
        spill=image.spill,
        join=f"/register?prompt={quote(image.prompt[:PROMPT_CARRIED])}",
        film=f"/media/{image.id}/film" if image.has_film else "",
    )
    return _with_recipe(facts)


def beside_of(neighbours: Neighbours, lineage: Lineage, image: ImageView, changed: Remix) -> Beside:
    """What leads on from a picture."""
    image_id = image.id
    together = _thumbs(neighbours.drawn_together, image_id)
    return Beside(
        newer=neighbours.newer,
        older=neighbours.older,
        drawn_together=together if len(together) > 1 else [],
        same_prompt=_thumbs(neighbours.same_prompt, image_id),
        family=_family(lineage, image),
        remix=changed,
    )


def _family(lineage: Lineage, image: ImageView) -> list[Kin]:
    if not lineage.parents and not lineage.remixes:
        return []
    line = lineage.parents
    kin = [_kin(one, "Made from", at, line[at - 1] if at else None) for at, one in enumerate(line)]
    here = Kin(_thumbs([image], image.id)[0], "This picture", str(len(line)))
    return [*kin, here, *(_kin(one, "Made from this", len(line) + 1, image) for one in lineage.remixes)]


def _kin(one: ImageView, says: str, depth: int, parent: ImageView | None) -> Kin:
    return Kin(_thumbs([one], "")[0], says, str(depth), short_parts_of(parent.prompt, one.prompt) if parent else [])


def _thumbs(images: Sequence[ImageView], here: str) -> list[Thumb]:
    return [
        Thumb(
            image.id, formats.clipped(image.prompt, ALT_MAX), blur(image.thumbhash), f"{image.width / image.height:.4f}", image.id == here
        )
        for image in images
    ]


def _with_recipe(facts: Facts) -> Facts:
    lines = (
        ("Prompt", facts.prompt),
        ("Without", facts.without),
        ("Model", facts.model),
        ("Seed", facts.seed),
        ("Steps", facts.steps),
        ("Guidance", facts.guidance),
        ("Strength", facts.strength),
        ("Size", facts.size),
        ("Over it", facts.over),
    )
    return replace(facts, recipe="\n".join(f"{word}: {value}" for word, value in lines if value))
