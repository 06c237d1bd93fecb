"""Taking a picture in: bytes of anybody become a clean original with its recipe, three renditions and a placeholder.

This side only moves bytes. Everything that looks inside them happens in a child (`darkroom`), whose answer is checked like any
foreign input before it becomes values.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.core.limits import SIDE_DECODED_MAX, UPLOAD_MAX_BYTES
from pixelstudio.imaging.children import ChildDied, ChildLimit, ChildPool
from pixelstudio.imaging.looks import whole_look
from pixelstudio.imaging.recipe import splice
from pixelstudio.imaging.refusal import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.imaging.children import ChildStep
    from pixelstudio.imaging.recipe import Recipe
    from pixelstudio.imaging.seal import Seal

VARIANTS: Final = ("256", "512", "1024")
WALL_S: Final = 60.0  # twice the processor time a task may use: on a machine with much to do a paid picture takes longer and is no worse
_TASK: Final = "pixelstudio.imaging.darkroom:develop"
_MEDIA_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")
_SPILL: Final = re.compile(r"#[0-9a-f]{6}")
_THUMBHASH_MAX_BYTES: Final = 40


@dataclass(frozen=True, slots=True)
class Encoded:
    """One file: its bytes, what they are, their size in pixels and their sha256 in hex."""

    data: bytes
    media_type: str
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class Ingested:
    """A picture taken in. `width` and `height` are upright; `renditions` are keyed by `VARIANTS`, none larger than the picture.

    `original` has the pixels as they came and no metadata but the recipe; turned pictures and AVIF were written anew.
    """

    original: Encoded
    renditions: Mapping[str, Encoded]
    thumbhash: bytes
    spill: str
    width: int
    height: int
    fingerprint: int
    """See `fingerprints`."""
    look: bytes
    """See `looks`."""

    @property
    def files(self) -> dict[str, Encoded]:
        """All of them, by variant."""
        return {"original": self.original, **self.renditions}


async def ingest(pool: ChildPool, data: bytes, recipe: Recipe, seal: Seal | None = None) -> Ingested:
    """PNG, JPEG, WebP or AVIF bytes -> everything that is stored of a picture. With a `seal` the recipe is signed: no child has the key.

    Raises Refused when the picture is at fault, ChildDied when the child ended and trying again may help. Safe to repeat: the same
    bytes and recipe give the same digests.
    """
    if len(data) > UPLOAD_MAX_BYTES:
        raise refused("picture_too_many_bytes", size=len(data))
    try:
        step = await pool.call(_TASK, {"recipe": None if seal else recipe.to_json()}, [data], urgent=True, wall_s=WALL_S)
    except ChildLimit as error:
        raise refused("picture_too_complex", limit=str(error.fields.get("limit"))) from error
    try:
        taken = _ingested(step)
        if seal is None:
            return taken
        sealed = seal.sealed(recipe, _matching(_DIGEST, step.facts["content"]))
        return replace(taken, original=await asyncio.to_thread(_with_recipe, taken.original, sealed))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ChildDied("The picture workshop answered in a way it should not; try again.") from error


def _ingested(step: ChildStep) -> Ingested:
    original = _encoded(step.facts["original"], step.blobs[0])
    facts = cast("dict[str, dict[str, Any]]", step.facts["renditions"])
    renditions = {variant: _encoded(facts[variant], step.blobs[int(facts[variant]["blob"])]) for variant in VARIANTS}
    thumbhash = base64.b64decode(step.facts["thumbhash"], validate=True)
    spill = step.facts["spill"]
    if len(thumbhash) > _THUMBHASH_MAX_BYTES or not _SPILL.fullmatch(spill):
        raise ValueError("placeholder out of bounds")
    looks = int(_matching(_FINGERPRINT, step.facts["fingerprint"]), 16)
    look = whole_look(base64.b64decode(step.facts["look"], validate=True))
    return Ingested(original, renditions, thumbhash, spill, original.width, original.height, looks, look)


def _with_recipe(clean: Encoded, recipe: Recipe) -> Encoded:
    data = splice(clean.data, recipe)
    return replace(clean, data=data, digest=hashlib.sha256(data).hexdigest())


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("malformed digest")
    return text


def _encoded(facts: dict[str, Any], data: bytes) -> Encoded:
    width, height, digest, media_type = facts["width"], facts["height"], facts["digest"], facts["media_type"]
    if not (type(width) is type(height) is int and 0 < width <= SIDE_DECODED_MAX and 0 < height <= SIDE_DECODED_MAX):
        raise ValueError("size out of bounds")
    if media_type not in _MEDIA_TYPES or not _DIGEST.fullmatch(digest):
        raise ValueError("unknown media type or malformed digest")
    return Encoded(data, media_type, width, height, digest)
