"""The story of a file: whether it was made here, from which recipe, whether it was changed since, and which picture it is a copy of.

Anybody may ask, of any file; it is compared with nothing but the pictures they may see anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.features.images.copies import near
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.features.images.visibility import suits, visible_to
from pixelstudio.imaging.children import ChildLimit
from pixelstudio.imaging.reading import look_into
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.seal import Seal, standing_of

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.imaging.credentials import Told
    from pixelstudio.imaging.recipe import Recipe
    from pixelstudio.studio import Studio

Origin = Literal["ours", "elsewhere", "unsigned", "forged", "unknown"]
ALIKE_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Likeness:
    """A picture that looks like the file, and how far off it is: 0 to `NEAR` of 64."""

    image: ImageView
    distance: int


@dataclass(frozen=True, slots=True)
class Story:
    """What a file tells, and what the studio knows of it."""

    origin: Origin
    """`ours`: signed with this studio's key. `elsewhere`: truly signed with another. `forged`: signed, and changed since. `unsigned`: a
    recipe anybody could have written. `unknown`: none.
    """
    recipe: Recipe | None
    is_unchanged: bool
    """Whether the picture is, bit for bit, the one the signed recipe was written for."""
    width: int
    height: int
    alike: tuple[Likeness, ...]
    credentials: Told | None = None
    """What Content Credentials in it say; None when there are none, or when they are not read here."""


async def story_of(studio: Studio, data: bytes, viewer: Actor | None) -> Story:
    """The story of any file. Raises Refused for what is no picture. Nothing of the file is kept."""
    try:
        looked = await look_into(studio.children, data)
    except ChildLimit as error:
        raise refused("picture_too_complex", limit=str(error.fields.get("limit"))) from error
    origin = _origin(looked.recipe, Seal(studio.keys.recipes))
    is_signed = origin in {"ours", "elsewhere"}
    is_unchanged = is_signed and looked.recipe is not None and bool(looked.content) and looked.recipe.content == looked.content
    async with studio.db.reader() as reader:
        alike = await _near(reader, viewer, sha256(data).hexdigest(), looked.fingerprint)
        views = await images_by_id(reader, viewer, alike)
    shown = tuple(Likeness(views[image_id], far) for image_id, far in alike.items() if image_id in views)
    credentials = await studio.credentials.found_in(studio.children, data) if studio.credentials else None
    return Story(origin, looked.recipe, is_unchanged, looked.width, looked.height, shown, credentials)


def _origin(recipe: Recipe | None, own: Seal) -> Origin:
    if recipe is None:
        return "unknown"
    match standing_of(recipe):
        case "unsigned":
            return "unsigned"
        case "broken":
            return "forged"
        case "good":
            return "ours" if recipe.signer == own.public else "elsewhere"


async def _near(reader: Reader, viewer: Actor | None, digest: str, looks: int) -> dict[str, int]:
    """The ids of visible pictures that are the file or look like it, the nearest first."""
    same = select(col(ImageRow.id)).where(visible_to(viewer), suits(viewer), col(ImageRow.digest) == digest).limit(ALIKE_MAX)
    found: dict[str, int] = dict.fromkeys((await reader.exec(same)).scalars(), 0)
    for image_id, far in (await near(reader, viewer, looks)).items():
        found.setdefault(image_id, far)
    return dict(list(found.items())[:ALIKE_MAX])
